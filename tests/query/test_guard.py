"""What is told from the tokens of a query, before any engine sees it."""

from contextlib import suppress
from time import perf_counter

import pytest
from gcm.errors import GcmError, LimitError, QueryError, RefusedQueryError
from gcm.limits import Limits
from gcm.query import Outline, check_text, outline_at_a_glance
from hypothesis import given
from hypothesis import strategies as st

LIMITS = Limits()


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s rdfs:label "SERVICE" }',
        "SELECT * { ?s rdfs:label 'SERVICE', 'it''s' }",
        'SELECT * { ?s ?p """a " SERVICE \\""" b""" }',
        "SELECT * { ?s ?p '''it's SERVICE''' }",
        "SELECT * { ?SERVICE ?service $SERVICE }",
        "SELECT * { ?s a service:9 ; gcm:serviceKind ?kind }",  # a kind of things of ours
        "SELECT * { <http://example.org/SERVICE> ?p 'x'@service }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://example.org/> {}",
        "SELECT * { _:SERVICE ?p ?o }",
        "SELECT * { ?s <http://example.org/INSERT> 'DELETE' . ?LOAD ?DROP ?CLEAR }",
        "PREFIX insert: <http://example.org/> SELECT * { insert:data ?p ?o }",
        "BASE <http://example.org/> SELECT * { <x> ?p (1 2) }",
        "SELECT * { ?s ?p <http://example.org/(it's)> }",  # could be "less than", but nothing is called
    ],
)
def test_harmless_words_pass(text: str) -> None:
    assert check_text(text, limits=LIMITS).kind == "select"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "SELECT * { SeRvIcE SILENT ?x { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE<http://example.org/>{} }",  # the engine needs no boundary
        "SELECT * { ?s ?p trueSERVICE<http://example.org/>{} }",
        "PREFIX x: <http://example.org/> SELECT * { SERVICEx:y {} }",
        "SELECT * { # a comment\n SERVICE# another\n<http://example.org/> {} }",
        "SELECT * { FILTER(1<2)SERVICE?x#>\n{ ?s ?p ?o } }",  # a false IRI hides it
        "SELECT * { FILTER(?a<'x>')SERVICE<http://example.org/>{} }",
        "SELECT * { ?s ?p 'unclosed\n } SERVICE <http://example.org/> {}",
    ],
)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(RefusedQueryError, match="SERVICE"):
        check_text(text, limits=LIMITS)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (f"SELECT * {{ {'(' * 100}", "query_nesting"),
        (f"SELECT * {{ FILTER(1<{'(' * 100}2>", "query_nesting"),  # looks like an IRI
        (f"SELECT * {{ {'[' * 60}{'{' * 60}", "query_nesting"),
        (f"SELECT * {{ {'OPTIONAL{}' * 31} }}", "query_optionals"),
        (f"SELECT * {{ {{}} {'union{}' * 201} }}", "query_unions"),
        (f"SELECT * {{ ?s ?p '{'é' * 32768}' }}", "query_bytes"),
    ],
)
def test_limits_are_named(text: str, limit: str) -> None:
    with pytest.raises(LimitError) as caught:
        check_text(text, limits=LIMITS)
    assert caught.value.limit == limit


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ {'(' * 99}",
        f"SELECT * {{ {'()' * 5000} }}",
        f"SELECT * {{ {'OPTIONAL{}' * 30} }}",
        f"SELECT * {{ ?s ?p '{'(' * 200}' }} # {'(' * 200}",
    ],
)
def test_what_is_within_limits_passes(text: str) -> None:
    assert check_text(text, limits=LIMITS).kind == "select"


@pytest.mark.parametrize(
    ("text", "kind", "repeatable"),
    [
        ("ASK {}", "ask", True),
        ("prefix a: <b:c> describe a:b", "graph", True),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "graph", True),
        ("CONSTRUCT { ?s ?p _:new } WHERE { ?s ?p ?o }", "graph", False),  # new nodes in each answer
        ("CONSTRUCT { ?s ?p [] } WHERE { ?s ?p ?o }", "graph", False),
        ("SELECT (now() AS ?time) {}", "select", False),
        ("SELECT * { ?s ?p ?o } ORDER BY RAND()", "select", False),
        ("SELECT (STRUUID() AS ?id) {}", "select", False),
        ("SELECT * { ?s ?p [] }", "select", True),
        ("SELECT * { ?s ?p 'RAND()' }", "select", True),
        ("nonsense", None, True),
        ("INSERT DATA {}", None, True),  # the engine's parser tells what it is
    ],
)
def test_outline(text: str, kind: str | None, repeatable: bool) -> None:
    assert check_text(text, limits=LIMITS) == Outline(kind, repeatable)  # type: ignore[arg-type]  # from rows


@pytest.mark.parametrize("text", ["", "  \n", "# only a comment", "PREFIX a: <b:c>", "<<<>>> 12 '' ?x"])
def test_text_without_a_query_is_an_error(text: str) -> None:
    with pytest.raises(QueryError):
        check_text(text, limits=LIMITS)


#: Texts that a pattern could be slow on; each is repeated up to the limit of length.
PIECES = [
    "'",
    '"""',
    '"""a"',
    "<",
    "<a",
    "a.",
    "\\",
    "'\\",
    "?",
    "@a-",
    "é",
    "_:",
    "a:%",
    ":",
    "#",
    "1.",
    "\n<a",
]


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_takes_long(piece: str) -> None:
    text = "SELECT " + piece * (65_000 // len(piece.encode()))
    started = perf_counter()
    with suppress(GcmError):
        check_text(text, limits=LIMITS)
    assert perf_counter() - started < 2  # it takes 0.1 s; one that looks back takes ten


@given(st.text() | st.lists(st.sampled_from([*PIECES, "SELECT", "SERVICE", "{", "}", ")", ">"])).map("".join))
def test_any_text_has_an_outline_or_an_error(text: str) -> None:
    with suppress(GcmError):
        assert isinstance(check_text(text, limits=LIMITS), Outline)


PIECES = [
    *(
        "SELECT",
        "select ?s",
        "ASK",
        "CONSTRUCT",
        "DESCRIBE",
        "INSERT DATA",
        "PREFIX a: <http://a.b/>",
        "BASE <x>",
    ),
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "?s",
        "*",
        "<http://e.f/g>",
        "'x'",
        '"y',
        "# c\n",
        "a:b",
        "_:n",
        "@en--ltr",
    ),
    *(
        "SERVICE",
        "NOW()",
        "RAND()",
        "UUID()",
        "BNODE()",
        "VERSION '1.2'",
        "TRIPLE(",
        "<<(",
        "< <",
        "STRLANGDIR(",
    ),
    *("OPTIONAL {", "UNION", "FROM", "SELECT:x", "prefix select: <y>", "1<2", "\t", "\u00e9"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["", " ", "\n"]))
def test_a_glance_tells_what_the_tokens_tell(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    seen = outline_at_a_glance(text, limits=LIMITS)
    assert seen is None or seen == check_text(text, limits=LIMITS)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "# what\nPREFIX a: <http://a.b/#>\nprefix : <http://c.d/>\nask{ a:b ?p 'known' FILTER(1 < 2) }",
        "SELECT(COUNT(*) AS ?n) { ?s prov:wasDerivedFrom ?o OPTIONAL { ?s ?p ?o } }",
    ],
)
def test_a_glance_suffices_for_plain_queries(text: str) -> None:
    assert outline_at_a_glance(text, limits=LIMITS) == check_text(text, limits=LIMITS)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("SELECT * { " + "{" * 99 + "}" * 99 + " [] }", LIMITS),
        ("SELECT * { OPTIONAL { } OPTIONAL { } }", Limits(query_optionals=1)),
        ("SELECT * { { } UNION { } UNION { } }", Limits(query_unions=1)),
        ("SELECT * { ?s ?p 'é' }", Limits(query_bytes=80)),
    ],
)
def test_a_glance_leaves_what_may_be_too_much(text: str, limits: Limits) -> None:
    assert outline_at_a_glance(text, limits=limits) is None
