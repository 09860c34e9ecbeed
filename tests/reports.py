"""Invented results of validations, for tests of what shows them."""

from dataclasses import replace

from gcm.given import Place
from gcm.validate.report import Candidate, Edit, Fix, Report, Result

TEXT = (
    "@prefix place: <https://w3id.org/gcm/id/place/> .\n"
    "<http://example.org/pledge/1>\n"
    "\t<http://example.org/isMadeBy> place:ZZQ ; # é\n"
    '\t<http://example.org/date> "2024-13-45" .\n'
)
AT = TEXT.index("place:ZZQ")

#: With everything that a result can have.
WRONG_PLACE = Result(
    place=Place("my file.ttl", 3, 32, 3, 41),
    severity="violation",
    focus="http://example.org/pledge/1",
    predicate="http://example.org/isMadeBy",
    value="https://w3id.org/gcm/id/place/ZZQ",
    message="“place:ZZQ” is not known.",
    source="https://w3id.org/gcm/shapes/Commitment-isMadeBy",
    expected="A State or organization.",
    component="http://www.w3.org/ns/shacl#ClassConstraintComponent",
    candidates=(Candidate("https://w3id.org/gcm/id/place/ZZA", "Zedland", "place:ZZA"),),
    fix=Fix("Write place:ZZA.", (Edit("my file.ttl", AT, AT + 9, "place:ZZA"),)),
    also=("http://www.w3.org/ns/shacl#NodeKindConstraintComponent",),
    demand="Name a State or organization.",
)
NO_DATE = Result(
    place=Place("my file.ttl", 2),
    severity="warning",
    focus="http://example.org/pledge/1",
    predicate="http://example.org/date",
    value=None,
    message="Give a date.",
    source="https://w3id.org/gcm/shapes/Pledge-date",
    component="http://www.w3.org/ns/shacl#MinCountConstraintComponent",
)
DUPLICATE = Result(
    place=Place("table.xlsx", cell="Pledges!C4", heading="Title"),
    severity="info",
    focus="_:b7",
    predicate=None,
    value='"=HYPERLINK(\\"x\\")"@en',
    message="=Two pledges\nhave this title.",
    source="duplicate-title",
    fix=Fix("Clear the cell.", (Edit("table.xlsx", 0, 0, "", "Pledges!C4"),)),
)
UNREADABLE = Result(
    place=Place("broken.jsonld", 7, 2, pointer="/@graph/0"),
    severity="violation",
    focus="",
    predicate=None,
    value=None,
    message="This is not JSON: \x1b[31m\u202e\x00.",
    source="syntax",
)
RESULTS = (WRONG_PLACE, NO_DATE, DUPLICATE, UNREADABLE)
REPORT = Report(RESULTS)


def text_of(name: str) -> str | None:
    """Give the text of the one invented file that has one."""
    return TEXT if name == "my file.ttl" else None


def many(number: int) -> Report:
    """Make a report of so many results, all alike but for their lines."""
    places = (Place("many.ttl", line, 1, line, 5) for line in range(1, number + 1))
    return Report(tuple(replace(WRONG_PLACE, place=place, fix=None) for place in places))
