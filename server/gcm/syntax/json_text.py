"""JSON before it is read as JSON-LD: well-formed, and without contexts that are elsewhere."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gcm.errors import SourceError
from gcm.given import Given
from gcm.syntax.text import Lines
from gcm.syntax.trace import Span

#: What Python's JSON parser says, and our words for it.
_WORDS = (
    (
        "Expecting property name",
        'a key in quotation marks ("…") is expected here; is there a comma too many before?',
    ),
    ("Expecting ',' delimiter", "a comma is missing before this, or a bracket that closes."),
    ("Expecting ':' delimiter", 'a colon is missing before this; an object is written { "key": value }.'),
    (
        "Expecting value",
        "a value is expected here; write a text in quotation marks, a number, true, false or null.",
    ),
    ("Unterminated string", "the text that begins here has no end; close it with a quotation mark."),
    ("Invalid control character", "a line break or tab stands in a text; write \\n or \\t for it."),
    ("Invalid \\", "a backslash begins an escape, such as \\n; write \\\\ for the backslash itself."),
    ("Extra data", "the file goes on after its last bracket; take away what follows, or the bracket."),
    ("Illegal trailing comma", "there is a comma too many before the bracket; take it away."),
)
_CURLY = frozenset("“”„‟«»")


def refuse_broken_json(given: Given, text: str) -> object:
    """Give what a JSON text holds, numbers as they are written. Raises SourceError if it is no JSON."""
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        said = next(
            (words for begin, words in _WORDS if error.msg.startswith(begin)), f"{error.msg}; mend it."
        )
        if text[error.pos : error.pos + 1] in _CURLY:
            said = f"{text[error.pos]} is a quotation mark of a word processor; write a straight one instead."
        line, column = Lines(text).at(error.pos)
        raise SourceError(said, path=Path(given.name), line=line, column=column) from None


def refuse_remote_contexts(given: Given, text: str, content: object) -> None:
    """Raise SourceError at the first context that is an address: contexts are never fetched."""
    if not any(_has_address(value) for value in _contexts(content)):
        return
    place = next(each for each in walk(scan(text)) if each.key_is_context and each.has_address())
    found = place if place.is_text else next((each for each in place.items if each.is_text), place)
    line, column = Lines(text).at(found.start)
    message = (
        f"this context is an address, at {found.pointer}, and nothing is ever fetched; "
        "put the context itself in its place."
    )
    raise SourceError(message, path=Path(given.name), line=line, column=column)


def refuse_deep_contexts(given: Given, text: str, content: object, *, nesting: int) -> None:
    """Raise SourceError if definitions lean on others deeper than `nesting`: that would end the parser."""
    each = (part for value in _contexts(content) for part in (value if isinstance(value, list) else [value]))
    if any(isinstance(part, dict) and _is_deep(part, nesting) for part in each):
        line, column = Lines(text).at(max(0, text.find('"@context"')))
        message = (
            f"definitions lean on one another more than {nesting} deep (limit nesting); write whole IRIs."
        )
        raise SourceError(message, path=Path(given.name), line=line, column=column)


def _is_deep(context: dict[str, object], nesting: int) -> bool:
    return len(context) > nesting and any(_leans(key, context, nesting) for key in context)


def _leans(key: str, context: dict[str, object], nesting: int) -> bool:
    """Whether a definition leans on others for more than so many steps (or for ever, in a circle)."""
    level = {key}
    for _ in range(nesting):
        needed = ((each, other) for each in level for other in _needs(each, context[each]))
        level = {other for each, other in needed if other != each and other in context}
        if not level:
            return False
    return True


def _needs(key: str, value: object) -> set[str]:
    """Give the keys that a definition may lean on: whole texts of it, and their prefixes."""
    texts = {key} | {
        each for each in (value.values() if isinstance(value, dict) else [value]) if isinstance(each, str)
    }
    return texts | {each.partition(":")[0] for each in texts}


def _contexts(content: object) -> Iterator[object]:
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "@context" in value:
                yield value["@context"]
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _has_address(context: object) -> bool:
    each = context if isinstance(context, list) else [context]
    return any(isinstance(part, str) or (isinstance(part, dict) and "@import" in part) for part in each)


_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\]|\\.)*+")|(?P<word>[-+.\w]+)|(?P<sign>[{}\[\]:,]))', re.DOTALL
)


@dataclass(slots=True, eq=False)
class Json:
    """A value of a JSON text and where it stands: `start` up to `end`.

    `raw` is how a text, number or word is written; objects have `members`, arrays `items`. `step` is its key
    or its number in what it stands in, `key` the place of that key.
    """

    start: int
    kind: str
    parent: "Json | None" = None
    step: "str | int" = ""
    key: Span | None = None
    end: int = 0
    raw: str = ""
    members: "list[Json]" = field(default_factory=list)
    items: "list[Json]" = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        """Whether it is a string."""
        return self.kind == "string"

    @property
    def text(self) -> str:
        """The characters of a string, as they are meant."""
        return str(json.loads(self.raw)) if "\\" in self.raw else self.raw[1:-1]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end

    @property
    def pointer(self) -> str:
        """Its JSON pointer (RFC 6901)."""
        steps, value = [], self
        while value.parent is not None:
            steps.append(str(value.step).replace("~", "~0").replace("/", "~1"))
            value = value.parent
        return "".join(f"/{step}" for step in reversed(steps))

    @property
    def key_is_context(self) -> bool:
        """Whether it is the value of a key @context."""
        return self.step == "@context"

    def has_address(self) -> bool:
        """Whether, as a context, it names one elsewhere."""
        each = self.items if self.kind == "[" else [self]
        return any(part.is_text or part.member("@import") is not None for part in each)

    def member(self, key: str) -> "Json | None":
        """Give the value of a key of an object."""
        return next((each for each in self.members if each.step == key), None)


def scan(text: str) -> Json:
    """Find every value of a well-formed JSON text."""
    top = Json(0, "[")
    holder, key, step = top, None, ""
    for found in _TOKEN.finditer(text):
        kind, raw = found.lastgroup or "", found[found.lastgroup or 0]
        start = found.start(kind)
        if raw in ("}", "]"):
            holder.end = found.end()
            holder, key = holder.parent or top, None
        elif kind == "string" and holder.kind == "{" and key is None:
            step, key = str(json.loads(raw)) if "\\" in raw else raw[1:-1], (start, found.end())
        elif raw not in (":", ","):
            value = Json(start, raw if kind == "sign" else kind, holder, end=found.end(), raw=raw)
            _put(holder, value, step, key)
            key = None
            holder = value if kind == "sign" else holder
    top.items[0].parent = None
    return top.items[0]


def _put(holder: Json, value: Json, step: str, key: Span | None) -> None:
    if holder.kind == "{":
        value.step, value.key = step, key
        holder.members.append(value)
    else:
        value.step = len(holder.items)
        holder.items.append(value)


def walk(value: Json) -> Iterator[Json]:
    """Give a value and all values in it, in the order of the text."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(each.members or each.items)
