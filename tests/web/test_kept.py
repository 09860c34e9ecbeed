"""Answers that are kept in front of the application: for whom, how long, and how many."""

import pytest
from gcm.web.exchange import Message
from gcm.web.kept import KEPT_BYTES, LONGEST_BYTES, KeptAnswers, Key, Whole, whole_of
from gcm.web.manner import manner_of
from gcm.web.record import Record
from gcm.web.versions import Stamp

NOW = Stamp("a1", 1)
ETAG = (b"etag", b'"x"')


class Clock:
    """The versions of a folder, as they are told."""

    stamp: Stamp | None = NOW


def request(path: bytes = b"/doc/place/Q1", *fields: tuple[bytes, bytes], method: str = "GET") -> Message:
    return {"method": method, "raw_path": path, "query_string": b"", "headers": [(b"host", b"x"), *fields]}


def whole(body: bytes = b"ok", status: int = 200, version: str = "a1", *fields: tuple[bytes, bytes]) -> Whole:
    return whole_of(status, fields or (ETAG,), body, Record(version=version, id="mine", started=0))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(clock: Clock) -> KeptAnswers:
    return KeptAnswers(lambda: clock.stamp)


def find_key(kept: KeptAnswers, message: Message) -> Key | None:
    return kept.key(message, manner_of(tuple(message["headers"])))


def key_of(kept: KeptAnswers, message: Message) -> Key:
    key = find_key(kept, message)
    assert key is not None
    return key


def test_same_request_gets_the_same_answer(kept: KeptAnswers) -> None:
    kept.keep(key_of(kept, request()), whole())
    assert kept.find(key_of(kept, request())) == whole()


@pytest.mark.parametrize(
    "other",
    [
        request(b"/doc/place/Q2"),
        request(b"/doc/place/Q1", (b"accept", b"text/csv")),
        request(b"/doc/place/Q1", (b"x-forwarded-host", b"y")),
        {**request(), "query_string": b"lang=fr"},
        {**request(), "headers": [(b"host", b"y")]},
    ],
)
def test_another_request_does_not(kept: KeptAnswers, other: Message) -> None:
    kept.keep(key_of(kept, request()), whole())
    assert kept.find(key_of(kept, other)) is None


@pytest.mark.parametrize("name", [b"user-agent", b"referer", b"x-request-id", b"connection", b"origin"])
def test_who_asks_makes_no_difference(kept: KeptAnswers, name: bytes) -> None:
    kept.keep(key_of(kept, request()), whole())
    assert kept.find(key_of(kept, request(b"/doc/place/Q1", (name, b"any")))) == whole()


@pytest.mark.parametrize("method", ["HEAD", "POST", "QUERY", "OPTIONS"])
def test_only_get_is_kept(kept: KeptAnswers, method: str) -> None:
    assert find_key(kept, request(method=method)) is None


@pytest.mark.parametrize(
    "answer",
    [
        whole(b"x" * (LONGEST_BYTES + 1)),
        whole(b"ok", 404),
        whole(b"ok", 303),
        whole(b"ok", 200, "older"),
        whole(b"ok", 200, "a1", (b"content-type", b"text/plain")),
        whole(b"ok", 200, "a1", ETAG, (b"set-cookie", b"a=b")),
    ],
)
def test_what_may_change_is_not_kept(kept: KeptAnswers, answer: Whole) -> None:
    kept.keep(key_of(kept, request()), answer)
    assert kept.find(key_of(kept, request())) is None


def test_not_modified_is_kept_for_the_same_validator(kept: KeptAnswers) -> None:
    asked = request(b"/sparql", (b"if-none-match", b'"x"'))
    kept.keep(key_of(kept, asked), whole(b"", 304))
    assert kept.find(key_of(kept, asked)) == whole(b"", 304)


@pytest.mark.parametrize("new", [Stamp("b2", 2), NOW._replace(changed_ns=2), None])
def test_all_is_forgotten_when_versions_change(kept: KeptAnswers, clock: Clock, new: Stamp | None) -> None:
    kept.keep(key_of(kept, request()), whole())
    clock.stamp = new
    assert (find_key(kept, request()) is None) == (new is None)
    clock.stamp = NOW
    assert kept.find(key_of(kept, request())) is None


def test_answer_begun_on_an_older_version_is_not_kept(kept: KeptAnswers, clock: Clock) -> None:
    key = key_of(kept, request())
    clock.stamp = Stamp("b2", 2)
    find_key(kept, request(b"/other"))
    kept.keep(key, whole())
    clock.stamp = NOW
    find_key(kept, request(b"/other"))
    assert kept.find(key_of(kept, request())) is None


def test_the_longest_unused_goes_first() -> None:
    kept = KeptAnswers(lambda: NOW, at_most=10_000)  # room for two of these
    keys = [key_of(kept, request(b"/%d" % number)) for number in range(3)]
    for key in keys[:2]:
        kept.keep(key, whole(b"x" * 1_500))
    kept.find(keys[0])
    kept.keep(keys[2], whole(b"x" * 1_500))
    assert [kept.find(key) is not None for key in keys] == [True, False, True]


def test_long_requests_take_room_too() -> None:
    kept = KeptAnswers(lambda: NOW, at_most=100_000)
    keys = [key_of(kept, request(b"/%d" % number + b"x" * 20_000)) for number in range(2)]
    for key in keys:
        kept.keep(key, whole())
    assert [kept.find(key) is not None for key in keys] == [False, True]


def test_keeping_again_takes_no_more_room() -> None:
    kept = KeptAnswers(lambda: NOW, at_most=10_000)
    first, other = key_of(kept, request(b"/1")), key_of(kept, request(b"/2"))
    kept.keep(first, whole(b"x" * 1_500))
    for _ in range(100):
        kept.keep(other, whole(b"x" * 1_500))
    assert kept.find(first) is not None
    assert KEPT_BYTES > 100 * LONGEST_BYTES
