"""Which version of RDF can hold the answer of a query (RDF 1.2 Concepts section 2.1).

Our data are RDF 1.1, and files that are not are refused. So only the query itself can bring terms into its
answer that readers of RDF 1.1 do not know: triple terms, and texts with a direction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Version labels: all of RDF 1.2, and all of it but triple terms.
FULL, BASIC = "1.2", "1.2-basic"

#: Signs of what stands for a triple term or a reifier, which a CONSTRUCT writes with one.
_SIGNS = {("<", "<"), ("{", "|")}


@dataclass(frozen=True)
class Rdf:
    """The version that the answer needs, none for RDF 1.1, and the one that the query announces."""

    needed: str = ""
    announced: str = ""


RDF_11 = Rdf()


def rdf_of(tokens: Sequence[str], *, is_graph: bool) -> Rdf:
    """Tell the versions from the tokens of a query, as they are written."""
    words = [token.upper() for token in tokens]
    return Rdf(_needed(words, is_graph=is_graph), _announced(words, tokens))


def _needed(words: Sequence[str], *, is_graph: bool) -> str:
    if any(_makes_triple(word) for word in words) or _writes_triple(words):
        return FULL
    if is_graph and ("~" in words or any(pair in _SIGNS for pair in pairwise(words))):
        return FULL
    return (
        BASIC
        if any(word[0].isalpha() and "STRLANGDIR" in word for word in words) or _writes_direction(words)
        else ""
    )


def _makes_triple(word: str) -> bool:
    return word.endswith("TRIPLE") and word[0].isalpha() and ":" not in word and not word.endswith("ISTRIPLE")


def _writes_triple(words: Sequence[str]) -> bool:
    """Find `<<(`; written without blanks, the second `<` begins what looks like an IRI."""
    triples = zip(words, words[1:], words[2:], strict=False)
    return any(
        first == "<"
        and ((second, third) == ("<", "(") or (second[0] == "<" and second != "<" and third == ">"))
        for first, second, third in triples
    )


def _writes_direction(words: Sequence[str]) -> bool:
    fours = zip(words, words[1:], words[2:], words[3:], strict=False)
    return any(
        first[0] == "@" and (second, third) == ("-", "-") and last in {"LTR", "RTL"}
        for first, second, third, last in fours
    )


def _announced(words: Sequence[str], tokens: Sequence[str]) -> str:
    """Read `VERSION "1.2"` (SPARQL 1.2 Query section 4.1.4)."""
    named = (label.strip("\"'") for word, label in zip(words, tokens[1:], strict=False) if word == "VERSION")
    return next((label for label in named if label in (FULL, BASIC)), "")
