"""The quick way answers as the long way does, and takes nothing but what is plain."""

from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPResponse
from io import BytesIO
from socket import socket
from typing import cast
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from gcm.limits import Limits
from gcm.query import Caller
from gcm.query.nursery import Worker
from gcm.web.bridge import Bridge
from gcm.web.connection import Connection
from gcm.web.exchange import Message, write_fields
from gcm.web.kept import KeptAnswers
from gcm.web.manner import manner_of
from gcm.web.quick import Errand, Plan, Quick
from gcm.web.reception import Reception
from gcm.web.record import Record
from gcm.web.versions import Site, Stamp, site
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.peers import connect, run_apart

LIMITS = Limits(worker_count=1)

Write = Callable[[str], str]
Fields = Sequence[tuple[str, str]]

NAMES = "PREFIX gcm: <https://w3id.org/gcm/ontology/>\nSELECT ?pledge WHERE { ?pledge gcm:isMadeBy ?place }"
PLAIN = [
    "ASK { ?s ?p ?o }",
    "# a comment\nSELECT * { ?s a gcm:Pledge ; skos:prefLabel ?name }",
    "select (COUNT(*) AS ?n) { ?s prov:wasDerivedFrom ?o }",
    "SELECT ?s { ?s ?p 'é&=+%' } LIMIT 1",
    "SELECT ?o FROM <https://w3id.org/gcm/ontology> { ?s rdfs:label ?o FILTER(?o < 'b') }",
    NAMES,
]
ACCEPTS = [
    None,
    "application/sparql-results+json",
    "application/sparql-results+xml;q=0.9, text/csv",
    "text/tab-separated-values",
    "application/json",
    "*/*",
]
UNUSUAL = [
    "query=ASK%20{}&query=ASK%20{}",
    "query=ASK%20{}&default-graph-uri=http://example.org/",
    "query=ASK%20{}&format=csv",
    "query=%zz",
    "query=%FF",
    "query=",
    "",
    "quer=ASK%20{}",
    "query=SELECT%20(NOW()%20AS%20?x)%20{}",
    "query=SELECT%20*%20{SERVICE%20?x%20{}}",
    "query=CONSTRUCT%20WHERE%20{?s%20?p%20?o}",
    "query=INSERT%20DATA%20{}",
    "query=SELECT%20(TRIPLE(1,2,3)%20AS%20?x)%20{}",
]


def scope(query_string: str, *fields: tuple[str, str | None], method: str = "GET") -> Message:
    """Write a request as a connection hands it over."""
    headers = [(name.encode(), value.encode()) for name, value in fields if value is not None]
    return {
        "method": method,
        "raw_path": b"/sparql",
        "query_string": query_string.encode(),
        "headers": [(b"host", b"example.org"), *headers],
    }


def sent(request: Message) -> bytes:
    """Write a request as a client sends it, with nothing to follow."""
    line = f"{request['method']} /sparql?{request['query_string'].decode()} HTTP/1.1\r\n".encode()
    return line + write_fields([*request["headers"], (b"connection", b"close")]) + b"\r\n"


class Received(BytesIO):
    """Bytes that have come from a socket, as the reader of answers takes them."""

    def makefile(self, _: str) -> "Received":
        """Give what can be read."""
        return self


class Asked:
    """What one request got."""

    def __init__(self, reception: Reception, request: Message) -> None:
        response = HTTPResponse(cast(socket, Received(run_apart(self._ask(reception, request)))))
        response.begin()
        fields = sorted(each for each in response.getheaders() if each[0] not in {"date", "x-request-id"})
        self.answer = (response.status, fields, response.read())

    async def _ask(self, reception: Reception, request: Message) -> bytes:
        connection = Connection(reception.receive, limits=LIMITS, all_of_them=set())
        _, reader, writer = await connect(connection)
        writer.write(sent(request))
        received = await reader.read()
        writer.close()
        return received


class Observed(Quick):
    """The quick way, which remembers what it took."""

    def __init__(self, site: Site, limits: Limits) -> None:
        super().__init__(site, limits)
        self.answered: list[bool] = []

    def begin(self, plan: Plan, caller: Caller, stamp: Stamp | None, end: Callable[[Errand], None]) -> None:
        """Answer, and note whether that was possible."""

        def note(errand: Errand) -> None:
            self.answered.append(errand.is_answered)
            end(errand)

        super().begin(plan, caller, stamp, note)

    def takes(self, request: Message) -> bool:
        """Tell whether a request is one for the quick way."""
        return self.plan(request, manner_of(tuple(request["headers"]))) is not None


@pytest.fixture(scope="module")
def own(world_app: Flask) -> Iterator[Site]:
    with world_app.app_context():
        # its worker is there before anybody is in a hurry
        site().pool().run("ASK {}", media_type="text/csv")
        yield site()


@pytest.fixture(scope="module")
def quick(own: Site) -> Observed:
    return Observed(own, LIMITS)


def ways(app: Flask, quick: Quick) -> tuple[Reception, Reception]:
    bridge = Bridge(app, threads=2, limits=LIMITS)
    return Reception(bridge, quick=quick), Reception(bridge)


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("accept", ACCEPTS)
@pytest.mark.parametrize("coding", [None, "gzip", "br, zstd;q=0.5", "identity"])
def test_plain_queries_are_answered_quickly_and_alike(
    world_app: Flask, quick: Observed, text: str, accept: str | None, coding: str | None
) -> None:
    fields = (("accept", accept), ("accept-encoding", coding))
    one, other = ways(world_app, quick)
    request = scope(f"query={quote(text)}", *fields)
    assert Asked(one, request).answer == Asked(other, request).answer
    assert quick.answered[-1], "this was to go the quick way"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([*PLAIN, "nonsense", "SELECT * {", "SELECT ?s { ?s ?p ?o }" + " " * 3000]),
    st.sampled_from([*ACCEPTS, "image/png", "text/turtle"]),
    st.sampled_from([quote, quote_plus, lambda text: quote(text, safe="{}?*:/()'")]),
    st.sampled_from([(), (("accept-datetime", "Sun, 22 Nov 2026 08:00:00 GMT"),), (("if-none-match", "*"),)]),
)
def test_both_ways_answer_alike(
    world_app: Flask, own: Site, text: str, accept: str | None, write: Write, fields: Fields
) -> None:
    one, other = ways(world_app, Quick(own, LIMITS))
    request = scope(f"query={write(text)}", ("accept", accept), *fields)
    assert Asked(one, request).answer == Asked(other, request).answer


@pytest.mark.parametrize("query_string", UNUSUAL)
def test_what_is_not_plain_goes_the_long_way(quick: Observed, query_string: str) -> None:
    assert not quick.takes(scope(query_string))


@pytest.mark.parametrize(
    "fields",
    [
        (("accept", "text/html"),),
        (("accept", "text/csv"), ("accept", "text/csv")),
        (("host", "other.example.org"),),
        (("if-none-match", '"x"'),),
        (("content-length", "3"),),
        (("x-long", "x" * 40_000),),
    ],
)
def test_unusual_fields_go_the_long_way(quick: Observed, fields: Fields) -> None:
    assert not quick.takes(scope("query=ASK%20{}", *fields))
    assert not quick.takes(scope("query=ASK%20{}", method="HEAD"))
    assert quick.takes(scope("query=ASK%20{}"))


def test_worker_serves_both_ways_in_turn(world_app: Flask, quick: Observed) -> None:
    """The loop leaves a worker's socket as the long way needs it."""
    plain, unusual = scope("query=ASK%20{}"), scope("query=ASK%20{}", ("if-none-match", '"x"'))
    one, other = ways(world_app, quick)
    for _ in range(3):
        assert Asked(one, plain).answer == Asked(one, unusual).answer == Asked(other, plain).answer
        assert quick.answered[-1]


def test_long_answer_is_not_begun_twice(
    world_app: Flask, quick: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that is too long for the quick way goes on with the worker that has begun it."""
    everything = "SELECT * { ?s ?p ?o . ?s ?q ?r }"
    heard: list[bytes] = []
    hears = Worker.hears

    def note(worker: Worker, query: bytes) -> bool:
        heard.append(query)
        return hears(worker, query)

    monkeypatch.setattr(Worker, "hears", note)
    one, other = ways(world_app, quick)
    request = scope(f"query={quote(everything)}", ("accept", "text/csv"))
    assert Asked(one, request).answer[2] == Asked(other, request).answer[2]
    assert not quick.answered[-1]
    assert len(heard) == 2


def test_kept_answer_is_given_again_with_a_name_of_its_own(world_app: Flask, own: Site) -> None:
    noted: list[Record] = []
    bridge = Bridge(world_app, threads=2, limits=LIMITS)
    reception = Reception(bridge, kept=KeptAnswers(own.stamp), note=noted.append)
    request = scope(f"query={quote(NAMES)}", ("accept", "text/csv"))
    first, again = Asked(reception, request), Asked(reception, request)
    assert first.answer == again.answer
    assert len({record.id for record in noted}) == 2
    one, other = [(each.route, each.status, each.bytes, each.query, each.version) for each in noted]
    assert one == other
