"""Carrying out fixes: each whole or not at all, and nothing else changes."""

import io

import pytest
from gcm.given import Edit, Form, Given
from gcm.validate.mend import decoded, fixes_of, mend, with_edit, workbooks_of
from gcm.validate.report import Fix, Report
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.reports import REPORT, TEXT, WRONG_PLACE, text_of

FILES = {"a": "0123456789", "b": "abc"}


def fix(*edits: tuple[str, int, int, str]) -> Fix:
    return Fix("A fix.", tuple(Edit(*each) for each in edits))


@pytest.mark.parametrize(
    ("fixes", "texts", "left"),
    [
        ([fix(("a", 2, 4, "X"))], {"a": "01X456789"}, 0),
        ([fix(("a", 8, 9, "Y")), fix(("a", 2, 4, "X"))], {"a": "01X4567Y9"}, 0),
        ([fix(("a", 2, 4, "X")), fix(("a", 3, 5, "Y"))], {"a": "01X456789"}, 1),  # of two that overlap, one
        ([fix(("a", 2, 4, "X")), fix(("b", 0, 1, "Y"), ("a", 3, 5, "Y"))], {"a": "01X456789"}, 1),  # whole
        ([fix(("a", 2, 4, "X"), ("b", 3, 3, "d"))], {"a": "01X456789", "b": "abcd"}, 0),
        ([fix(("a", 4, 4, "X")), fix(("a", 4, 4, "Y"))], {"a": "0123XY456789"}, 0),  # both are added
        ([fix(("a", 4, 4, "X")), Fix("Another title.", (Edit("a", 4, 4, "X"),))], {"a": "0123X456789"}, 0),
        ([fix(("gone", 0, 0, "X"))], {}, 1),
        ([fix(("a", 9, 11, "X"))], {}, 1),  # outside the text
        ([fix(("a", -1, 1, "X"))], {}, 1),
        ([fix(("a", 3, 2, "X"))], {}, 1),
    ],
)
def test_mend(fixes: list[Fix], texts: dict[str, str], left: int) -> None:
    mended = mend(fixes, FILES.get)
    assert (dict(mended.texts), len(mended.left)) == (texts, left)


def cell_fix(cell: str, text: str, *more: Edit) -> Fix:
    return Fix("A fix.", (Edit("w.xlsx", 0, 0, text, cell=cell), *more))


@pytest.mark.parametrize(
    ("fixes", "cells", "left"),
    [
        ([cell_fix("T!A1", "x"), cell_fix("T!A2", "y")], ["x", "y"], 0),
        ([cell_fix("T!A1", "x"), cell_fix("T!A1", "y")], ["x", "two"], 1),  # a cell is written as a whole
        ([cell_fix("T!A1", "x"), cell_fix("T!A2", "y", Edit("a", 9, 11, "X"))], ["x", "two"], 1),
        ([cell_fix("T!A1", "x", Edit("a", 0, 1, "X"))], ["x", "two"], 0),
    ],
)
def test_cells_of_workbooks_are_mended(fixes: list[Fix], cells: list[str], left: int) -> None:
    workbook = Workbook()
    sheet = workbook.create_sheet("T")
    sheet["A1"], sheet["A2"], sheet["B1"] = "one", "two", 3
    data = io.BytesIO()
    workbook.save(data)
    own = Given("w.xlsx", data.getvalue(), Form.XLSX)
    mended = mend(fixes, FILES.get, workbooks_of([own]))
    sheet = load_workbook(io.BytesIO(mended.apply_to(own).data))["T"]
    assert ([sheet["A1"].value, sheet["A2"].value], len(mended.left)) == (cells, left)
    assert sheet["B1"].value == 3


def test_workbooks_that_are_not_at_hand_are_left_alone() -> None:
    mended = mend(fixes_of(REPORT), text_of)
    assert mended.texts == {"my file.ttl": TEXT.replace("place:ZZQ", "place:ZZA")}
    assert [each.title for each in mended.left] == ["Clear the cell."]


def test_the_same_fix_is_carried_out_once() -> None:
    assert fixes_of(Report((WRONG_PLACE, WRONG_PLACE))) == (WRONG_PLACE.fix,)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), max_size=6, unique=True))
def test_no_character_is_changed_twice(spans: list[tuple[int, int]]) -> None:
    fixes = [fix(("a", start, end, "")) for start, end in spans]
    mended = mend(fixes, FILES.get)
    done = [each.edits[0] for each in fixes if each not in mended.left]
    gone = {number for edit in done for number in range(edit.start, edit.end)}
    kept = "".join(sign for number, sign in enumerate(FILES["a"]) if number not in gone)
    assert mended.texts.get("a", FILES["a"]) == kept


MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("data", "typed", "now"),
    [
        (b"a\nb\n", "a\r\nb\r\n", b"a\nb\n"),  # browsers send CR LF: nothing was changed
        (b"a\rb", "a\r\nb", b"a\rb"),
        (MARK + b"a\r\nb", "a\r\nb", MARK + b"a\r\nb"),
        (b"a\nb", "a\r\nc", b"a\nc"),
        (MARK + b"a\r\nb", "a\r\nc", MARK + b"a\r\nc"),  # mark and line ends stay
        (b"\xff", "a", b"\xff"),  # not UTF-8: nobody could have changed it
    ],
)
def test_a_text_area_changes_only_what_was_typed(data: bytes, typed: str, now: bytes) -> None:
    assert with_edit(Given("a.ttl", data, Form.TURTLE), typed).data == now


def test_a_workbook_has_no_text() -> None:
    assert decoded(Given("a.xlsx", b"PK", Form.XLSX)) is None
