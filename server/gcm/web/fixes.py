"""Fixes on a page: the value of the button that carries one out, and what it shows of the change."""

import json
from dataclasses import dataclass

from gcm.errors import QueryError
from gcm.given import Edit
from gcm.validate.mend import fixes_of
from gcm.validate.render import Checked
from gcm.validate.render.checked import safe
from gcm.validate.report import Fix

#: Characters of a replacement that are shown.
_LONGEST = 120


@dataclass(frozen=True)
class Change:
    """What a fix takes away, and what it writes instead."""

    old: str
    new: str


def write_fix(fix: Fix) -> str:
    """Write a fix as the value of a button."""
    return json.dumps([[each.file, each.start, each.end, each.text, each.cell] for each in fix.edits])


def read_fix(written: str) -> Fix:
    """Read the value of a button. Raises QueryError if it is none."""
    try:
        rows = [
            Edit(str(file), int(start), int(end), str(text), cell=str(cell) if cell else None)
            for file, start, end, text, cell in json.loads(written)
        ]
    except (ValueError, TypeError, OverflowError):
        raise QueryError("The fix cannot be read. Check the file anew.") from None
    return Fix("", tuple(rows))


def is_applicable(fix: Fix, checked: Checked) -> bool:
    """Tell whether the page can carry a fix out: it changes cells, or texts that were sent."""
    return all(edit.cell or checked.text_of(edit.file) is not None for edit in fix.edits)


def count_applicable(checked: Checked) -> int:
    """Count the fixes that the page can carry out."""
    return sum(is_applicable(fix, checked) for fix in fixes_of(checked.report))


def changes_of(fix: Fix, checked: Checked) -> tuple[Change, ...]:
    """Say what a fix that can be carried out takes away and writes."""
    texts = [(edit, checked.text_of(edit.file) or "") for edit in fix.edits]
    return tuple(Change(_short(text[edit.start : edit.end]), _short(edit.text)) for edit, text in texts)


def _short(text: str) -> str:
    shown = safe(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
