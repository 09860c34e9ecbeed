"""On what each row rests: the source that it names, a place in the document of the data set, or that."""

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields.mint import Minter, Rule
from gcm.fields.names import Names
from gcm.given import Place
from gcm.tables.description import DERIVED_FROM, PLACE_IN_SOURCE, Description
from gcm.tables.header import Header
from gcm.tables.problem import Problem
from gcm.tables.rows import Piece, Row
from gcm.tables.surroundings import LOCATOR, PART_OF, PASSAGE, TYPE, Surroundings

#: The language of places in documents.
_ENGLISH = "en"


class _Passages:
    """The passages of documents: those that are known, and those that a table makes."""

    def __init__(self, known: Mapping[tuple[NamedNode, str], NamedNode], names: Names) -> None:
        self._known = dict(known)
        rule = Rule("passage", names.rule_of(PASSAGE) or "{number}")
        self._minter = Minter(rule, names.addresses)

    def find(self, document: NamedNode, locator: str) -> tuple[NamedNode, bool]:
        """Give the passage at a place of a document, and whether it is new."""
        is_new = (document, locator) not in self._known
        if is_new:
            minted = self._minter.mint({PART_OF: [document]})
            assert minted is not None  # the one value that its rule needs is there
            self._known[document, locator] = minted.iri
        return self._known[document, locator], is_new


def cite(
    rows: Sequence[Row], description: Description, header: Header, surroundings: Surroundings
) -> Iterator[tuple[Triple, Place]]:
    """Give the statements that say on what rows rest, where their column `source` does not.

    Says in the problems of a row why that cannot be known.
    """
    columns = description.columns_of(DERIVED_FROM)
    if not columns:
        return
    passages = _Passages(surroundings.passages, surroundings.names)
    for row in rows:
        places = [each for each in row.pieces if each.column.title == PLACE_IN_SOURCE]
        has_source = any(each.column.path == DERIVED_FROM for each in row.pieces)
        if row.iri is not None and places:
            yield from _cite_passages(row, row.iri, places, header, passages)
        elif row.iri is not None and not has_source and columns[0].minimum:
            yield from _cite_document(row, row.iri, header)


def _cite_passages(
    row: Row, iri: NamedNode, places: Sequence[Piece], header: Header, passages: _Passages
) -> Iterator[tuple[Triple, Place]]:
    if len(header.documents) != 1:
        message = "It is not known of which document this is a place."
        row.problems.append(_problem(iri, places[0].place, message, header))
        return
    (document,) = header.documents
    for piece in places:
        passage, is_new = passages.find(document, piece.text)
        if is_new:
            yield Triple(passage, TYPE, PASSAGE), piece.place
            yield Triple(passage, PART_OF, document), piece.place
            yield Triple(passage, LOCATOR, Literal(piece.text, language=_ENGLISH)), piece.place
        yield Triple(iri, DERIVED_FROM, passage), piece.place


def _cite_document(row: Row, iri: NamedNode, header: Header) -> Iterator[tuple[Triple, Place]]:
    if len(header.documents) == 1:
        yield Triple(iri, DERIVED_FROM, header.documents[0]), row.place
    else:
        row.problems.append(_problem(iri, row.place, "This row does not say on what it rests.", header))


def _problem(iri: NamedNode, place: Place, message: str, header: Header) -> Problem:
    why = "has several documents" if header.documents else "names no document"
    expected = f"Fill in the column “source”: the header of the data set {why} (dcterms:source)."
    return Problem(place, message, expected, focus=iri, predicate=DERIVED_FROM)
