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
_BRACED = f"{{{_NUMBER}}}"
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
    def parts(self) -> tuple[str, ...]:
        """What an address needs, way by way: `code`, `number`, and properties by their short names."""
        return tuple(dict.fromkeys(part for way in self.ways for part in _PART.findall(way)))

    def mint(self, values: Values, taken: Collection[str]) -> Minted | None:
        """Make the address of a thing by the first way whose values are known; None if there is none.

        `taken` are all addresses of the kind that were ever given, as text: a number is never used again.
        """
        return Minter(self, taken).mint(values)

    def address(self, values: Values) -> str | None:
        """Give the address of a thing by the first way whose values are known, numbers still in braces."""
        found = (self._filled(way, values) for way in self.ways)
        return next((self._start + each for each in found if each is not None), None)

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


class Minter:
    """Gives new addresses by a rule, never one twice."""

    def __init__(self, rule: Rule, taken: Collection[str]) -> None:
        """Take all addresses that were ever given, as text."""
        self._rule = rule
        self._taken = taken
        self._last: dict[str, int] = {}

    def mint(self, values: Values) -> Minted | None:
        """Make the address of a thing; None if what it is made of is not known."""
        address = self._rule.address(values)
        if address is None or _BRACED not in address:
            return None if address is None else Minted(NamedNode(address), is_number=False)
        if address not in self._last:
            self._last[address] = self._highest(address)
        self._last[address] += 1
        return Minted(NamedNode(address.replace(_BRACED, str(self._last[address]))), is_number=True)

    def _highest(self, address: str) -> int:
        before, after = map(re.escape, address.split(_BRACED))
        number = re.compile(rf"{before}(\d+){after}")
        return max((int(found[1]) for each in self._taken if (found := number.fullmatch(each))), default=0)


def _step(value: Value) -> str:
    """Give what a value puts into an address: the last step of an address, a year, or a text as a code."""
    if isinstance(value, NamedNode):
        return value.value.rpartition("/")[2]
    if value.datatype.value in _DATES and (year := _YEAR.match(value.value)):
        return year[0]
    return _SIGNS.sub("-", value.value).strip("-")
