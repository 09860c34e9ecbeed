"""Who we say we are: as RFC 7616 and RFC 7617 have it, and only where it is safe."""

import re

import pytest
from gcm.errors import BackendError
from gcm.remote import read_endpoint
from gcm.remote.credentials import Credentials

SETTINGS = {"GCM_STORE_USER": "Mufasa", "GCM_STORE_PASSWORD": "Circle of Life"}
CHALLENGE = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, nonce="7yp", opaque="FQh"'
)


def credentials(address: str = "http://www.example.org/dir/index.html") -> Credentials:
    return Credentials(read_endpoint(address, SETTINGS))


@pytest.mark.parametrize(("algorithm", "digits"), [("MD5", 32), ("SHA-256", 64)])
def test_digest_says_what_was_asked(algorithm: str, digits: int) -> None:
    known = credentials().answer(CHALLENGE.format(algorithm), method="GET", target="/dir/index.html")
    assert known is not None
    assert known.startswith('Digest username="Mufasa", realm="http-auth@example.org", nonce="7yp"')
    assert re.search(rf'response="[0-9a-f]{{{digits}}}"', known)
    assert known.endswith(f"algorithm={algorithm}, qop=auth, nc=00000001")
    assert 'opaque="FQh"' in known
    assert "Circle" not in known


def test_digest_is_that_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of RFC 7616 section 3.9.1."""
    own = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    monkeypatch.setattr("gcm.remote.credentials.secrets.token_hex", lambda _: own)
    nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    asked = f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="{nonce}"'
    known = credentials().answer(asked, method="GET", target="/dir/index.html")
    assert known is not None
    assert 'response="8ca523f5e9506fed4657c9700eebdbec"' in known


def test_later_requests_need_not_be_asked_again() -> None:
    mine = credentials()
    assert mine.known(method="PUT", target="/graphs?graph=a") is None
    mine.answer(CHALLENGE.format("MD5"), method="GET", target="/graphs")
    later = mine.known(method="PUT", target="/graphs?graph=a")
    assert later is not None
    assert "nc=00000002" in later


def test_password_is_not_sent_in_the_clear_over_a_network() -> None:
    with pytest.raises(BackendError):
        credentials().answer('Basic realm="x"', method="GET", target="/")
    safe = credentials("https://www.example.org/").answer('Basic realm="x"', method="GET", target="/")
    assert safe == "Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl"


def test_without_credentials_nothing_is_said() -> None:
    nobody = Credentials(read_endpoint("http://www.example.org/", {}))
    assert nobody.answer('Basic realm="x"', method="GET", target="/") is None


def test_way_of_asking_that_is_not_known_is_refused() -> None:
    with pytest.raises(BackendError):
        credentials().answer("Negotiate", method="GET", target="/")
