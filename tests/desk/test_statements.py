"""Statements that are written down and read again."""

from gcm.desk.statements import patch_lines, read_patch
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Triple

from tests.desk_world import COMMITMENTS, NOTE, PLEDGE

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x0b\x1c\x85\u2028\u2029\r\n"))


@given(st.frozensets(TEXTS), st.frozensets(TEXTS))
def test_a_patch_is_read_as_it_was_written_whatever_the_values_hold(
    added: frozenset[str], removed: frozenset[str]
) -> None:
    come, go = (
        frozenset(Triple(PLEDGE, NOTE, Literal(each)) for each in texts) for texts in (added, removed)
    )
    lines = patch_lines(COMMITMENTS, added=come, removed=go)
    assert read_patch("".join(f"{each}\n" for each in lines)) == (come, go)
