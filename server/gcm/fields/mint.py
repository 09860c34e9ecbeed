"""Addresses of things by the rules that the ontology states of their classes (`gcm:identifierRule`)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from gcm.vocab import PREFIXES, THING, expand

Value = NamedNode | Literal

#: The values of the properties of one thing.
Values = Mapping[NamedNode, Sequence[Value]]

_NUMBER, _CODE = "number", "code"
_PART = re.compile(r"\{([A-Za-z0-9:]+)\}")
_SIGNS = re.compile(r"[^A-Za-z0-9.]+")
_YEAR = re.compile(r"\d{4}(?=\D|$)")
_DATES = tuple(PREFIXES["xsd"] + each for each in ("date", "gYearMonth", "gYear", "dateTime"))

#: What a code in an address may be made of.
CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class Minted:
    """A new address, and whether it is a running number (no other thing can ever have it)."""

    iri: NamedNode
    is_number: bool


class Rule:
    """How the last step of the addresses of things of one class is made."""

    def __init__(self, kind: str, rule: str) -> None:
        """Take the first step of the addresses, and the rule as the ontology has it."""
        self._start = f"{THING}{kind}/"
        self.ways = tuple(rule.split(" or "))

    @property
    def has_numbers(self) -> bool:
        """Whether a thing of which nothing is known gets a running number."""
        return f"{{{_NUMBER}}}" in self.ways

    @property
    def parts(self) -> tuple[str, ...]:
        """What an address needs, way by way: `code`, `number`, and properties by their short names."""
        return tuple(dict.fromkeys(part for way in self.ways for part in _PART.findall(way)))

    def mint(self, values: Values, taken: Collection[str]) -> Minted | None:
        """Make the address of a thing by the first way whose values are known; None if there is none.

        `taken` are all addresses of the kind that were ever given, as text: a number is never used again.
        """
        for way in self.ways:
            pattern = self._filled(way, values)
            if pattern is not None and _NUMBER not in _PART.findall(pattern):
                return Minted(NamedNode(self._start + pattern), is_number=False)
            if pattern is not None:
                return Minted(NamedNode(self._next(pattern, taken)), is_number=True)
        return None

    def _filled(self, way: str, values: Values) -> str | None:
        """Write the values of one thing into a way; None if one is unknown, or more than one is known."""
        pattern = way
        for part in _PART.findall(way):
            if part != _NUMBER:
                steps = tuple(self._steps(part, values))
                if len(steps) != 1:
                    return None
                pattern = pattern.replace(f"{{{part}}}", steps[0])
        return pattern

    def _steps(self, part: str, values: Values) -> Iterator[str]:
        predicate = expand(part)
        for value in values.get(predicate, ()) if predicate else ():
            yield _step(value)

    def _next(self, pattern: str, taken: Collection[str]) -> str:
        before, after = (self._start + pattern).split(f"{{{_NUMBER}}}")
        numbers = re.compile(rf"{re.escape(before)}(\d+){re.escape(after)}")
        used = [int(found[1]) for each in taken if (found := numbers.fullmatch(each))]
        return f"{before}{max(used, default=0) + 1}{after}"

    def allows(self, iri: NamedNode, values: Values) -> bool:
        """Whether the address of a thing is one that the rule could have made."""
        return any(self._fits(iri.value, way, values) for way in self.ways)

    def _fits(self, address: str, way: str, values: Values) -> bool:
        parts = _PART.split(way)  # what stood between braces is at odd places
        parts[::2] = [re.escape(each) for each in parts[::2]]
        parts[1::2] = [self._pattern(each, values) for each in parts[1::2]]
        return re.fullmatch(re.escape(self._start) + "".join(parts), address) is not None

    def _pattern(self, part: str, values: Values) -> str:
        if part == _NUMBER:
            return "[1-9][0-9]*"
        if part == _CODE:
            return CODE.pattern
        return "|".join(re.escape(each) for each in self._steps(part, values)).join(("(?:", ")")) or "(?!)"


def _step(value: Value) -> str:
    """Give what a value puts into an address: the last step of an address, a year, or a text as a code."""
    if isinstance(value, NamedNode):
        return value.value.rpartition("/")[2]
    if value.datatype.value in _DATES and (year := _YEAR.match(value.value)):
        return year[0]
    return _SIGNS.sub("-", value.value).strip("-")
