"""The negotiator beside an oracle: ten thousand Accept headers from a seeded generator.

The oracle is written from RFC 9110 alone (sections 5.6, 8.3.1, 12.4.2 and 12.5.1) and shares no code with
what it judges. What the RFC leaves open is decided where it is read, and named there.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pytest
from gcm.errors import NotAcceptableError
from gcm.web.negotiate import DOCUMENT_OFFERS, GRAPH_OFFERS, SELECT_OFFERS, Offer, choose

HEADERS = 10_000
SEED = 9110

#: RFC 9110 section 5.6.2.
TOKEN_SIGNS = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True)
class MediaRange:
    """One member of the list, as far as it counts."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    weight: float


def split_outside_quotes(text: str, sign: str) -> list[str]:
    """Cut at `sign`, but not within a quoted string (section 5.6.4); a backslash there quotes one sign."""
    parts, quoted, escaped = [""], False, False
    for each in text:
        if each == sign and not quoted:
            parts.append("")
            continue
        parts[-1] += each
        if quoted and not escaped and each == "\\":
            escaped = True
            continue
        if each == '"' and not escaped:
            quoted = not quoted
        escaped = False
    return parts


def read_qvalue(text: str) -> float | None:
    """Section 12.4.2: `0` and up to three digits, or `1` and up to three zeros."""
    whole, dot, digits = text.partition(".")
    if whole not in {"0", "1"} or len(digits) > 3 or (digits and not digits.isascii()):
        return None
    if (digits and not digits.isdigit()) or (whole == "1" and digits.strip("0")):
        return None
    return float(whole + (dot and f".{digits or 0}"))


def is_token(text: str) -> bool:
    return bool(text) and set(text) <= TOKEN_SIGNS


def read_value(text: str) -> str | None:
    """Section 5.6.6: a token, or a quoted string that says the same as the token within it."""
    if is_token(text):
        return text
    if len(text) < 2 or not (text.startswith('"') and text.endswith('"')):
        return None
    plain, position = "", 1
    while position < len(text) - 1:
        position += text[position] == "\\"
        plain += text[position]
        position += 1
    return plain if position == len(text) - 1 else None


def read_range(member: str) -> MediaRange | None:
    """Section 12.5.1; what does not follow the grammar says nothing (the RFC leaves it open)."""
    name, *rest = (part.strip(" \t") for part in split_outside_quotes(member, ";"))
    type_, slash, subtype = name.partition("/")
    if not (slash and is_token(type_) and is_token(subtype)):
        return None
    weights, parameters = [], []
    for part in rest:
        if not part:
            continue  # section 5.6.6 allows empty parameters
        key, equals, value = part.partition("=")
        if key.lower() == "q":
            weights.append(value)
        elif equals and is_token(key) and (plain := read_value(value)) is not None:
            parameters.append((key.lower(), plain.lower()))
        else:
            return None
    weight = read_qvalue(weights[0]) if weights else 1.0
    if weight is None:
        return None
    return MediaRange(type_.lower(), subtype.lower(), tuple(parameters), weight)


@cache
def read_accept(header: str) -> list[MediaRange]:
    """Section 5.6.1.2: empty members are allowed and say nothing."""
    members = (member.strip(" \t") for member in split_outside_quotes(header, ","))
    return [found for member in members if member and (found := read_range(member))]


def precedence(each: MediaRange, content_type: str) -> int | None:
    """How closely a range names a representation (section 12.5.1); None if it does not match it.

    A parameter that the representation has makes a range more specific. One that it does not have is without
    significance (section 8.3.1 leaves that to the type), but names it less closely than the bare type.
    """
    full, *own = content_type.split("; ")
    type_, _, subtype = full.partition("/")
    if (each.type, each.subtype) == ("*", "*"):
        return 0
    if each.type != type_ or each.subtype not in {"*", subtype}:
        return None
    if each.subtype == "*":
        return 1
    if not each.parameters:
        return 3
    return 4 if {"=".join(pair) for pair in each.parameters} <= set(own) else 2


def weight_of(content_type: str, ranges: Sequence[MediaRange]) -> float:
    """Give the weight of the range with the highest precedence (of the same range twice, the kinder)."""
    found = [(rank, each.weight) for each in ranges if (rank := precedence(each, content_type)) is not None]
    return max(found)[1] if found else 0.0


def content_type_of(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def oracle(header: str, offers: Sequence[Offer]) -> str | None:
    """Give the media type to be sent; None stands for 406.

    Without a range that can be read, everything is acceptable (section 12.5.1). A form that has a second
    name is offered under it to whoever says that name.
    """
    ranges = read_accept(header)
    if not ranges:
        return offers[0].media_type
    said = {f"{each.type}/{each.subtype}" for each in ranges}
    available = [
        name
        for offer in offers
        for name in (offer.media_type, *(each for each in offer.aliases if each in said))
    ]
    best = max(available, key=lambda name: weight_of(content_type_of(name), ranges))
    return best if weight_of(content_type_of(best), ranges) > 0 else None


OFFERED = (DOCUMENT_OFFERS, SELECT_OFFERS, GRAPH_OFFERS)
TYPES = sorted(
    {name for offers in OFFERED for offer in offers for name in (offer.media_type, *offer.aliases)}
)
RANGES = (
    *TYPES,
    *TYPES,
    "*/*",
    "*/*",
    "text/*",
    "application/*",
    "image/png",
    "image/*",
    "*/html",
    "text/htm",
)
WEIGHTS = (
    "0", "0.", "0.0", "0.00", "0.000", "1", "1.", "1.0", "1.000",
    "0.1", "0.25", "0.5", "0.500", "0.9", "0.999", "0.001",
)  # fmt: skip
BROKEN_WEIGHTS = ("", "x", "-1", "-0.5", '"0.5"', "0,5", "1e0", "0x1", "+1", "0.5.5", "½", "٠", "nan", "0 .5")
PARAMETERS = (
    "charset=utf-8", "charset=UTF-8", 'charset="utf-8"', "Charset=utf-8", "charset=iso-8859-1", "version=1.2",
    'profile="http://www.w3.org/ns/json-ld#compacted"', 'profile="a, b;q=0"', 'a="\\""', 'a="\\\\"', "a=b",
    'profile=""', "header=present;charset=utf-8",
)  # fmt: skip
BROKEN = (
    "text", "/html", "text/", "/", "text/turtle/x", "te xt/html", "text /turtle", "text/turtle;charset",
    "text/turtle;=x", "text/html;a=b c", "text/turtle;\x01=x", "é/é", "text/turtle;a=é", ";", ";q=1", "q=1",
    '"text/html"', "text/(html)", "text/turtle;a=\"x\"y", "[]", "http://example.org", "text/html:q=1", "\x7f",
)  # fmt: skip
SEPARATORS = (",", ", ", " , ", ",\t", ",,", ", ,", " ,\t, ")


def any_case(text: str, chance: random.Random) -> str:
    return chance.choice((text, text, text.upper(), text.title(), text.swapcase()))


def any_weight(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return ""
    value = chance.choice(BROKEN_WEIGHTS) if chance.random() < 0.08 else chance.choice(WEIGHTS)
    return f"{chance.choice((';', '; ', ' ;', chr(9) + '; '))}{chance.choice(('q', 'q', 'q', 'Q'))}={value}"


def any_parameter(chance: random.Random) -> str:
    if chance.random() < 0.7:
        return chance.choice(("", "", "", ";", "; ;"))
    return chance.choice((";", "; ", " ; ")) + chance.choice(PARAMETERS)


def any_member(chance: random.Random) -> str:
    if chance.random() < 0.08:
        return chance.choice(BROKEN)
    name = any_case(chance.choice(RANGES), chance)
    return name + any_parameter(chance) + any_weight(chance) + any_parameter(chance)


def any_header(chance: random.Random) -> str:
    members = [any_member(chance) for _ in range(chance.choice((1, 1, 2, 2, 3, 4, 5, 8)))]
    if chance.random() < 0.2:
        members.append(chance.choice(members))  # said twice
    if chance.random() < 0.15:
        members.append(chance.choice(("*/*;q=0", "*/*; q=0.000", "*/*;q=0.001")))
    if chance.random() < 0.05:
        members.insert(0, chance.choice(members).partition(";")[0])  # once more, with another weight
    edge = chance.choice(("", "", "", ",", " ", ", "))
    return edge + chance.choice(SEPARATORS).join(members) + edge


@cache
def all_headers() -> list[str]:
    chance = random.Random(SEED)
    found: dict[str, None] = {}
    while len(found) < HEADERS:
        found[any_header(chance)] = None
    return list(found)


def chosen(header: str, offers: Sequence[Offer]) -> str | None:
    try:
        return choose(header, offers).media_type
    except NotAcceptableError:
        return None


@pytest.mark.parametrize(("offers", "every"), [(DOCUMENT_OFFERS, 1), (SELECT_OFFERS, 3), (GRAPH_OFFERS, 3)])
def test_choice_is_that_of_the_oracle(offers: Sequence[Offer], every: int) -> None:
    both = ((header, chosen(header, offers), oracle(header, offers)) for header in all_headers()[::every])
    wrong = [each for each in both if each[1] != each[2]]
    assert not wrong, f"{len(wrong)} of {HEADERS}; the first: {wrong[:5]}"


def test_generator_reaches_every_outcome() -> None:
    """A generator that only made 406, or only one form, would prove little."""
    outcomes = [oracle(header, DOCUMENT_OFFERS) for header in all_headers()]
    least = min(outcomes.count(offer.media_type) for offer in DOCUMENT_OFFERS)
    assert least > HEADERS / 100
    assert HEADERS / 100 < outcomes.count(None) < HEADERS / 2


#: RFC 9110 section 12.5.1, the example whose weights the RFC lists.
EXAMPLE = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"


@pytest.mark.parametrize(
    ("content_type", "weight"),
    [("text/plain; format=flowed", 1), ("text/plain", 0.7), ("text/html", 0.3), ("image/jpeg", 0.5),
     ("text/plain; format=fixed", 0.4)],
)  # fmt: skip
def test_oracle_knows_the_example_of_the_rfc(content_type: str, weight: float) -> None:
    assert weight_of(content_type, read_accept(EXAMPLE)) == weight


@pytest.mark.parametrize(
    ("member", "as_if"),
    [("*", "*/*"), ("*;q=.2", "*/*;q=0.2"), ("text/csv;q=.5", "text/csv;q=0.5"),
     ("text/csv;q=2", "text/csv;q=1"), ("text/csv;q=1.5", "text/csv;q=1"),
     ("text/csv;q=0.12345", "text/csv;q=0.123"), ("text/csv;q = 0.5", "text/csv;q=0.5")],
)  # fmt: skip
def test_mistakes_that_have_one_meaning_are_read_so(member: str, as_if: str) -> None:
    """Beyond the grammar: old Java and hand-written clients send these, and nobody can misunderstand them."""
    for rest in ("", ", text/turtle;q=0.3", ", text/turtle;q=0.15", ", text/html;q=0.6", ", */*;q=0.05"):
        assert chosen(member + rest, DOCUMENT_OFFERS) == oracle(as_if + rest, DOCUMENT_OFFERS)
