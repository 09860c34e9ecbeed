"""The words of Turtle, TriG, N-Triples and N-Quads (RDF 1.1 Turtle section 6.5)."""

import re
from collections.abc import Iterator

#: Characters of names: all that Turtle's grammar has no other use for (wider than PN_CHARS).
_NAME = r"[^\x00-,./;-@\[-\^`{-\x7f]"
_LOCAL = rf"(?:{_NAME}|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%]|\.++(?={_NAME}|[%\\]))*+"
_PREFIX = r"[^\x00-,./:-@\[-\^`{-\x7f]"
_PREFIXED = rf"(?:[^\W\d_](?:{_PREFIX}|\.)*+)?:{_LOCAL}"
_IRI = r"<[^<>\x00-\x20\"{}|^`]*+>"
_STRING = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\\n\r]|\\.)*+"'
    r"|'(?:[^'\\\n\r]|\\.)*+'"
)

#: One token, after the white space and comments before it.
_TOKEN = re.compile(
    rf"""(?:[ \t\r\n]|\#[^\r\n]*+)*+(?:
      (?P<stop>[.](?![0-9])|[;,\[\](){{}}])
    | (?P<iri>{_IRI})
    | (?P<blank>_:{_LOCAL})
    | (?P<number>[+-]?(?:[0-9]+\.?[0-9]*[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]*\.[0-9]+|[0-9]+))
    | (?P<name>{_PREFIXED})
    | (?P<literal>(?:{_STRING})(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\s*\^\^\s*(?:{_IRI}|{_PREFIXED}))?)
    | (?P<word>@?[A-Za-z]+)
    )""",
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Give the kind, the start and the end of each token, up to the first character that begins none."""
    position = 0
    while found := _TOKEN.match(text, position):
        kind = found.lastgroup or ""
        position = found.end()
        yield kind, found.start(kind), position
