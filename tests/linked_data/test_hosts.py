"""Of which host and address a request is (RFC 9112 section 3.2), byte for byte over a real socket."""

import socket
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

import pytest

pytestmark = pytest.mark.server

Ask = Callable[..., Any]  # Any: the reply of conftest.py, which test modules cannot import
Send = Callable[[bytes], tuple[int, str, bytes]]


@pytest.fixture
def send(ask: Ask) -> Send:
    """Give what sends lines as they are; the status, the place or type, and the body come back."""
    address = ask("/health").address

    def send_it(head: bytes) -> tuple[int, str, bytes]:
        with socket.create_connection(address, timeout=20) as connection:
            connection.sendall(head + b"Connection: close\r\n\r\n")
            response = HTTPResponse(connection, method=head.partition(b" ")[0].decode())
            response.begin()
            with response:
                headers = response.headers
                return response.status, headers["Location"] or headers["Content-Type"], response.read()

    return send_it


@pytest.mark.parametrize(
    "host",
    [
        b"",  # section 3.2: HTTP/1.1 must have one
        b"Host:\r\n",  # RFC 9110 section 4.2.1: http has no empty host
        b"Host: a.example\r\nHost: b.example\r\n",
        b"Host: a.example\r\nHost: a.example\r\n",
        b"Host: a b\r\n",
        b"Host: a/b\r\n",
        b"Host: name@a\r\n",  # RFC 9110 section 4.2.4: no user information
        b"Host: a:x\r\n",
        b"Host: a:99999\r\n",
        b"Host: a:80:80\r\n",
        b"Host: [::1\r\n",
        b"Host: %4\r\n",
        b"Host: \xc3\xa9.example\r\n",
        b'Host: a"><script>\r\n',
        b"Host: a,b\r\n",
    ],
)
def test_a_request_names_one_host(send: Send, host: bytes) -> None:
    status, media_type, body = send(b"GET /limits HTTP/1.1\r\n" + host)
    assert (status, media_type) == (400, "application/problem+json")
    assert b"Host" in body


@pytest.mark.parametrize(
    "host", [b"a", b"a:", b"A.example:8000", b"127.0.0.1", b"[::1]:8000", b"%41.example", b"a_b.example"]
)
def test_hosts_as_they_are_written(send: Send, host: bytes) -> None:
    """RFC 3986 section 3.2.2."""
    assert send(b"GET /limits HTTP/1.1\r\nAccept: text/html\r\nHost: " + host + b"\r\n")[0] == 200


def test_http_1_0_knows_no_host(send: Send) -> None:
    """RFC 9112 section 3.2 asks it of HTTP/1.1 only."""
    assert send(b"GET /doc/place/ZZA.ttl HTTP/1.0\r\n")[:2] == (200, "text/turtle; charset=utf-8")


@pytest.mark.parametrize("scheme", [b"http", b"https"])
def test_absolute_form_is_read(send: Send, scheme: bytes) -> None:
    """Section 3.2.2: a server must accept it, also where only proxies send it."""
    head = b"GET " + scheme + b"://x.example/id/place/ZZA?lang=fr HTTP/1.1\r\nHost: x.example\r\n"
    assert send(head)[:2] == (303, "/doc/place/ZZA?lang=fr")
    assert send(b"GET " + scheme + b"://x.example HTTP/1.1\r\nHost: x.example\r\n")[0] == 200


@pytest.mark.parametrize("line", [b"GET x.example:80", b"GET *", b"CONNECT x.example:80"])
def test_other_targets_are_refused(send: Send, line: bytes) -> None:
    """Sections 3.2.3 and 3.2.4: CONNECT has a form of its own, OPTIONS another; we are no proxy."""
    status, media_type, _ = send(line + b" HTTP/1.1\r\nHost: x.example\r\n")
    assert (status, media_type) == (400, "application/problem+json")


def test_the_server_as_a_whole_has_options(send: Send) -> None:
    """Section 3.2.4."""
    assert send(b"OPTIONS * HTTP/1.1\r\nHost: x.example\r\n")[0] == 200
