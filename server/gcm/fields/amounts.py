"""Numbers as people write them: with separators, signs and units."""

import re
from dataclasses import dataclass
from decimal import Decimal

#: Signs and names of currencies that stand for exactly one, and their codes of ISO 4217.
CURRENCIES = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "us$": "USD",
    "us dollar": "USD",
    "us dollars": "USD",
    "₽": "RUB",
    "₴": "UAH",
    "₺": "TRY",
    "₾": "GEL",
    "₸": "KZT",
    "₼": "AZN",
    "֏": "AMD",
    "₪": "ILS",
    "zł": "PLN",
    "kč": "CZK",
    "swiss francs": "CHF",
}
#: Signs that several currencies share, those of the region first.
SHARED_SIGNS = {
    "$": ("USD", "CAD", "AUD"),
    "dollar": ("USD", "CAD", "AUD"),
    "dollars": ("USD", "CAD", "AUD"),
    "£": ("GBP",),
    "pound": ("GBP",),
    "pounds": ("GBP",),
    "kr": ("SEK", "NOK", "DKK"),
    "kr.": ("DKK", "SEK", "NOK"),
    "fr.": ("CHF",),
}
_SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "millions": 10**6,
    "billion": 10**9,
    "тыс.": 10**3,
    "млн": 10**6,
    "млрд": 10**9,
}
_SIGNS = "|".join(re.escape(each) for each in sorted({*CURRENCIES, *SHARED_SIGNS}, key=len, reverse=True))
_WHOLE = re.compile(
    rf"(?P<before>{_SIGNS}|[a-z]{{3}}\b)?\s*(?P<digits>[+-]?[0-9][0-9.,'’ ]*)\s*"
    rf"(?P<scale>{'|'.join(map(re.escape, _SCALES))})?\s*(?P<after>%|per cent|percent|{_SIGNS}|[a-z]{{3}})?"
)
_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f]+")
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Amount:
    """A number, and what was written beside it: "%", a currency as it was written, or "" for nothing."""

    number: Decimal
    unit: str = ""


def read_amounts(text: str) -> tuple[Amount, ...]:
    """Give every number that a text can mean, the likelier first; none if it is no number.

    "1,234" is two: a comma parts thousands in English and decimals elsewhere. "200 000,50" is one.
    """
    found = _WHOLE.fullmatch(_BLANKS.sub(" ", text.strip().replace("\u2212", "-")).casefold())
    if not found:
        return ()
    scale = _SCALES.get(found["scale"] or "", 1)
    unit = found["after"] or found["before"] or ""
    unit = "%" if unit in ("per cent", "percent") else unit
    return tuple(Amount(Decimal(each) * scale, unit) for each in _readings(found["digits"].strip()))


def code_of(currency: str) -> str | None:
    """Give the code of a currency by its sign, its name or its code in any case; None if it is not one."""
    plain = currency.strip().casefold()
    if plain in CURRENCIES:
        return CURRENCIES[plain]
    return plain.upper() if re.fullmatch("[a-z]{3}", plain) else None


def written(number: Decimal, *, is_whole: bool = False) -> str:
    """Write a number as XML Schema does: no exponent, and a point if it is a decimal."""
    if is_whole:
        return str(int(number))
    text = f"{number:f}"
    return text if "." in text else f"{text}.0"


def _readings(digits: str) -> tuple[str, ...]:
    if _PLAIN.fullmatch(digits):
        return (digits,)
    found = [
        _undivided(digits, separator, point)
        for separator, point in ((",", "."), (".", ","), (" ", "."), (" ", ","), ("'", "."), ("’", "."))
    ]
    decimal_comma = digits.replace(",", ".")
    comma = (decimal_comma,) if digits.count(",") == 1 and _PLAIN.fullmatch(decimal_comma) else ()
    return tuple(dict.fromkeys([*(each for each in found if each), *comma]))


def _undivided(digits: str, separator: str, point: str) -> str | None:
    mark, dot = re.escape(separator), re.escape(point)
    if not re.fullmatch(rf"[+-]?[0-9]{{1,3}}({mark}[0-9]{{3}})+({dot}[0-9]+)?", digits):
        return None
    return digits.replace(separator, "").replace(point, ".")
