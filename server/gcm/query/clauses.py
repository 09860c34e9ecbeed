"""The graphs that a query names itself, after FROM and FROM NAMED (SPARQL 1.1 Query section 13.2)."""

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode, QuerySolutions, Store

from gcm.errors import QueryError
from gcm.query.engine import evaluate
from gcm.query.guard import Token, significant_tokens
from gcm.query.mistakes import mistake_at
from gcm.vocab import PREFIXES

#: The part of a name after its prefix, which cannot be a keyword: `prov:wasDerivedFrom`.
_LOCAL_NAME = re.compile(r":[\w.-]+")

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

#: Tokens that DESCRIBE may be followed by, and tokens that hold brackets.
_DESCRIBED = {"iri", "name", "prefixed", "variable"}
_WITH_BRACKETS = {"bracket", "iri"}


def graphs_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the IRIs after FROM and after FROM NAMED; none of a text that is not SPARQL.

    Raises QueryError where a keyword of such a clause is run together with what stands beside it.
    """
    if "FROM" not in _LOCAL_NAME.sub("", text).upper():
        return (), ()
    tokens = significant_tokens(text)
    _refuse_run_together(text, tokens)
    default, named = _clauses(tokens)
    return _resolve(default, tokens), _resolve(named, tokens)


def _clauses(tokens: Sequence[Token]) -> tuple[list[str], list[str]]:
    default: list[str] = []
    named: list[str] = []
    following = [*tokens[1:], Token("other", ""), Token("other", "")]
    for place, token in enumerate(tokens):
        if token.word == "FROM" and following[place].word == "NAMED":
            named.append(following[place + 1].text)
        elif token.word == "FROM":
            default.append(following[place].text)
    return default, named


def _resolve(names: Sequence[str], tokens: Sequence[Token]) -> tuple[str, ...]:
    """Have the engine read names as the query's prologue says: relative and prefixed ones, too."""
    start = next((place for place, token in enumerate(tokens) if token.word.startswith(_FORMS)), 0)
    prologue = " ".join(token.text for token in tokens[:start])
    columns = " ".join(f"({name} AS ?g{number})" for number, name in enumerate(names))
    if not names:
        return ()
    try:
        results = evaluate(Store(), f"{prologue} SELECT {columns} {{}}")
    except QueryError:  # the query itself has the same mistake, and says so better
        return ()
    assert isinstance(results, QuerySolutions)  # it is a SELECT
    terms = [term for solution in results for term in solution]
    return tuple(term.value for term in terms if isinstance(term, NamedNode))


def _refuse_run_together(text: str, tokens: Sequence[Token]) -> None:
    """Raise QueryError where FROM, or NAMED after it, is run together with its neighbours.

    A token is the longest text that fits (SPARQL 1.1 Query section 19.8): `FROMx:a` is one name,
    and `ASKFROM` is nothing. The engine reads two tokens in each, and a graph that we would not see.
    """
    declared = _declared(tokens)
    for offset, token, before, is_name_here in _with_places(text, tokens):
        word, colon, _ = token.text.upper().partition(":")
        if "FROM" in word:
            is_wrong = not (is_name_here and token.text.partition(":")[0] in declared)
        else:
            is_wrong = before == "FROM" and word.startswith("NAMED") and _prefix(token) not in declared
        if is_wrong and (colon or word not in ("FROM", "NAMED")):
            raise mistake_at(
                text, offset, "this is run together; put a blank before and after FROM and NAMED."
            )


def _with_places(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, Token, str, bool]]:
    """Give each word and prefixed name with its place, the word before it, and whether names may stand there.

    That is within brackets, and after DESCRIBE, FROM and PREFIX.
    """
    offset = depth = 0
    before = ""
    is_described = False
    for token in tokens:
        offset = text.index(token.text, offset)
        is_described = token.word == "DESCRIBE" or (
            is_described and token.kind in _DESCRIBED and token.word != "FROM"
        )
        if token.kind == "name":
            yield (
                offset,
                token,
                before,
                (depth > 0 or is_described or before.endswith(("FROM", "NAMED", "PREFIX"))),
            )
        if token.kind in _WITH_BRACKETS:
            depth += sum((sign in "([{") - (sign in ")]}") for sign in token.text)
        before = token.word
        offset += len(token.text)


def _prefix(token: Token) -> str:
    prefix, colon, _ = token.text.partition(":")
    return prefix if colon else ""


def _declared(tokens: Sequence[Token]) -> frozenset[str]:
    """Give the prefixes that the query declares, and ours; the engine reads `PREFIXx:` as two tokens."""
    found = [token.text[:-1] for token in tokens if token.kind == "name" and token.text.endswith(":")]
    glued = [name[len("PREFIX") :] for name in found if name.upper().startswith("PREFIX")]
    return frozenset({*PREFIXES, *found, *glued})
