"""IRIs, addresses and prefixed names: each way and back."""

from urllib.parse import unquote

import pytest
from gcm.errors import UnknownIriError
from gcm.vocab import BASE, KINDS, PREFIXES, expand, iri_of, path_of, shorten
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

#: Characters of identifiers, also of those that nobody has given yet.
NAMES = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_characters='<>"{}|\\^`', min_codepoint=0x21, max_codepoint=0xD7FF
    ),
    min_size=1,
).filter(lambda name: not any(sign.isspace() or not sign.isprintable() for sign in name))


@given(NAMES)
def test_an_iri_survives_the_way_to_its_address_and_back(name: str) -> None:
    try:
        iri = NamedNode(f"{BASE}id/{name}")
    except ValueError:
        return
    path = path_of(iri)
    assert path is not None
    assert path.isascii()
    assert iri_of(unquote(path)) == iri


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (f"{BASE}id/place/MDA", "/id/place/MDA"),
        (f"{BASE}id/sdg/10.c", "/id/sdg/10.c"),
        (f"{BASE}ontology", "/ontology"),
        (f"{BASE}id/place/Ö", "/id/place/%C3%96"),  # an address is ASCII (RFC 3986)
        (f"{BASE}id/a?b#c", "/id/a%3Fb%23c"),  # or a browser would cut it
        ("http://www.wikidata.org/entity/Q217", None),  # not ours
    ],
)
def test_path_of(iri: str, path: str | None) -> None:
    assert path_of(NamedNode(iri)) == path


def test_an_address_that_is_no_iri_is_unknown() -> None:
    with pytest.raises(UnknownIriError, match="says nothing"):
        iri_of("/id/place/M D A")


@pytest.mark.parametrize("prefix", sorted(PREFIXES))
def test_a_prefixed_name_survives_the_way_to_its_iri_and_back(prefix: str) -> None:
    iri = expand(f"{prefix}:x")
    assert iri == NamedNode(f"{PREFIXES[prefix]}x")
    assert shorten(iri) == f"{prefix}:x"


@pytest.mark.parametrize("name", ["", "MDA", "nobody:x", "place:M D A", "https://w3id.org/gcm/id/place/MDA"])
def test_what_is_no_prefixed_name_of_ours_is_left_alone(name: str) -> None:
    assert expand(name) is None


def test_an_iri_outside_every_namespace_stays_whole() -> None:
    assert shorten(NamedNode("https://example.org/x")) == "https://example.org/x"


def test_every_kind_of_thing_has_a_prefix_of_its_name() -> None:
    assert {kind: PREFIXES[kind] for kind in KINDS} == {kind: f"{BASE}id/{kind}/" for kind in KINDS}
