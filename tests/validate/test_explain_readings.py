"""Dates, numbers, languages and names as people write them, and what they can mean."""

import re
from functools import cache

import pytest
from gcm.fields.amounts import code_of, read_amounts
from gcm.fields.dates import read_dates, read_moments
from gcm.fields.names import Names
from gcm.layout import find_sources
from gcm.turtle import read_triples
from gcm.validate.explain import Explanation, explain
from gcm.validate.explain.spelling import allowed_slips, distance, is_slip
from gcm.validate.explain.tongues import language_of
from gcm.validate.finding import Finding
from gcm.validate.lexical import is_well_formed
from gcm.vocab import PREFIXES, expand, shorten
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from tests.validate.graph import ROOT, Graph, world_fields


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2024-05-01", ["2024-05-01"]),
        ("2024-5-1", ["2024-05-01"]),
        ("2024/05/01", ["2024-05-01"]),
        ("20240501", ["2024-05-01"]),
        ("2024-05-01T10:00:00Z", ["2024-05-01"]),
        ("31.12.2024", ["2024-12-31"]),  # a dot: the day comes first
        ("12.31.2024", []),
        ("12/31/2024", ["2024-12-31"]),  # no 31st month
        ("31/12/2024", ["2024-12-31"]),
        ("03/04/2024", ["2024-04-03", "2024-03-04"]),  # both orders are in use
        ("04/04/2024", ["2024-04-04"]),  # and here they agree
        ("30/02/2024", []),  # no such day in either
        ("2024-02-30", []),
        ("29.02.2023", []),
        ("2024-13", []),
        ("2024-05", ["2024-05"]),
        ("5/2024", ["2024-05"]),
        ("2024", ["2024"]),
        ("May 2024", ["2024-05"]),
        ("Sept. 2024", ["2024-09"]),
        ("1 May 2024", ["2024-05-01"]),
        ("1st of May, 2024", ["2024-05-01"]),
        ("May 1, 2024", ["2024-05-01"]),
        ("1er mai 2024", ["2024-05-01"]),
        ("août 2024", ["2024-08"]),
        ("15 августа 2024 г.", ["2024-08-15"]),
        ("июнь 2024", ["2024-06"]),
        ("jui 2024", []),  # June or July in French
        ("Market 2024", []),
        ("May or June 2024", []),
        ("1-3 May 2024", []),  # two days are no day
        ("since 1954", []),
        ("last spring", []),
        ("05/24", []),
        ("", []),
    ],
)
def test_read_dates(text: str, dates: list[str]) -> None:
    assert [each.value for each in read_dates(text)] == dates


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("2026-11-21T12:00:00Z", ["2026-11-21T12:00:00Z"]),
        (" 2026-11-21 12:00:00 ", ["2026-11-21T12:00:00"]),  # no zone is added
        ("2026-11-21t12:00z", ["2026-11-21T12:00:00Z"]),
        ("2026-11-21T12:00:00.25-05:30", ["2026-11-21T12:00:00.25-05:30"]),
        ("2026-02-30T12:00:00Z", []),  # no such day
        ("2026-11-21T25:00:00Z", []),  # no such hour
        ("2026-11-21", []),  # a day is no moment
        ("12:00", []),
    ],
)
def test_read_moments(text: str, moments: list[str]) -> None:
    found = read_moments(text)
    assert [each.value for each in found] == moments
    assert all(is_well_formed(each) for each in found)


@given(st.text() | st.from_regex(r"[0-9]{1,8}[-/. ][0-9]{1,4}[-/. ]?[0-9]{0,4}", fullmatch=True))
def test_dates_that_are_read_exist(text: str) -> None:
    for each in read_dates(text):
        assert read_dates(each.value) == (each,)


@pytest.mark.parametrize(
    ("text", "numbers", "unit"),
    [
        ("5", ["5"], ""),
        ("-5.25", ["-5.25"], ""),
        ("\u22125", ["-5"], ""),  # a typographic minus
        ("12,5", ["12.5"], ""),
        ("200,000", ["200000", "200.000"], ""),  # the English way first
        ("1,234,567", ["1234567"], ""),
        ("1.234.567,89", ["1234567.89"], ""),
        ("200 000", ["200000"], ""),
        ("200\u00a0000,50", ["200000.50"], ""),
        ("200 000.50", ["200000.50"], ""),
        ("1'000'000", ["1000000"], ""),
        ("12%", ["12"], "%"),
        ("12 per cent", ["12"], "%"),
        ("$2 million", ["2000000"], "$"),
        ("EUR 1.5 million", ["1500000.0"], "eur"),
        ("1 234 USD", ["1234"], "usd"),
        ("2 млн", ["2000000"], ""),
        ("1,23,4", [], ""),
        ("12,34.5", [], ""),
        ("20 degrees", [], ""),
        ("three", [], ""),
        ("1e5", [], ""),
        ("", [], ""),
    ],
)
def test_read_amounts(text: str, numbers: list[str], unit: str) -> None:
    amounts = read_amounts(text)
    assert [str(each.number) for each in amounts] == numbers
    assert {each.unit for each in amounts} <= {unit}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("€", "EUR"),
        ("usd", "USD"),
        ("US$", "USD"),
        ("$", None),
        ("£", None),
        ("many", None),
        ("Euros", "EUR"),
    ],
)
def test_code_of(text: str, code: str | None) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "allowed", "has_english", "language"),
    [
        ("Texte", ("en",), False, "en"),  # the field takes nothing else
        ("Pledge of the State", (), True, "en"),
        ("Vienna", (), False, "en"),  # plain letters, and an English name is needed
        ("Vienna", (), True, None),
        ("Türkiye", (), False, None),
        ("Pacte mondial sur les migrations", (), False, "fr"),
        ("Pacto Mundial para la Migración", (), False, "es"),
        ("Globaler Pakt für die Migration", (), False, "de"),
        ("Добровольный отчёт", (), False, "ru"),
        ("План", (), False, None),  # also Bulgarian or Serbian
        ("Україна", (), False, None),
        ("奥地利", (), False, "zh"),
        ("日本へ", (), False, None),
        ("النمسا", (), False, "ar"),
        ("Добровольный отчёт", ("en", "fr"), False, None),  # not among the allowed
    ],
)
def test_language_of(text: str, allowed: tuple[str, ...], has_english: bool, language: str | None) -> None:
    assert language_of(text, allowed=allowed, has_english=has_english) == language


@pytest.mark.parametrize(
    ("first", "second", "slips"),
    [("isMadBy", "isMadeBy", 1), ("form", "from", 1), ("", "abc", 3), ("same", "same", 0), ("cat", "dog", 3)],
)
def test_distance(first: str, second: str, slips: int) -> None:
    assert distance(first, second, most=9) == distance(second, first, most=9) == slips
    assert distance(first, second, most=1) == min(slips, 2)  # what is farther is not counted out


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_bounded_by_lengths(first: str, second: str) -> None:
    assert abs(len(first) - len(second)) <= distance(first, second, most=12) <= max(len(first), len(second))


def test_short_words_allow_no_slips() -> None:
    assert [allowed_slips("a" * length) for length in (3, 4, 6, 12)] == [0, 1, 2, 3]
    assert is_slip("republic of moldva", "republic of moldova")
    assert not is_slip("holland", "poland")
    assert not is_slip("iran", "iraq")
    assert not is_slip("landonia", "pandonia")  # nobody mistypes the first letter


@cache
def real() -> tuple[tuple[Triple, ...], Graph]:
    """Read the ontology, the shapes and the real data."""
    triples = tuple(each.triple for path in find_sources(ROOT).files for each in read_triples(path))
    return triples, Graph(triples)


@cache
def real_names() -> Names:
    return Names(real()[0])


def told(form: str, path: str, value: NamedNode | Literal, said: str = "") -> Explanation:
    """Explain a value of a new thing as one of the wrong class or datatype."""
    fields = world_fields()
    focus, predicate = NamedNode(PREFIXES[fields.forms[form].kind] + "9999"), expand(path)
    assert predicate is not None
    shape = next((each for each in fields.forms[form].fields if each.path == predicate), None)
    own = Triple(focus, NamedNode(PREFIXES["rdf"] + "type"), fields.forms[form].cls)
    more = [Triple(focus, unit, value) for unit, value in _said(said)]
    component = "Closed" if not shape else "Datatype" if shape.datatypes else "Class"
    finding = Finding(
        focus=focus,
        predicate=predicate,
        value=value,
        severity="violation",
        message="",
        source=(shape.shape if shape else fields.forms[form].cls).value,
        component=f"{PREFIXES['sh']}{component}ConstraintComponent",
    )
    statement = Triple(focus, predicate, value)
    context = Graph([own, statement, *more], beneath=real()[1])
    return explain(finding, statement=statement, fields=fields, names=real_names(), context=context)


def _said(text: str) -> list[tuple[NamedNode, NamedNode | Literal]]:
    if not text:
        return []
    path, value = text.split(" ")
    predicate, thing = expand(path), expand(value)
    assert predicate is not None
    return [(predicate, thing if thing is not None else Literal(value))]


def term(text: str) -> NamedNode | Literal:
    """Read place:MDA, an address, or a text in quotation marks."""
    if text.startswith('"'):
        return Literal(text.strip('"'))
    found = expand(text)
    return NamedNode(text) if found is None or re.match("https?:", text) else found


STATE = ("voluntary-report", "gcm:isMadeBy")
OBJECTIVE = ("pledge", "gcm:isAbout")
ACTOR = ("pledge", "gcm:isMadeBy")
SOURCE = ("pledge", "prov:wasDerivedFrom")


@pytest.mark.parametrize(
    ("field", "written", "meant", "is_sure"),
    [
        (STATE, '"Moldova"', "place:MDA", True),
        (STATE, '"Republic of Moldova"', "place:MDA", True),
        (STATE, '"Kyrgyz Republic"', "place:KGZ", True),
        (STATE, '"Türkiye"', "place:TUR", True),
        (STATE, '"turkiye"', "place:TUR", True),
        (STATE, '"Республика Молдова"', "place:MDA", True),
        (STATE, '"MDA"', "place:MDA", True),
        (STATE, '"MD"', "place:MDA", True),  # its code of two letters
        (STATE, '"Republic of Moldva"', "place:MDA", True),  # a slip
        (STATE, '"Holland"', "place:POL", False),  # like Poland, and not it
        (STATE, '"Korea"', "place:KOR", False),  # there are two
        (STATE, '"nowhere in the world"', None, False),
        (STATE, "organization:MDA", "place:MDA", True),  # wrong prefix
        (STATE, "place:mda", "place:MDA", True),  # wrong case
        (STATE, "place:MD", "place:MDA", True),
        (STATE, "place:Moldova", "place:MDA", True),  # its name as address
        (STATE, "place:KyrgyzRepublic", "place:KGZ", True),
        (STATE, "http://w3id.org/gcm/id/place/MDA", "place:MDA", True),
        (STATE, "https://www.w3id.org/gcm/doc/place/MDA.ttl", "place:MDA", True),
        (STATE, "http://www.wikidata.org/entity/Q217", "place:MDA", True),  # Wikidata's address
        (STATE, "place:MDX", "place:MDA", False),  # a code of three letters is near many
        (OBJECTIVE, '"Objective 7"', "objective:7", True),
        (OBJECTIVE, '"17"', "objective:17", True),
        (OBJECTIVE, '"Eliminate discrimination"', "objective:17", True),
        (OBJECTIVE, "objective:07", "objective:7", True),
        (OBJECTIVE, "objective:77", None, False),  # numbers are not spelt
        (OBJECTIVE, "organization:IOM", None, False),  # known, and another thing
        (ACTOR, '"IOM"', "organization:IOM", True),
        (ACTOR, '"International Organisation for Migration"', "organization:IOM", True),
        (SOURCE, '"A/RES/73/195"', "document:A-RES-73-195", True),
        (SOURCE, "document:A-RES-73-159", "document:A-RES-73-195", False),  # may be another resolution
        (("pledge", "gcm:pledgeType"), "gcm:ComonPledge", "gcm:CommonPledge", True),
        (("pledge", "gcm:pledgeType"), '"common pledge"', "gcm:CommonPledge", True),
        (("pledge", "gcm:pledgeType"), "gcm:Financial", None, False),  # of another list
    ],
)
def test_nearest_thing(field: tuple[str, str], written: str, meant: str | None, is_sure: bool) -> None:
    explanation = told(*field, term(written))
    first = explanation.candidates[0].iri if explanation.candidates else None
    assert (shorten(NamedNode(first)) if first else None) == meant
    assert (explanation.remedy is not None) is is_sure


def test_of_many_candidates_there_are_five() -> None:
    explanation = told(*SOURCE, term('"Terms of Reference of the Network"'))  # one for each of many States
    assert len(explanation.candidates) == 5
    assert all("Terms of Reference" in each.label for each in explanation.candidates)


@pytest.mark.parametrize(
    ("written", "meant", "is_sure"),
    [
        ("gcm:isMadBy", ["gcm:isMadeBy"], True),
        ("gcm:madeBy", ["gcm:isMadeBy"], True),
        ("gcm:is_made_by", ["gcm:isMadeBy"], True),
        ("gcm:date", ["dcterms:date"], True),  # of another vocabulary
        ("schema:date", ["dcterms:date"], True),
        ("dcterms:Date", ["dcterms:date"], True),
        ("rdfs:label", ["skos:prefLabel"], False),  # says nearly the same
        ("dcterms:title", ["skos:prefLabel"], False),
        ("schema:name", ["skos:prefLabel"], False),  # though the field is called so
        ("gcm:objective", ["gcm:isAbout", "gcm:objectivesKnown"], False),  # what the field holds
        ("gcm:budget", [], False),  # known, and of another class
        ("gcm:colour", [], False),
    ],
)
def test_nearest_property(written: str, meant: list[str], is_sure: bool) -> None:
    explanation = told("pledge", written, NamedNode(PREFIXES["place"] + "MDA"))
    assert [shorten(NamedNode(each.iri)) for each in explanation.candidates] == meant
    assert (explanation.remedy is not None) is is_sure


@pytest.mark.parametrize(
    ("form", "path", "written", "said", "meant", "is_sure"),
    [
        ("pledge", "gcm:amount", "200,000", "", ["200000.0"], True),  # sums have no thousandths
        ("pledge", "gcm:amount", "200,50", "", ["200.50"], True),
        ("pledge", "gcm:amount", "$200,000", "schema:currency USD", ["200000.0"], True),
        ("pledge", "gcm:amount", "$200,000", "schema:currency EUR", ["200000.0"], False),  # they disagree
        ("pledge", "gcm:amount", "$200,000", "", ["200000.0"], False),  # the sign would be lost
        ("reported-figure", "gcm:value", "28%", "gcm:unit gcm:Percent", ["28"], True),
        ("reported-figure", "gcm:value", "28%", "gcm:unit gcm:Count", ["28"], False),
        ("reported-figure", "gcm:value", "1,234", "", ["1234", "1.234"], False),
        ("place", "geo:lat", "46,500", "", ["46.500"], True),  # no place lies at 46500 degrees
        ("pledge", "schema:currency", "€", "", ['"EUR"'], True),
        ("pledge", "schema:currency", "$", "", ['"USD"', '"CAD"', '"AUD"'], False),
        ("place", "gcm:m49", "8", "", ['"008"'], True),
        ("action", "skos:notation", "7(a)", "", ['"7a"'], True),
        ("practice", "gcm:isOngoing", "oui", "", ["true"], True),
        ("project", "gcm:duration", "2 years 6 months", "", ['"P2Y6M"^^xsd:duration'], True),
        ("document", "gcm:readOn", "2024", "", [], False),  # a day is needed
        ("document", "gcm:readOn", "1 May 2024", "", ['"2024-05-01"^^xsd:date'], True),
        ("pledge", "skos:prefLabel", "Autriche", "", ['"Autriche"@en'], True),
        (
            "pledge",
            "skos:prefLabel",
            "Promesse de l’État",
            "",
            ['"Promesse de l’État"@en', '"Promesse de l’État"@fr'],
            False,
        ),
        ("pledge", "skos:prefLabel", "Обещание", "", ['"Обещание"@ru'], False),
    ],
)
def test_nearest_literal(
    form: str, path: str, written: str, said: str, meant: list[str], is_sure: bool
) -> None:
    explanation = told(form, path, Literal(written), said)
    assert [each.written for each in explanation.candidates] == meant
    assert (explanation.remedy is not None) is is_sure
