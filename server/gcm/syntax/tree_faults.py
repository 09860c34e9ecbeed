"""What a parser says of well-formed XML or JSON that is no RDF, in plain words and at its place."""

import re
from pathlib import Path

from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.syntax.json_text import Json, scan, walk
from gcm.syntax.text import Lines

_QUOTED = re.compile(r"'([^']*)'|\b([\w-]+):(?=\s*$)")
#: What the engine's parsers say, and our words for it; {0} is the word that they quote.
_WORDS = (
    (
        r"Unexpected text event: '\s*(.*?)\s*'",
        '"{0}" stands outside of a property; put it between <property> and '
        "</property>, inside the element of a thing.",
    ),
    (
        r"Unknown prefix ([^:]*):?",
        'the prefix {0}: is not declared; write xmlns:{0}="https://…" in <rdf:RDF>.',
    ),
    (
        r"XML namespaces are required",
        "a name here has no namespace; write rdf:about, rdf:resource and the like with "
        "their prefix, and declare xmlns for names without one.",
    ),
    (
        r"Invalid (?:property|node) element tag name: (\S+)",
        "{0} cannot be an element here; things and properties take turns, one inside the other.",
    ),
    (
        r"'([^']*)': No scheme found",
        "{0} is no whole IRI; begin it with https:// or the like, or declare a base.",
    ),
    (
        r"Invalid @type iri '([^']*)'",
        '{0} is no datatype; write a whole IRI or prefix:name, or "@id" for links.',
    ),
    (
        r"'([^']*)': Invalid IRI code point",
        "{0} is no IRI, since one of its signs cannot stand in any; write % and the number of the sign.",
    ),
    (r"language tag '([^']*)'", "{0} is no language tag; write one such as en or pt-BR."),
    (r"(\S+) is not a valid rdf:(?:nodeID|ID)", "{0} is no name for a node; begin it with a letter."),
    (r"(@\w+) value must be a string", "the value of {0} is a text in quotation marks."),
    (
        r"a text value is already present",
        "a property has a text or one thing in it, not more; repeat the property.",
    ),
    (
        r"@type and @language cannot be used together",
        "a value has a datatype or a language, not both; take one away.",
    ),
    (r"Term definition value must be", "a name in a context stands for an IRI; write it as a text."),
)


def fault_in(given: Given, text: str, error: SyntaxError, *, line: int) -> SourceError:
    """Make the fault of a text that the parser has refused while it was reading a line of it."""
    lines, said = Lines(text), error.msg or ""
    start = _offset(given.form, text, said, lines, error.lineno or line)
    if error.lineno and start is None:
        start = lines.offset(error.lineno, error.offset or 1)
    path = Path(given.name)
    if start is None:
        return SourceError(_words(said), path=path, line=line)
    line, column = lines.at(start)
    return SourceError(_words(said), path=path, line=line, column=column)


def _words(said: str) -> str:
    for pattern, words in _WORDS:
        found = re.search(pattern, said, re.DOTALL)
        if found:
            return words.format(*(group[:60] for group in found.groups()))
    return f"{re.sub(r'^Parser error[^:]*: ', '', said).rstrip('.')}; mend this line, or the one before it."


def _offset(form: Form, text: str, said: str, lines: Lines, line: int) -> int | None:
    if form is Form.JSON_LD:
        found = _blamed(scan(text), said)
        return found.start if found else None
    quoted = re.search(r"'\s*([^'\n]+)|prefix (\S+:)|^(\S+) is not a valid", said)
    end = lines.offset(line + 1, 1)
    start = text.rfind(next(filter(None, quoted.groups())), 0, end) if quoted else -1
    return start if start >= 0 else None


def _blamed(top: Json, said: str) -> Json | None:
    """Find the value that a message about JSON-LD speaks of."""
    key = re.match(r"(@\w+) value must be a string", said)
    if key:
        return next((each for each in walk(top) if each.step == key[1] and not each.is_text), None)
    quoted = re.search(r"'([^']*)'", said)
    if quoted:
        return next((each for each in walk(top) if each.is_text and each.text == quoted[1]), None)
    if said.startswith("Term definition"):
        defined = (each for each in walk(top) if each.parent and each.parent.key_is_context)
        return next((each for each in defined if each.kind == "word" and each.raw != "null"), None)
    return None
