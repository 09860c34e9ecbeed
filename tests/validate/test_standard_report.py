"""The SHACL report: result for result what an engine of SHACL says that knows nothing of ours."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from gcm.turtle import read_triples
from gcm.validate import Report, Result
from gcm.validate.render import RENDERINGS, Checked
from gcm.validate.run import validate
from gcm.validate.terms import Terms
from gcm.vocab import PREFIXES
from pyoxigraph import BlankNode, NamedNode, QuerySolutions, RdfFormat, Store

from tests.reports import NO_DATE, WRONG_PLACE
from tests.validate.graph import ROOT, WORLD
from tests.validate.submissions import WHOLE

CASES = sorted((ROOT / "tests" / "shapes").glob("*/*.ttl"))
#: Mistakes of which several components of one shape speak, or one component several times.
MISTAKES = (
    (
        "dcterms:conformsTo <https://w3id.org/gcm/ontology/0.1.0>",
        'dcterms:conformsTo "0.1.0"',
    ),  # kind, pattern
    ("a gcm:Pledge ;", "a gcm:Pledge ;\n    gcm:amount -7 , 1e3 ; schema:currency 840 ;"),  # datatype, bounds
    ("gcm:isMadeBy place:ZZA", "gcm:isMadeBy [ a place:ZZA ] , objective:7"),  # a thing without a name
    ('"Invented pledge to look further"@en', '"One"@en , "Two"@en , "Un"@fr , "Deux"@fr'),  # in each language
    ("gcm:objectivesKnown gcm:SomeKnown ;", 'foaf:page "here"@en , <mailto:nobody> ; gcm:objectivesKnwn 7 ;'),
)

Rows = Counter[tuple[str, ...]]

ROWS = """
SELECT ?focus ?path ?value ?component ?shape ?severity ?message WHERE {
  ?report a sh:ValidationReport ; sh:result ?result .
  ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:sourceConstraintComponent ?component ;
    sh:sourceShape ?shape ; sh:resultSeverity ?severity ; sh:resultMessage ?message .
  OPTIONAL { ?result sh:resultPath ?path }
  OPTIONAL { ?result sh:value ?value }
}
"""


def rows_of(turtle: str) -> Rows:
    """Count the results of a report that shapes have found; names of blank nodes say nothing."""
    store = Store()
    store.load(turtle.encode(), RdfFormat.TURTLE)
    found = store.query(ROWS, prefixes={"sh": PREFIXES["sh"]})
    assert isinstance(found, QuerySolutions)
    return Counter(tuple("_" if isinstance(term, BlankNode) else str(term) for term in row) for row in found)


def rows_of_pyshacl(given: Iterable[Path], around: Iterable[Path]) -> Rows:
    """Check files in a graph with pyshacl alone, as it is meant to be used: what it says of their nodes."""
    terms = Terms()
    shapes, data, own = (
        [each.triple for path in paths for each in read_triples(path)]
        for paths in (WORLD.shapes, around, given)
    )
    _, report, _ = pyshacl.validate(terms.graph([*data, *own]), shacl_graph=terms.graph(shapes))
    assert isinstance(report, rdflib.Graph)
    nodes = {str(each.subject) for each in own if isinstance(each.subject, NamedNode)} | {"_"}
    return Counter(
        {row: count for row, count in rows_of(report.serialize(format="turtle")).items() if row[0] in nodes}
    )


def write(report: Report) -> str:
    return RENDERINGS["turtle"].write(Checked(report))


def test_report_of_every_case_is_that_of_pyshacl() -> None:
    rows = rows_of(write(validate(WORLD, CASES)))
    assert rows == rows_of_pyshacl(CASES, [*WORLD.ontology, *WORLD.data])
    assert len({row[3] for row in rows}) > 10  # components


def test_report_of_many_mistakes_is_that_of_pyshacl(tmp_path: Path) -> None:
    """Each result is there though people are told once what one shape says of one value."""
    text = WHOLE
    for right, wrong in MISTAKES:
        assert right in text
        text = text.replace(right, wrong)
    path = tmp_path / "mine.ttl"
    path.write_text("@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n" + text)
    report = validate(WORLD, [path])
    rows = rows_of(write(report))
    assert rows == rows_of_pyshacl([path], [*WORLD.ontology, *WORLD.data])
    assert rows.total() - sum(each.component is not None for each in report.results) == 5
    assert max(rows.values()) == 2  # of texts in two languages: the same twice


@pytest.mark.parametrize(
    ("results", "conforms"),
    [((), "true"), ((NO_DATE,), "false"), ((WRONG_PLACE,), "false")],  # NO_DATE is a warning
)
def test_only_what_has_no_result_conforms(results: tuple[Result, ...], conforms: str) -> None:
    """As the standard has it (section 3.6.1.1), which is stricter than the exit code."""
    assert f"sh:conforms {conforms} " in write(Report(results)).replace("\n", " ")
