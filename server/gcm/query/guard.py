"""What can be told about a stranger's query from its tokens, before any engine sees it.

This gives clear answers to what is never run, and keeps out texts that would crash the parser. It is not
the wall: workers cannot make a connection (`gcm.process.sandbox`), whatever a query says.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gcm.errors import LimitError, QueryError, RefusedQueryError
from gcm.limits import Limits
from gcm.query.engine import Kind
from gcm.query.rdf12 import RDF_11, Rdf, rdf_of

#: The tokens of SPARQL 1.1 section 19.8, as far as they hide or are keywords. Quantifiers with + give nothing
#: back, so that time grows with length alone; what is never closed ends with its line or the text.
_TOKENS = re.compile(
    r"""
    (?P<comment>  \#[^\r\n]*+ )
  | (?P<string>   \"\"\" (?:[^"\\]|\\.|"(?!""))*+ (?:\"\"\")?
                | \'\'\' (?:[^'\\]|\\.|'(?!''))*+ (?:\'\'\')?
                | " (?:[^"\\\r\n]|\\.)*+ "?
                | ' (?:[^'\\\r\n]|\\.)*+ '? )
  | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
  | (?P<iri>      <[^<>"{}|^`\\\x00-\x20]*+> )
  | (?P<variable> [?$]\w++ )
  | (?P<blank>    _:[\w.\-·]++ )
  | (?P<prefixed> :(?:[\w.\-·:]|%[0-9A-Fa-f]{2}|\\.)*+ )
  | (?P<name>     [^\W\d_][\w.\-·]*+ (?::(?:[\w.\-·:]|%[0-9A-Fa-f]{2}|\\.)*+)?+ )
  | (?P<bracket>  [(){}\[\]] )
  | (?P<space>    \s++ )
  | (?P<other>    . )
    """,
    re.VERBOSE | re.DOTALL,
)

_FORMS: tuple[tuple[str, Kind], ...] = (
    ("SELECT", "select"),
    ("ASK", "ask"),
    ("CONSTRUCT", "graph"),
    ("DESCRIBE", "graph"),
)

#: Functions whose value differs from one run to the next (SPARQL 1.1 section 17.4).
_CHANCE = ("NOW", "RAND", "UUID", "BNODE")
_PROLOGUE = ("PREFIX", "BASE", "VERSION")

#: Bytes of a character in UTF-8, at most.
_MOST_BYTES = 4

#: Prefixes and comments, then the form of a query that makes a table.
_PLAIN_START = re.compile(
    r"(?:\s|\#[^\r\n]*+[\r\n]|PREFIX\s+[\w.-]*+:\s*<[^<>\s]*+>)*+(SELECT|ASK)(?=[\s({*?$])", re.IGNORECASE
)

#: What is refused, differs from run to run, or needs RDF 1.2, unless its place says otherwise.
_UNCLEAR = ("SERVICE", "VERSION", "TRIPLE", "LANGDIR", "--")
_TWO_ANGLES = re.compile(r"<\s*<")
_CHANCE_CALL = re.compile(rf"(?:{'|'.join(_CHANCE)})\s*[(#]")


@dataclass(frozen=True)
class Token:
    """A word, a name, a sign of a query, and what kind of token it is."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """The keywords in it, in capitals: the engine reads "selectdistinct ?x" as two."""
        return self.text.upper() if self.kind == "name" and ":" not in self.text else ""


@dataclass(frozen=True)
class Outline:
    """What a query asks for: the kind of results, None if its first word is no form of query.

    `is_repeatable` says that the same version answers it with the same bytes: it does not ask for the time,
    for chance or for new blank nodes. `rdf` says which version of RDF can hold its answer.
    """

    kind: Kind | None
    is_repeatable: bool
    rdf: Rdf = RDF_11


def check_text(text: str, *, limits: Limits) -> Outline:
    """Tell what a query asks for, as far as its tokens say.

    Raises RefusedQueryError for SERVICE, LimitError for a text that is too long, too deep, or would be
    planned for too long, QueryError for one that holds nothing. What an update is, the engine's parser says.
    """
    if len(text.encode("utf-8", "surrogatepass")) > limits.query_bytes:
        raise LimitError(
            f"The query has more than {limits.query_bytes:.0f} bytes. Shorten it.", limit="query_bytes"
        )
    tokens = significant_tokens(text)
    form = _first_word(tokens)
    if _calls_service(tokens) or (_is_ambiguous(tokens) and "SERVICE" in text.upper()):
        raise RefusedQueryError(
            "This endpoint calls no other: SERVICE is refused. Ask that endpoint yourself."
        )
    _check_counts(tokens, limits)
    kind = next((kind for word, kind in _FORMS if form.startswith(word)), None)
    rdf = rdf_of([each.text for each in tokens], is_graph=kind == "graph")
    return Outline(kind, is_repeatable=not _has_chance(tokens, kind), rdf=rdf)


def outline_at_a_glance(text: str, *, limits: Limits) -> Outline | None:
    """Tell what `check_text` would, in a twentieth of its time; None where only the tokens tell.

    It counts and searches signs wherever they stand, so it may find too much and then says None.
    """
    start = _PLAIN_START.match(text)
    if start is None or len(text) * _MOST_BYTES > limits.query_bytes:
        return None
    body = text[start.start(1) :]  # what comes before holds no more than names and comments
    capitals = body.upper()
    if (
        any(word in capitals for word in _UNCLEAR)
        or _TWO_ANGLES.search(capitals)
        or (any(word in capitals for word in _CHANCE) and _CHANCE_CALL.search(capitals))
        or sum(map(body.count, "([{")) > limits.query_nesting
        or capitals.count("OPTIONAL") > limits.query_optionals
        or capitals.count("UNION") > limits.query_unions
    ):
        return None
    return Outline("select" if start[1].upper() == "SELECT" else "ask", is_repeatable=True)


def significant_tokens(text: str) -> list[Token]:
    """Give the tokens of a query without comments and blanks."""
    return [token for token in _tokens(text) if token.kind not in {"comment", "space"}]


def all_tokens(text: str) -> list[Token]:
    """Give the tokens of a query with comments and blanks: joined, they are the text."""
    return list(_tokens(text))


def without_from(tokens: Sequence[Token]) -> str:
    """Write a query without its FROM clauses, every other character in its place.

    Raises RefusedQueryError if an engine might see a FROM where we see none.
    """
    kept: list[str] = []
    awaited = ""  # what a FROM that was found still needs: its name, after the word NAMED or without it
    for token in tokens:
        if not awaited and token.word in ("FROM", "FROMNAMED"):
            awaited = token.word
        elif not awaited or token.kind in ("comment", "space"):
            if _may_hide_from(token):
                raise RefusedQueryError("Write FROM apart from what stands beside it.")
            kept.append(token.text)
            continue
        elif token.word != "NAMED" or awaited == "FROMNAMED":
            awaited = ""
        else:
            awaited = "FROMNAMED"
        kept.append(" " * len(token.text))
    return "".join(kept)


def _may_hide_from(token: Token) -> bool:
    is_no_iri = token.kind == "iri" and any(sign in token.text for sign in "'()")
    return "FROM" in (token.text.upper() if is_no_iri else token.word)


def _tokens(text: str) -> Iterator[Token]:
    for found in _TOKENS.finditer(text):
        yield Token(found.lastgroup or "other", found[0])


def _first_word(tokens: list[Token]) -> str:
    """Find the first keyword after the prologue.

    Raises QueryError if there is no word at all.
    """
    for token in tokens:
        if token.word and not token.word.startswith(_PROLOGUE):
            return token.word
    raise QueryError("The query holds no SELECT, ASK, CONSTRUCT or DESCRIBE. Write one.")


def _has_chance(tokens: list[Token], kind: Kind | None) -> bool:
    makes_nodes = kind == "graph" and any(token.kind == "blank" or token.text == "[" for token in tokens)
    return makes_nodes or any(word in token.word for token in tokens for word in _CHANCE)


def _calls_service(tokens: list[Token]) -> bool:
    following = [*tokens[1:], Token("other", "")]
    return any(_is_call(token, after) for token, after in zip(tokens, following, strict=True))


def _is_call(token: Token, after: Token) -> bool:
    """Tell whether a token is SERVICE, alone or run together with its neighbours (`trueSERVICEx:y {`)."""
    prefix, colon, _ = token.text.upper().partition(":")
    called = token.kind == "name" and "SERVICE" in prefix
    return called and (not colon or after.text == "{")


def _is_ambiguous(tokens: list[Token]) -> bool:
    """Tell whether an IRI may be none, its `<` being "less than": `FILTER(1<2)SERVICE?x#>`."""
    iris = [token.text for token in tokens if token.kind == "iri"]
    return any("'" in iri or iri.count(")") > iri.count("(") for iri in iris)


def _check_counts(tokens: list[Token], limits: Limits) -> None:
    counts = (
        ("query_nesting", _nesting(tokens), "brackets inside each other"),
        ("query_optionals", sum(token.word.count("OPTIONAL") for token in tokens), "OPTIONAL parts"),
        ("query_unions", sum(token.word.count("UNION") for token in tokens), "UNION parts"),
    )
    for name, count, what in counts:
        allowed = int(getattr(limits, name))
        if count > allowed:
            message = f"The query has {count} {what}; {allowed} are allowed. Split it into smaller queries."
            raise LimitError(message, limit=name)


def _nesting(tokens: list[Token]) -> int:
    """Count the deepest nesting of brackets; also in IRIs, since `1<((2>` looks like one."""
    deepest = depth = 0
    for token in tokens:
        if token.kind in {"bracket", "iri"}:
            for character in token.text:
                depth += (character in "([{") - (character in ")]}")
                deepest = max(deepest, depth)
    return deepest
