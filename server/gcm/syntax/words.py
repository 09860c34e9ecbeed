"""What a parser says of a broken Turtle-like text, in plain words and with the remedy."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from gcm.vocab import PREFIXES

#: Quotation marks of word processors: Turtle knows only the plain ones (RDF 1.1 Turtle section 6.5).
_CURLY = frozenset("“”„‟«»‘’‚‛")
_SHOWN = 40
#: Prefixes are declared in the beginning of a text: so many characters of it are searched for a like one.
_HEAD = 16_384
_DECLARATION = re.compile(r"(?:@prefix|\bPREFIX)\s+([^\s:]*):", re.IGNORECASE)
_WORD = re.compile(r"[^\s;,]+|[;,]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARSER = re.compile(r"^Parser error[^:]*: ")


@dataclass(frozen=True)
class Stumble:
    """Where a parser stopped understanding (offsets), what it said, and the word that stands there."""

    start: int
    end: int
    said: str
    text: str

    @property
    def word(self) -> str:
        """The word at the place, shortened."""
        found = _WORD.match(self.text, self.start)
        word = found[0] if found else self.text[self.start : self.end]
        return word if len(word) <= _SHOWN else word[:_SHOWN] + "…"

    @property
    def before(self) -> str:
        """What stands on the line before the place."""
        return self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start]


def in_plain_words(stumble: Stumble) -> str:
    """Say what is wrong, what was expected, and what probably mends it."""
    if stumble.word[:1] in _CURLY:
        return f"{stumble.word[0]} is a quotation mark of a word processor; write a straight one instead."
    for pattern, answer in _ANSWERS.items():
        if re.search(pattern, stumble.said):
            return answer(stumble)
    said = _PARSER.sub("", stumble.said).rstrip(".")
    return f"{said}; mend this line, or the one before it."


Answer = Callable[[Stumble], str]


def _unknown_prefix(stumble: Stumble) -> str:
    name = stumble.said.partition("The prefix ")[2].partition(":")[0]
    if stumble.word.startswith(("http:", "https:")):
        return "this address stands without its brackets; write it between < and >."
    declared = {*_DECLARATION.findall(stumble.text, 0, _HEAD)} - {""}
    close = get_close_matches(name, declared, n=1, cutoff=0.5)
    if close:
        return f"the prefix {name}: is not declared; did you mean {close[0]}:?"
    return (
        f"the prefix {name}: is not declared; write before it: @prefix {name}: <{PREFIXES.get(name, '…')}> ."
    )


def _no_dot(stumble: Stumble) -> str:
    word, before = stumble.word, stumble.before
    line = before + stumble.text[stumble.start : stumble.end]
    if before[-1:] in ("'", '"') and word[0].isalnum():
        return f"the text ends before {word}; a quotation mark inside a text is written \\{before[-1]}."
    if date := _DATE.match(stumble.text, max(0, stumble.start - 4)):
        return f'a date is a text with a datatype; write "{date[0]}"^^xsd:date.'
    if word[0] in "])}":
        return f"there is nothing that {word[0]} closes; take it away, or open the bracket before."
    if before[-1:].isalnum():
        return f"{line.split()[-1]} is neither a number nor a name; put a text in quotation marks."
    if not before.strip():
        sign = "a ; or a dot" if before else "a dot"
        graph = ", or a } that closes the graph" if "graph block" in stumble.said else ""
        return f"{sign} is missing after this, before {word} on a line below{graph}."
    return f"{word} was not expected; the statement before should end with a dot, or go on with ; or , first."


def _no_object(stumble: Stumble) -> str:
    word = stumble.word
    if word in (";", ",", ".", "]", "}"):
        opened = stumble.text.rfind("(", 0, stumble.start)
        if (
            opened > stumble.text.rfind(")", 0, stumble.start)
            and '"' not in stumble.text[opened : stumble.start]
        ):
            return f'a ) is missing before the "{word}"; close the list that is open.'
        return f'a value is missing before the "{word}"; write one, or take the stray sign away.'
    if word.lower() in ("true", "false"):
        return f"{word} is written in small letters: {word.lower()}."
    return f"{word} is no value; write <an IRI>, a prefix:name, a text in quotation marks, or a number."


def _no_predicate(stumble: Stumble) -> str:
    word = stumble.word
    if word == ".":
        return "the statement ends before it says anything; write a property and a value before this dot."
    if word in (",", ";"):
        return f'this "{word}" is one too many; a property is expected here.'
    return f"{word} is no property; write <an IRI>, a prefix:name or a, after ; for one more property."


def _no_subject(stumble: Stumble) -> str:
    word = stumble.word
    if word in (";", ",", ".", "]", ")", "}"):
        return f'this "{word}" is one too many; take it away.'
    if word == "{":
        return "graphs in { } are TriG; save the file as .trig, or take the brackets away."
    return f"{word} cannot begin a statement; write <an IRI> or a prefix:name, or check the dot before it."


def _unended(stumble: Stumble) -> str:
    if stumble.text[stumble.start : stumble.start + 1] in ('"', "'"):
        return "the text that begins here has no end; close it with the same quotation marks."
    if stumble.text[stumble.start : stumble.start + 1] == "<":
        return "the IRI that begins here has no end; close it with >."
    return "the file ends in the middle of a statement; end it with a dot, or } if a graph is open."


def _bad_iri(stumble: Stumble) -> str:
    sign = stumble.said.partition("code point '")[2][:1] or " "
    name = "a space" if sign == " " else sign
    return f"{name} cannot stand in an IRI; write %{ord(sign):02X} for it, or close the IRI with > before it."


def _bad_sign(stumble: Stumble) -> str:
    if re.search(r"@[A-Za-z]+$", stumble.before) and stumble.word[:1] == "_":
        return "a language tag has hyphens, such as en-GB; write - for _."
    if stumble.before[-1:].isalnum() or stumble.before[-1:] == "/":
        return f"{stumble.word[0]} cannot stand in a prefix:name; write the whole address between < and >."
    return (
        f"{stumble.word[:1].strip() or 'a special space'} cannot stand here; names have a prefix, "
        'IRIs < and >, texts " and ".'
    )


def _said(sentence: str) -> Answer:
    """Make an answer that always says the same; {word} is what stands there."""
    return lambda stumble: sentence.format(word=stumble.word)


#: What the engine's parsers say, and our words for it.
_ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {
        r"The prefix (\S*) has not been declared": _unknown_prefix,
        r"Line jumps are not allowed": _said(
            "the text is not closed on its line; close it, or put long texts in three quotation marks."
        ),
        r"Unexpected end": _unended,
        r"A dot is expected": _no_dot,
        r"(?:Triples|Quads) must be followed by a dot": _said(
            "each line is one whole statement that ends with a dot; end it before this."
        ),
        r"The (?:subject|predicate|object|graph name) of a (?:triple|quad) must be": _said(
            '{word} cannot stand here; each line has only <whole IRIs>, _:names and texts in ".'
        ),
        r"is not a valid RDF object": _no_object,
        r"is not a valid predicate": _no_predicate,
        r"is not a valid subject": _no_subject,
        r"Invalid IRI code point '(.)'": _bad_iri,
        r"No scheme found in an absolute IRI": _said(
            "{word} is no whole IRI; begin it with https:// or the like, or declare a @base."
        ),
        r"should end with a '\]'": _said(
            'a ] is missing before "{word}"; close the square bracket that is open.'
        ),
        r"is expected at the end of a graph block": _no_dot,
        r"Expecting a datatype IRI": _said("after ^^ comes a datatype, such as xsd:date; {word} is none."),
        r"A language code should": _said("after @ comes a language, such as @en."),
        r"PREFIX keyword should": _said("{word} is no prefix; a declaration is: @prefix name: <https://…> ."),
        r"PREFIX declaration should": _said(
            "{word} stands without brackets; write the address between < and >."
        ),
        r"Unexpected escape character": _said(
            "a backslash begins an escape, such as \\n; write \\\\ for the backslash itself."
        ),
        r"is not allowed|Unexpected (?:byte|character)": _bad_sign,
    }
)
