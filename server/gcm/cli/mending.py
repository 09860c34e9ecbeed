"""`gcm validate --fix`: the difference that the suggested fixes make, the question, and the writing."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gcm.cli.files import replace_file
from gcm.given import Edit, Given

if TYPE_CHECKING:
    from gcm.validate.mend import Mended
    from gcm.validate.render import Checked


def offer_fixes(checked: "Checked", given: Sequence[Given], *, asks: bool, clear: Callable[[], None]) -> bool:
    """Show what the fixes change in each file, ask, and write; tell whether any file was written."""
    from gcm.validate.mend import decoded, fixes_of, mend, workbooks_of

    files = {each.name: each for each in given}
    mended = mend(
        fixes_of(checked.report),
        lambda name: decoded(files[name]) if name in files else None,
        workbooks_of(given),
    )
    clear()
    is_written = False
    for name in (*mended.texts, *mended.cells):
        _show(files[name], mended)
        if not asks or _is_agreed(name):
            replace_file(Path(name), mended.apply_to(files[name]).data)
            is_written = True
    _tell(len(mended.texts) + len(mended.cells), len(mended.left))
    return is_written


def _is_agreed(name: str) -> bool:
    """Ask. Where nobody can answer, as in a hook, nothing is changed, and the report tells the rest."""
    try:
        return click.confirm(f"Change {name}?", err=True)
    except click.Abort as aborted:
        if not isinstance(aborted.__context__, EOFError):
            raise
        click.echo("\nNobody answers, so nothing is changed here; --yes does not ask.", err=True)
        return False


def _show(given: Given, mended: "Mended") -> None:
    """Show what changes in a file: lines, or cells of a workbook with what they hold before and after."""
    from gcm.validate.mend import decoded

    if given.name in mended.cells:
        lines = _changed_cells(given, mended.cells[given.name])
    else:
        lines = _difference(given.name, decoded(given) or "", mended.texts[given.name])
    click.echo("".join(lines), nl=False, err=True)


def _changed_cells(given: Given, edits: Sequence[Edit]) -> Iterator[str]:
    from gcm.tables import read_cells

    before = read_cells(given, [each.cell or "" for each in edits])
    for edit in edits:
        yield _harmless(f"{given.name}:{edit.cell}\n")
        yield _harmless(f"-{_on_one_line(before[edit.cell or ''])}\n")
        yield _harmless(f"+{_on_one_line(edit.text)}\n")


def _on_one_line(text: str) -> str:
    """Write the line breaks within a cell as a sign (U+23CE)."""
    return "⏎".join(text.splitlines())


def _tell(changed: int, left: int) -> None:
    if not changed:
        click.echo("No fix can be carried out by itself.", err=True)
    if left:
        click.echo(f"Left out, since others change the same place: {left}.", err=True)


def _difference(name: str, old: str, new: str) -> Iterator[str]:
    """Write the difference as `diff -u` and `patch` do, escapes of terminals made harmless."""
    lines = difflib.unified_diff(
        old.splitlines(keepends=True),
        new.splitlines(keepends=True),
        f"a/{name.lstrip('/')}",
        f"b/{name.lstrip('/')}",
    )
    return (_harmless(line) for line in lines)


def _harmless(line: str) -> str:
    from gcm.validate.render.checked import safe

    whole = f"{safe(line.rstrip(chr(13) + chr(10)))}\n"
    return whole if line.endswith("\n") else f"{whole}\\ No newline at end of file\n"
