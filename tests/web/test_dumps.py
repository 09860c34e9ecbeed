"""Dumps: complete, checked, resumable, made once for a version."""

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from time import monotonic
from typing import IO

import pytest
from flask.testing import FlaskClient
from gcm.describe import Dump, dump_facts, dump_files, dumps_of, make_dumps, open_dump
from gcm.errors import StoreError
from gcm.limits import Limits
from gcm.query import OpenVersion, open_version
from gcm.vocab import DATASET
from gcm.web import create_app
from gcm.web.preparing import prepare
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from tests.served import taken_up

Graphs = Mapping[str, Sequence[Triple]]
Maker = Callable[[Path, str, Graphs], Path]

P = NamedNode("http://example.org/p")
GRAPHS = {
    "one": [Triple(NamedNode(f"http://example.org/{each}"), P, Literal(each)) for each in range(200)],
    "two": [Triple(NamedNode("http://example.org/1"), P, Literal(1))],
}
FORMS = {"ttl": RdfFormat.TURTLE, "nq": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD}
TYPES = {"ttl": "text/turtle; charset=utf-8", "nq": "application/n-quads", "jsonld": "application/ld+json"}
NAMES = [
    f"{stem}.{suffix}{packed}"
    for stem, suffixes in (("all", ("nq", "jsonld")), ("one", ("ttl", "jsonld")), ("two", ("ttl", "jsonld")))
    for suffix in suffixes
    for packed in ("", ".gz")
]


@pytest.fixture
def directory(tmp_path: Path, version_maker: Maker) -> Path:
    version_maker(tmp_path, "version-1", GRAPHS)
    return tmp_path


@pytest.fixture
def version(directory: Path) -> OpenVersion:
    return open_version(directory / "versions" / "version-1")


@pytest.fixture
def client(directory: Path) -> FlaskClient:
    return create_app(directory, limits=Limits(worker_count=1)).test_client()


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave as on a read-only disk (the tests may run as root, whom modes do not stop)."""

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(dump_files, "make_folder", refuse)


def get(client: FlaskClient, address: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    with client.get(
        address, headers={name.replace("_", "-"): value for name, value in headers.items()}
    ) as answer:
        return answer.status_code, dict(answer.headers), answer.data


def expected(stem: str) -> set[Quad] | set[Triple]:
    if stem == "all":
        return {
            Quad(each.subject, each.predicate, each.object, NamedNode(DATASET + name))
            for name, graph in GRAPHS.items()
            for each in graph
        }
    return set(GRAPHS[stem])


@pytest.mark.parametrize("name", NAMES)
def test_dump_holds_all_of_its_graphs(client: FlaskClient, name: str) -> None:
    stem, suffix = name.split(".")[:2]
    status, headers, body = get(client, f"/dumps/{name}")
    assert status == 200
    assert headers["Content-Type"] == ("application/gzip" if name.endswith(".gz") else TYPES[suffix])
    assert "Content-Encoding" not in headers  # a compressed file is what was asked for
    statements = [*parse(gzip.decompress(body) if name.endswith(".gz") else body, FORMS[suffix])]
    found = {*statements} if stem == "all" else {quad.triple for quad in statements}
    assert (found, len(statements)) == (expected(stem), len(expected(stem)))


@pytest.mark.parametrize("name", NAMES)
def test_checksum_and_length_are_those_of_the_bytes(client: FlaskClient, name: str, tmp_path: Path) -> None:
    _, headers, body = get(client, f"/dumps/{name}")
    digest = headers["Repr-Digest"].removeprefix("sha-256=:").removesuffix(":")
    assert b64decode(digest) == hashlib.sha256(body).digest()
    assert headers["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"'
    assert int(headers["Content-Length"]) == len(body)
    (tmp_path / name).write_bytes(body)
    _, _, line = get(client, f"/dumps/{name}.sha256")
    subprocess.run(
        ["sha256sum", "--check", "--strict"], input=line, cwd=tmp_path, check=True, capture_output=True
    )


def test_head_is_get_without_body(client: FlaskClient) -> None:
    with client.head("/dumps/all.nq.gz") as head:
        assert head.data == b""
    _, headers, body = get(client, "/dumps/all.nq.gz")
    assert int(head.headers["Content-Length"]) == len(body)
    for name in ("ETag", "Repr-Digest", "Content-Type", "Cache-Control", "Accept-Ranges"):
        assert head.headers[name] == headers[name]


def test_dump_of_a_version_may_be_kept_for_ever(client: FlaskClient) -> None:
    _, today, body = get(client, "/dumps/one.ttl")
    _, pinned, same = get(client, "/dumps/version-1/one.ttl")
    assert (body, today["ETag"]) == (same, pinned["ETag"])
    assert "immutable" in pinned["Cache-Control"]
    assert "no-cache" in today["Cache-Control"]
    assert all("no-transform" in each["Cache-Control"] for each in (today, pinned))
    assert today["Content-Location"] == "/dumps/version-1/one.ttl"


@pytest.mark.server
def test_dump_of_an_older_version_stays(client: FlaskClient, directory: Path, version_maker: Maker) -> None:
    _, _, old = get(client, "/dumps/version-1/all.nq")
    version_maker(directory, "version-2", {"one": [Triple(P, P, P)]})
    assert get(client, "/dumps/version-1/all.nq")[2] == old
    assert get(client, "/dumps/version-1/two.ttl")[0] == 200  # made only now
    assert get(client, "/dumps/all.nq")[1]["GCM-Version"] == "version-2"
    assert get(client, "/dumps/two.ttl")[0] == 404


def test_known_dump_is_not_sent_twice(client: FlaskClient) -> None:
    _, headers, _ = get(client, "/dumps/one.ttl")
    assert get(client, "/dumps/one.ttl", If_None_Match=headers["ETag"])[::2] == (304, b"")


@pytest.mark.parametrize(
    ("asked", "status", "piece"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=99999999-", 416, None),
        ("bytes=-", 416, None),
        ("lines=1-2", 200, slice(None)),  # an unknown unit is passed over (RFC 9110 section 14.2)
        ("bytes=0-1,4-5", 200, slice(None)),  # as are several ranges at once
    ],
)
def test_download_may_be_resumed(client: FlaskClient, asked: str, status: int, piece: slice | None) -> None:
    _, headers, whole = get(client, "/dumps/one.ttl")
    found, more, body = get(client, "/dumps/one.ttl", Range=asked)
    assert found == status
    if piece is None:
        assert more["Content-Range"] == f"bytes */{len(whole)}"
        assert json.loads(body)["status"] == 416
    else:
        assert (body, more["Repr-Digest"]) == (whole[piece], headers["Repr-Digest"])


def test_changed_dump_is_not_resumed(client: FlaskClient) -> None:
    """RFC 9110 section 13.1.5."""
    status, _, body = get(client, "/dumps/one.ttl", Range="bytes=5-", If_Range='"other"')
    assert (status, len(body) > 5) == (200, True)


def test_dump_is_made_once(version: OpenVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = dumps_of(version)[0]
    with open_dump(version, dump).file as file:
        first = file.read()
    monkeypatch.setattr(dump_files.Content, "write", None)
    with open_dump(version, dump).file as file:
        assert file.read() == first
    files = {path.name for path in (version.path / "dumps").iterdir()}
    assert files == {dump.name, f"{dump.name}.sha256"}


def test_dump_does_not_make_its_version_younger(version: OpenVersion) -> None:
    """The oldest versions are removed first."""
    before = version.path.stat().st_mtime_ns
    open_dump(version, dumps_of(version)[0]).file.close()
    assert version.path.stat().st_mtime_ns == before


def test_dump_that_breaks_off_leaves_nothing(version: OpenVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Iterator[Quad]:
        yield Quad(P, P, P)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dump_files, "_quads", fail)
    with pytest.raises(StoreError, match="No space left"):
        open_dump(version, dumps_of(version)[0])
    assert [*(version.path / "dumps").iterdir()] == []


@pytest.mark.parametrize("damage", ["", "nonsense", "0" * 64 + "  other.nq\n"])
def test_dump_with_a_damaged_checksum_is_made_again(version: OpenVersion, damage: str) -> None:
    dump = dumps_of(version)[0]
    first = open_dump(version, dump)
    first.file.close()
    (version.path / "dumps" / f"{dump.name}.sha256").write_text(damage, "ascii")
    again = open_dump(version, dump)
    again.file.close()
    assert (again.sha256, again.size) == (first.sha256, first.size)


def test_dumps_are_the_same_whoever_makes_them(version: OpenVersion, directory: Path) -> None:
    """Checksums of several server processes, and of machines with copies of one version, agree."""
    shutil.copytree(version.path, directory / "copy")
    copied = open_version(directory / "copy")
    make_dumps(version)
    make_dumps(copied)
    assert dump_facts(version) == dump_facts(copied) != {}


def test_facts_are_there_when_all_dumps_are(version: OpenVersion) -> None:
    open_dump(version, dumps_of(version)[0]).file.close()
    assert dump_facts(version) == {}
    make_dumps(version)
    facts = dump_facts(version)
    for dump in dumps_of(version):
        with open_dump(version, dump).file as file:
            body = file.read()
        assert (facts[dump.name].size, facts[dump.name].sha256) == (
            len(body),
            hashlib.sha256(body).hexdigest(),
        )
    (version.path / "dumps" / "dumps.json").write_text("[1, 2", "utf-8")
    assert dump_facts(version) == {}


def test_two_writers_write_once(version: OpenVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits for the first, and takes what it has written."""
    dump = dumps_of(version)[2]
    write, begun, may_end, made = dump_files.Content.write, Event(), Event(), []

    def slowly(content: dump_files.Content, file: IO[bytes]) -> None:
        made.append(content)
        begun.set()
        assert may_end.wait(10)
        write(content, file)

    monkeypatch.setattr(dump_files.Content, "write", slowly)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(open_dump, version, dump)
        assert begun.wait(10)
        second = pool.submit(open_dump, version, dump)
        may_end.set()
        both = [first.result(10), second.result(10)]
    assert len(made) == 1
    assert both[0].sha256 == both[1].sha256
    for each in both:
        each.file.close()
    assert len([*(version.path / "dumps").iterdir()]) == 2


def test_who_waited_for_a_writer_that_failed_writes_itself(
    version: OpenVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = dumps_of(version)[2]
    part = version.path / "dumps" / f".{dump.name}"
    part.parent.mkdir()
    waiting, flock = Event(), fcntl.flock

    def say_and_wait(file: IO[bytes], operation: int) -> None:
        waiting.set()
        flock(file, operation)

    with ThreadPoolExecutor() as pool, part.open("a+b") as first:
        flock(first, fcntl.LOCK_EX)
        monkeypatch.setattr("gcm.describe.dump_files.fcntl.flock", say_and_wait)
        second = pool.submit(open_dump, version, dump)
        assert waiting.wait(10)
        part.unlink()  # as one does that finds the disk full
        first.close()
        second.result(10).file.close()
    assert {path.name for path in part.parent.iterdir()} == {dump.name, f"{dump.name}.sha256"}


def test_part_that_a_killed_writer_left_is_taken_over(version: OpenVersion) -> None:
    dump = dumps_of(version)[2]
    (version.path / "dumps").mkdir()
    (version.path / "dumps" / f".{dump.name}").write_bytes(b"half a du")
    with open_dump(version, dump).file as file:
        assert not file.read().startswith(b"half")
    assert len([*(version.path / "dumps").iterdir()]) == 2


def test_maker_makes_all_and_is_alone(version: OpenVersion) -> None:
    command = [sys.executable, "-m", "gcm.describe.making", str(version.path), str(os.getpid())]
    folder = os.open(version.path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    subprocess.run(command, check=True)
    assert not (version.path / "dumps").exists()
    os.close(folder)
    subprocess.run(command, check=True)
    assert set(dump_facts(version)) == set(NAMES)


def test_maker_of_a_version_that_has_gone_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gcm.describe.making", str(tmp_path / "gone"), str(os.getpid())]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (ended.returncode, "are not made" in ended.stderr, "Traceback" in ended.stderr) == (1, True, False)


def test_maker_ends_with_its_server(version: OpenVersion) -> None:
    command = [sys.executable, "-m", "gcm.describe.making", str(version.path), str(os.getppid())]
    ended = subprocess.run(command, check=False)
    assert (ended.returncode, dump_facts(version)) == (os.EX_UNAVAILABLE, {})


def test_catalogue_waits_for_no_dump(
    client: FlaskClient, version: OpenVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as forbidding:
        forbidding.setattr(dump_files.Content, "write", None)
        status, before, body = get(client, "/data.nt")
    assert (status, body.count(b"#downloadURL>"), b"byteSize" in body) == (200, len(NAMES), False)
    make_dumps(version)
    _, after, body = get(client, "/data.nt")
    assert (body.count(b"#byteSize>"), body.count(b"#checksumValue>")) == (len(NAMES), len(NAMES))
    assert before["ETag"] != after["ETag"]
    assert (before["Cache-Control"], after["Cache-Control"]) == ("no-store", "no-cache")


@pytest.mark.usefixtures("unwritable")
def test_read_only_store_gives_the_same_dumps(client: FlaskClient, version: OpenVersion) -> None:
    status, headers, body = get(client, "/dumps/all.nq.gz")
    assert (status, headers["ETag"]) == (200, f'"{hashlib.sha256(body).hexdigest()}"')
    assert {*parse(gzip.decompress(body), RdfFormat.N_QUADS)} == expected("all")
    assert not (version.path / "dumps").exists()


def test_names_differ(version: OpenVersion) -> None:
    names = [each.name for each in dumps_of(version)]
    assert sorted(names) == sorted(NAMES)
    assert Dump(None, "nq", True).name == "all.nq.gz"


def test_catalogue_lists_the_dumps(client: FlaskClient) -> None:
    answer = client.get("/dumps")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/data")


@pytest.mark.parametrize(
    "address",
    [
        "/dumps/none.ttl",
        "/dumps/all.ttl",  # Turtle has no graphs
        "/dumps/all.nq.sha512",
        "/dumps/version-9/all.nq",
        "/dumps/version-1/",
        "/dumps/version-1/version-1/all.nq",
        "/dumps/../current/manifest.json",
        "/dumps/%2e%2e/manifest.json",
        "/dumps/version-1/../manifest.json",
        "/dumps/version-1%2fstore%2fCURRENT",
        "/dumps/.sha256",
    ],
)
def test_no_other_file_is_sent(client: FlaskClient, address: str) -> None:
    assert get(client, address)[0] == 404


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    path=st.text() | st.sampled_from(["all.nq", "version-1/all.nq", "one.ttl.gz.sha256"]),
    value=st.text(st.characters(codec="latin-1", exclude_characters="\r\n"))
    | st.from_regex(r"bytes=[0-9, -]{0,9}"),
    name=st.sampled_from(
        ["Range", "If-Range", "If-None-Match", "If-Modified-Since", "Accept-Encoding", "If-Match"]
    ),
)
def test_any_request_is_answered(client: FlaskClient, path: str, name: str, value: str) -> None:
    headers = {name: value.replace("\n", "").replace("\r", "")}
    with client.get(f"/dumps/{path}".split("?")[0], headers=headers) as answer:
        assert answer.status_code in {200, 206, 304, 308, 404, 412, 416}


def test_long_dump_is_sent_in_pieces_over_a_socket(
    tmp_path: Path, version_maker: Maker, real_server: Callable[[Path], int]
) -> None:
    text = "x" * 100_000
    many = [
        Triple(NamedNode(f"http://example.org/{each}"), P, Literal(f"{each}{text}")) for each in range(100)
    ]
    version_maker(tmp_path, "version-1", {"one": many})
    with closing(HTTPConnection("127.0.0.1", real_server(tmp_path), timeout=60)) as connection:
        connection.request("GET", "/dumps/one.ttl")
        response = connection.getresponse()
        body = response.read()
        connection.request("HEAD", "/dumps/one.ttl")
        head = connection.getresponse()
        head.read()
    assert (
        len(body)
        == int(response.headers["Content-Length"])
        == int(head.headers["Content-Length"])
        > 10_000_000
    )
    assert response.headers["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"'


@pytest.mark.server
def test_server_makes_the_dumps_beside_its_work(
    directory: Path, version: OpenVersion, real_server: Callable[[Path], int]
) -> None:
    port = real_server(directory)
    deadline = monotonic() + 20
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        body = b""
        while b"byteSize" not in body:
            assert monotonic() < deadline, "the dumps are not made"
            connection.request("GET", "/data.nt")
            body = connection.getresponse().read()
    assert set(dump_facts(version)) == set(NAMES)


@pytest.mark.server
def test_numbers_are_counted_before_anybody_asks(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = taken_up(directory, prepare)
    assert set(dump_facts(app.extensions["gcm"].newest().version)) == set(NAMES)
    monkeypatch.setattr("gcm.describe.statistics.page_query", None)
    monkeypatch.setattr("gcm.describe.coverage.page_query", None)
    assert get(app.test_client(), "/data.nt")[0] == 200


@pytest.mark.server
def test_version_that_has_gone_is_not_prepared(
    directory: Path, version: OpenVersion, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("gcm.web.preparing.subprocess.run", refuse)
    taken_up(directory, prepare)
    assert f"version {version.id} is not prepared" in caplog.text
