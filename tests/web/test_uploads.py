"""Uploads: how large, how slow, and how many at once; each limit is named in the answer."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from gcm.errors import LimitError
from gcm.limits import Limits
from gcm.web import SECURITY_HEADERS
from gcm.web.bridge import Bridge, Environ
from gcm.web.exchange import Message
from gcm.web.sharing import SHARED
from gcm.web.uploads import Uploads, body_limit

from tests.peers import run_apart
from tests.web.test_bridge import SCOPE


@pytest.mark.parametrize(
    ("path", "method", "limit"),
    [
        ("/validate", "POST", "upload_bytes"),
        ("/version/v1/validate", "POST", "body_bytes"),
        ("/validate", "GET", "body_bytes"),
        ("/validate/help", "POST", "body_bytes"),
        ("/validated", "POST", "body_bytes"),
        ("/sparql", "POST", "body_bytes"),
        ("/doc/validate", "POST", "body_bytes"),
    ],
)
def test_only_addresses_for_files_take_large_bodies(path: str, method: str, limit: str) -> None:
    assert body_limit(path, method) == limit


def test_one_client_and_all_together_are_bounded() -> None:
    uploads = Uploads(Limits(uploads=2, client_uploads=1))
    with uploads.room("one"):
        with pytest.raises(LimitError, match="You are sending") as own, uploads.room("one"):
            pass
        with (
            uploads.room("two"),
            pytest.raises(LimitError, match="Others are sending") as all_of_them,
            uploads.room("three"),
        ):
            pass
    assert (own.value.limit, all_of_them.value.limit) == ("client_uploads", "uploads")
    with uploads.room("one"), uploads.room("two"):  # what has ended counts no more
        pass


def lengths(scope: Message, *, limits: Limits, size: int) -> list[int]:
    """Send a body of so many bytes; give how many of them the application was told."""
    told: list[int] = []
    messages = iter([{"type": "http.request", "body": b"#" * size, "more_body": False}])

    def application(environ: Environ, start: Any) -> Iterable[bytes]:  # Any: WSGI's start_response
        told.append(int(environ["CONTENT_LENGTH"]))
        start("204 No Content", [])
        return []

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    async def send(_: Message) -> None:
        """Take no notice."""

    run_apart(Bridge(application, threads=1, limits=limits)(scope, receive, send))
    return told


def test_the_bridge_reads_as_much_as_the_address_takes() -> None:
    limits = Limits(body_bytes=10, upload_bytes=1000)
    upload: Message = {**SCOPE, "path": "/validate", "raw_path": b"/validate"}
    assert lengths(upload, limits=limits, size=900) == [900]
    assert lengths(SCOPE, limits=limits, size=900) == [900]  # in one piece; that it is too long is seen


def refusals(limits: Limits, *, count: int) -> list[tuple[int, bytes]]:
    """Send so many uploads of which none ever arrives whole; give the answers that come."""
    answers: list[tuple[int, bytes]] = []
    scope: Message = {**SCOPE, "path": "/validate", "raw_path": b"/validate"}

    def application(_: Environ, __: Any) -> Iterable[bytes]:  # Any: WSGI's start_response
        raise AssertionError("nothing has arrived")

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nothing ever comes")

    async def ask(bridge: Bridge) -> None:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        await bridge(scope, receive, send)
        answers.append((sent[0]["status"], sent[1]["body"]))
        for name, value in {
            **SECURITY_HEADERS,
            **SHARED,
            "Content-Length": str(len(sent[1]["body"])),
        }.items():
            assert (name.lower().encode(), value.encode()) in sent[0]["headers"]

    async def ask_all() -> None:
        bridge = Bridge(application, threads=1, limits=limits)
        await asyncio.gather(*(ask(bridge) for _ in range(count)))

    run_apart(ask_all())
    return answers


def test_uploads_that_never_arrive_are_cut_off_and_one_more_is_refused() -> None:
    crowded, slow = refusals(Limits(upload_seconds=0.05, uploads=1), count=2)
    assert (crowded[0], b"limit: uploads" in crowded[1]) == (503, True)
    assert (slow[0], b"limit: upload_seconds" in slow[1]) == (408, True)
    greedy, _ = refusals(Limits(upload_seconds=0.05, client_uploads=1), count=2)
    assert (greedy[0], b"limit: client_uploads" in greedy[1]) == (429, True)
