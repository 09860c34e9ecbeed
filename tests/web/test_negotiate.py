"""Which form a client gets: RFC 9110 section 12.5.1, case by case and in general."""

import pytest
from gcm.errors import NotAcceptableError
from gcm.web.negotiate import (
    DOCUMENT_OFFERS,
    GRAPH_OFFERS,
    SELECT_OFFERS,
    Offer,
    choose,
    choose_language,
    choose_suffix,
    etag,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/html"),  # no header: a person
        ("", "text/html"),  # an empty one says nothing (section 12.4.1)
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),  # types know no case (section 8.3.1)
        ("text/turtle;q=0.5, text/html;q=0.4", "text/turtle"),
        ("text/turtle;q=0.4, text/html;q=0.5", "text/html"),
        ("text/turtle, text/html", "text/html"),  # equal: as we prefer
        ("text/html;q=0, */*", "text/turtle"),  # anything but HTML
        ("text/*;q=0.3, application/*;q=0.4", "application/n-triples"),
        ("*/*;q=0.1, text/*;q=0.9, text/html;q=0.2", "text/turtle"),  # the most specific counts
        ("text/turtle;q=0.001, */*;q=0", "text/turtle"),
        ("application/rdf+xml, text/html;q=0.9, */*;q=0.8", "application/rdf+xml"),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
            "text/html",
        ),  # browsers
        ("*", "text/html"),  # as old Java says */*
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ('application/ld+json;profile="a, b;q=0"', "application/ld+json"),  # quoted comma and semicolon
        ("text/turtle;charset=utf-8", "text/turtle"),
        (
            "text/turtle;q=0.3, text/turtle;version=1.2;q=0.9, text/csv;q=0.5",
            "text/csv",
        ),  # the plain range counts
        ("application/json", "application/json"),  # by another name
        ("application/xml", "application/xml"),
        ("text/plain", "text/plain"),
        ("text/html;q=2", "text/html"),  # above 1 is 1
        ("text/html;q=x, text/turtle;q=0.1", "text/turtle"),  # an element without sense is passed over
        ("garbage", "text/html"),  # nothing usable: as no header
        (",,;q=1,;", "text/html"),
        ("application/foo", None),
        ("*/*;q=0", None),
        ("text/html;q=0", None),
        ("text/html;q=0.0", None),
        ("image/*", None),
    ],
)
def test_negotiate(accept: str | None, chosen: str | None) -> None:
    if chosen is None:
        with pytest.raises(NotAcceptableError):
            choose(accept, DOCUMENT_OFFERS)
    else:
        assert choose(accept, DOCUMENT_OFFERS).media_type == chosen


def test_alias_keeps_its_suffix() -> None:
    assert [choose("application/json", offers).suffix for offers in (SELECT_OFFERS, GRAPH_OFFERS)] == [
        "json",
        "jsonld",
    ]


def test_refusal_lists_what_is_on_offer() -> None:
    with pytest.raises(NotAcceptableError) as caught:
        choose("image/png", SELECT_OFFERS)
    assert caught.value.offers == tuple(offer.media_type for offer in SELECT_OFFERS)
    assert "text/csv" in str(caught.value)


@pytest.mark.parametrize(
    ("suffix", "chosen"),
    [
        ("csv", "text/csv"),
        ("CSV", "text/csv"),
        ("text/csv", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("ttl", None),
        ("", None),
    ],
)
def test_suffix(suffix: str, chosen: str | None) -> None:
    if chosen is None:
        with pytest.raises(NotAcceptableError):
            choose_suffix(suffix, SELECT_OFFERS)
    else:
        assert choose_suffix(suffix, SELECT_OFFERS).media_type == chosen


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "fr"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),  # a region of a language
        ("de, ru;q=0.5", "ru"),
        ("de", "en"),  # none of ours: the first
        ("*", "en"),
        ("en;q=0, *", "fr"),
        ("ru;q=0.2, *;q=0.1", "ru"),
        ("RU", "ru"),
        ("zzz;;;q=,,", "en"),
    ],
)
def test_language(accept: str | None, chosen: str) -> None:
    assert choose_language(accept, ("en", "fr", "ru")) == chosen


def test_etag_differs_with_each_part() -> None:
    tags = {
        etag("v1", "a", "b"),
        etag("v2", "a", "b"),
        etag("v1", "ab"),
        etag("v1", "a", "c"),
        etag("v1", "b", "a"),
    }
    assert len(tags) == 5
    assert all(tag.startswith('"') and tag.endswith('"') and len(tag) == 34 for tag in tags)


OFFERS = (Offer("text/html", "html"), Offer("text/turtle", "ttl"), Offer("application/json", "json"))
RANGES = [*(offer.media_type for offer in OFFERS), "text/*", "application/*", "*/*", "image/png"]
WEIGHTS = st.sampled_from(["", ";q=0", ";q=0.000", ";q=0.1", ";q=0.25", "; q=0.999", ";q=1", ";Q=1.000"])


def oracle(ranges: dict[str, float]) -> str | None:
    """Choose as RFC 9110 section 12.5.1 says: for each type the most specific range, then the best weight."""

    def quality(media_type: str) -> float:
        for value in (media_type, media_type.split("/")[0] + "/*", "*/*"):
            if value in ranges:
                return ranges[value]
        return 0.0

    best = max(OFFERS, key=lambda offer: quality(offer.media_type))
    return best.media_type if quality(best.media_type) > 0 else None


@given(
    st.dictionaries(st.sampled_from(RANGES), WEIGHTS, min_size=1), st.sampled_from([",", ", ", " , ", ",,"])
)
def test_choice_is_that_of_the_rfc(weights: dict[str, str], comma: str) -> None:
    header = comma.join(value + weight for value, weight in weights.items())
    numbers = {value: float(weight.partition("=")[2] or 1) for value, weight in weights.items()}
    try:
        chosen: str | None = choose(header, OFFERS).media_type
    except NotAcceptableError:
        chosen = None
    assert chosen == oracle(numbers)


HOSTILE = st.lists(
    st.sampled_from(['"', "\\", ";", ",", "q=", "=", "/", "*", "text", "turtle", "0", ".", " ", "\t", "é"])
).map("".join)


@given(st.text() | HOSTILE)
def test_any_header_gives_an_offer_or_a_refusal(header: str) -> None:
    for offers in (DOCUMENT_OFFERS, SELECT_OFFERS, GRAPH_OFFERS):
        try:
            chosen = choose(header, offers)
        except NotAcceptableError:
            continue
        assert chosen.suffix in {offer.suffix for offer in offers}


@given(st.text() | HOSTILE)
def test_any_header_gives_a_language(header: str) -> None:
    assert choose_language(header, ("en", "fr", "ru")) in {"en", "fr", "ru"}
