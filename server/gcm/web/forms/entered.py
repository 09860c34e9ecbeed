"""What was typed into a form: rows of each field, read from the names of its inputs.

Row 2 of the field `gcm:isMadeBy` is the input `gcm:isMadeBy.2`; its language `gcm:isMadeBy.2.lang`, the
things chosen in place of its words `gcm:isMadeBy.2.pick`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

#: An input of a row; a form has no more rows than two digits count.
_INPUT = re.compile(r"(?P<key>.+?)\.(?P<row>[0-9]{1,2})(?:\.(?P<part>lang|pick))?", re.DOTALL)

#: Fields of the document or the dataset stand beside those of the thing under a name with this sign.
OF = "@"


@dataclass(frozen=True)
class Row:
    """One value as typed: words, their language where a field has languages, or things picked instead."""

    text: str = ""
    language: str = ""
    picks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed or picked."""
        return not self.text.strip() and not self.picks


@dataclass(frozen=True)
class Entered:
    """All rows of a form by the keys of their fields, and what does not belong to a field."""

    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: str) -> tuple[Row, ...]:
        """Give the rows of a field."""
        return self.rows.get(key, ())

    def filled(self, key: str) -> tuple[Row, ...]:
        """Give the rows of a field that hold something."""
        return tuple(each for each in self.of(key) if not each.is_empty)

    def first(self, key: str) -> str:
        """Give the words of the first row of a field."""
        return next((each.text.strip() for each in self.filled(key)), "")

    def setting(self, name: str) -> str:
        """Give what does not belong to a field; "" where it was not sent."""
        return self.settings.get(name, "").strip()

    def with_rows(self, key: str, rows: Iterable[Row]) -> "Entered":
        """Give the same with other rows of one field."""
        return replace(self, rows={**self.rows, key: tuple(rows)})

    def with_another(self, key: str) -> "Entered":
        """Give the same with one more empty row of a field."""
        return self.with_rows(key, (*(self.of(key) or (Row(),)), Row()))


def read_entered(inputs: Iterable[tuple[str, Sequence[str]]]) -> Entered:
    """Read what was sent: pairs of an input's name and its values."""
    found: dict[str, dict[int, dict[str, Sequence[str]]]] = {}
    settings: dict[str, str] = {}
    for name, values in inputs:
        match = _INPUT.fullmatch(name)
        if match is None:
            settings[name] = values[0] if values else ""
        else:
            parts = found.setdefault(match["key"], {}).setdefault(int(match["row"]), {})
            parts[match["part"] or "text"] = values
    rows = {key: tuple(_row(numbered[each]) for each in sorted(numbered)) for key, numbered in found.items()}
    return Entered({key: _spread(each) for key, each in rows.items()}, settings)


def input_name(key: str, number: int, part: str = "") -> str:
    """Name an input of a row."""
    return f"{key}.{number}" + (f".{part}" if part else "")


def _row(parts: Mapping[str, Sequence[str]]) -> Row:
    picks = tuple(each for each in parts.get("pick", ()) if each)
    return Row(_first(parts, "text"), _first(parts, "lang"), picks)


def _first(parts: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(parts.get(name, ())), "")


def _spread(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Make a row of each thing that was picked: what was typed has done its duty."""
    return tuple(each for row in rows for each in ([Row(pick) for pick in row.picks] if row.picks else [row]))
