"""Whose request it is, with and without proxies."""

import pytest
from gcm.errors import ServerError
from gcm.web.clients import name_client, read_proxies

PROXIES = read_proxies({"GCM_TRUSTED_PROXIES": "10.0.0.0/8, ::1"})


@pytest.mark.parametrize(
    ("address", "forwarded", "name"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # whoever is no proxy of ours is not believed
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.5, 198.51.100.7", "198.51.100.7"),  # what the client itself invented
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),  # a proxy behind a proxy
        ("::1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),  # one household
        ("2001:db8:1:2::9", "", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("", "", ""),
    ],
)
def test_client_is_named(address: str, forwarded: str, name: str) -> None:
    assert name_client(address, forwarded, proxies=PROXIES) == name


def test_without_the_setting_nobody_is_believed() -> None:
    assert name_client("127.0.0.1", "198.51.100.7", proxies=read_proxies({})) == "127.0.0.1"


def test_setting_without_meaning_is_refused() -> None:
    with pytest.raises(ServerError, match="GCM_TRUSTED_PROXIES holds what is no network"):
        read_proxies({"GCM_TRUSTED_PROXIES": "10.0.0.1/8/9"})
