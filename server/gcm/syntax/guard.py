"""What is looked at before a parser sees a text: how deep it goes, and whether it names what is elsewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.limits import Limits
from gcm.syntax.json_text import refuse_broken_json, refuse_remote_contexts
from gcm.syntax.text import Lines
from gcm.syntax.xml_text import refuse_broken_xml

_OPENING, _CLOSING = frozenset({"[", "(", "{", "<<"}), frozenset({"]", ")", "}", ">>"})
#: Brackets of Turtle-like texts, and what may hold brackets that are none.
_TURTLE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""|' + r"'''(?:[^'\\]|\\.|'(?!''))*+'''|"
    r'"(?:[^"\\\n\r]|\\.)*+"|' + r"'(?:[^'\\\n\r]|\\.)*+'|"
    r"<[^<>\s]*+>|#[^\n]*+|\\.|(?P<bracket><<|>>|[\[\](){}])",
    re.DOTALL,
)
_JSON = re.compile(r'"(?:[^"\\]|\\.)*+"|(?P<bracket>[\[\]{}])', re.DOTALL)


def look_at(given: Given, text: str, *, limits: Limits) -> None:
    """Refuse a text that a parser should not see.

    Raises SourceError with the place if brackets, elements or values stand deeper in each other than
    `limits.nesting`; if XML has a document type (entities) or is no XML; if JSON is no JSON or names a
    context elsewhere. Nothing is ever fetched.
    """
    if given.form is Form.RDF_XML:
        refuse_broken_xml(given, text, nesting=int(limits.nesting))
        return
    _refuse_depth(given, text, nesting=int(limits.nesting))
    if given.form is Form.JSON_LD:
        refuse_remote_contexts(given, text, refuse_broken_json(given, text))


def _refuse_depth(given: Given, text: str, *, nesting: int) -> None:
    if sum(text.count(bracket) for bracket in _OPENING) <= nesting:
        return
    depth = 0
    for bracket, start in _brackets(_JSON if given.form is Form.JSON_LD else _TURTLE, text):
        depth = depth + 1 if bracket in _OPENING else max(0, depth - 1)
        if depth > nesting:
            line, column = Lines(text).at(start)
            message = (
                f"brackets stand more than {nesting} deep in each other here (limit nesting); flatten them."
            )
            raise SourceError(message, path=Path(given.name), line=line, column=column)


def _brackets(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int]]:
    for found in pattern.finditer(text):
        if found["bracket"]:
            yield found["bracket"], found.start()
