"""The line that is written of each request, and the names that clients give to requests."""

import logging
import re
import sys
from collections.abc import Callable

import pytest
from gcm.web.record import Lines, Record, read_id


def line_of(record: Record, caplog: pytest.LogCaptureFixture) -> str:
    """End a request, and give the one line that is written of it."""
    with caplog.at_level(logging.INFO, logger="gcm.web.record"):
        record.end()
    (found,) = caplog.records
    return found.getMessage()


def test_line_says_all_that_is_known(caplog: pytest.LogCaptureFixture) -> None:
    record = Record("GET", "/sparql", "mine", status=503, bytes=120, limit="query_seconds", version="v1")
    record.ask("ASK { ?secret ?p ?o }")
    line = line_of(record, caplog)
    assert re.fullmatch(
        r"time=\d{4}-\d\d-\d\dT[\d:.]{12}\+00:00 id=mine method=GET path=/sparql status=503 ms=\d+\.\d "
        r"bytes=120 version=v1 query=[0-9a-f]{16} limit=query_seconds",
        line,
    )


@pytest.mark.parametrize(
    ("now", "written"),
    [
        (0.0078125, "1970-01-01T00:00:00.007+00:00"),
        (951_868_799.5, "2000-02-29T23:59:59.500+00:00"),
        (951_868_800.0, "2000-03-01T00:00:00.000+00:00"),
    ],
)
def test_line_says_when(now: float, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["gcm.web.record"], "time", lambda: now)
    assert Record("GET", "/").to_line().startswith(f"time={written} id=")


def test_query_is_written_only_if_a_setting_says_so(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GCM_LOG_QUERIES", "1")
    record = Record("GET", "/sparql")
    record.ask('ASK {\n "x" }')
    assert r'query="ASK {\n \"x\" }"' in line_of(record, caplog)


@pytest.mark.parametrize("path", ["/a\nid=forged", "/a status=200", '/"', "/\x1b[31m", "/\u202eevil", "/a=b"])
def test_path_cannot_forge_a_line(path: str, caplog: pytest.LogCaptureFixture) -> None:
    line = line_of(Record("GET", path), caplog)
    assert line.isascii()
    assert line.isprintable()
    (quoted,) = re.findall(r'path="((?:[^"\\]|\\.)*)" status=', line)
    assert quoted


@pytest.mark.parametrize("sent", ["a", "550e8400-e29b-41d4-a716-446655440000", "A.b_c-9", "x" * 64])
def test_name_of_a_client_is_kept(sent: str) -> None:
    assert read_id(sent) == sent


@pytest.mark.parametrize("sent", [None, "", "x" * 65, "a b", "a\r\nSet-Cookie: b", "a\n", "é", "a=b", '"'])
def test_other_names_are_replaced(sent: str | None) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", read_id(sent))


def test_lines_are_written_together_and_none_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    waiting: list[Callable[[], None]] = []
    lines = Lines(lambda _, act: waiting.append(act))
    written = [f"line {number}" for number in range(250)]
    with caplog.at_level(logging.INFO, logger="gcm.web.record"):
        for line in written:
            lines.add(line)
        assert len(caplog.records) == 2
        for act in waiting:
            act()
        lines.write()
    messages = [each.getMessage() for each in caplog.records]
    assert [each.count("\n") for each in messages] == [99, 99, 49]
    assert "\n".join(messages).split("\n") == written
