"""What is an update: the engine's own parser says it, and nothing is run (SPARQL 1.1 Update section 3)."""

from collections.abc import Iterator
from contextlib import suppress
from socket import socket
from threading import Thread

import pytest
from gcm.errors import QueryError, RefusedQueryError
from gcm.query import evaluate
from gcm.query.updates import is_update
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

UPDATES = [
    "INSERT DATA { <a:b> <a:b> <a:b> }",
    "INSERTDATA{}",  # run together, as the engine reads it
    "CLEARALL",
    "#\rLOAD <http://127.0.0.1:9/>",
    "VERSION '1.2' PREFIXx:<http://example.org/>#\nBASE#\n<a:b>DROP#\nGRAPH x:a",
    "PREFIX a: <http://example.org/> delete where { ?s ?p ?o }",
    "PREFIX select: <http://example.org/> DELETE { ?s select:a ?o } WHERE { ?s select:b ?o }",
    "LOAD <http://127.0.0.1:9/>",
    "LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH <a:b>",
    "# SELECT * {}\nBASE <http://example.org/>\nCLEAR ALL",
    "CLEAR ALL ;",
    "CLEAR ALL ; # SELECT",
    "WITH <http://example.org/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DROP ALL ; INSERT { ?s gcm:isMadeBy ?o } WHERE { SELECT ?s ?o { ?s ?p ?o } }",
    "DROP GRAPH <a:b>",
    "CREATE GRAPH <a:b>",
    *(f"{word} DEFAULT TO <a:b>" for word in ("ADD", "MOVE", "COPY")),
]

QUERIES = [
    "PREFIX insert: <http://example.org/> SELECT * { insert:data ?p ?o }",
    "PREFIX delete: <http://example.org/> DESCRIBE delete:all",
    "BASE <http://example.org/CLEAR> ASK { <INSERT> ?load ?drop }",
    "SELECT ?insert ?delete { ?insert ?delete 'CLEAR ALL' } # LOAD <http://127.0.0.1:9/>",
    "ASK { ?s ?p '; INSERT DATA {}' }",
]

NEITHER = [
    "",
    "# CLEAR ALL",
    "PREFIX insert: <http://example.org/>",
    "INSERT",
    "INSERT DATA { ?s ?p ?o }",
    "DELETE",
    "LOAD",
    "CLEAR GRAPH",
    "ASK {} ; INSERT DATA {}",
    "CLEAR ALL ; ASK {}",
    "SELECT nonsense",
]


@pytest.mark.parametrize("text", UPDATES)
def test_update_is_refused(text: str) -> None:
    assert is_update(text)
    with pytest.raises(RefusedQueryError, match="only reads"):
        evaluate(Store(), text)


@pytest.mark.parametrize("text", QUERIES)
def test_query_is_answered_whatever_its_words(text: str) -> None:
    assert not is_update(text)
    assert evaluate(Store(), text) is not None


@pytest.mark.parametrize("text", NEITHER)
def test_mistake_is_a_mistake(text: str) -> None:
    assert not is_update(text)
    with pytest.raises(QueryError):
        evaluate(Store(), text)


@pytest.fixture
def listener() -> Iterator[socket]:
    """Listen on a port of this machine; what connects is answered with nothing."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening


def test_nothing_is_fetched_to_judge(listener: socket) -> None:
    visits: list[object] = []

    def wait() -> None:
        with suppress(OSError):
            visits.append(listener.accept())

    port = listener.getsockname()[1]
    waiting = Thread(target=wait)
    waiting.start()
    assert is_update(f"LOAD <http://127.0.0.1:{port}/> ; INSERT DATA {{}} ; LOAD <http://127.0.0.1:{port}/a>")
    listener.shutdown(2)
    waiting.join()
    assert visits == []


@given(st.text() | st.lists(st.sampled_from([*UPDATES, *QUERIES, *NEITHER, ";", "\n"])).map(" ".join))
def test_any_text_is_an_update_or_not(text: str) -> None:
    assert is_update(text) in {True, False}
