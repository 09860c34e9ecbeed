"""Carrying out edits on a text."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from gcm.given import Edit


def is_apart(edits: Sequence[Edit]) -> bool:
    """Tell whether edits, in the order of their places, touch no character twice."""
    return all(before.end <= after.start for before, after in pairwise(edits))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Carry out edits of one text, all of which name places in it as it is now.

    Raises ValueError if two of them overlap, or one lies outside the text.
    """
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    if not is_apart(ordered):
        raise ValueError("Two edits change the same characters; apply one of them, then look again.")
    pieces, position = [], 0
    for edit in ordered:
        if not 0 <= edit.start <= edit.end <= len(text):
            raise ValueError("An edit lies outside the text; it was made for another one.")
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])
