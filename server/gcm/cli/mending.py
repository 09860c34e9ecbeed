"""`gcm validate --fix`: the difference that the suggested fixes make, the question, and the writing."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gcm.cli.files import replace_file
from gcm.given import Given

if TYPE_CHECKING:
    from gcm.validate.render import Checked


def offer_fixes(checked: "Checked", given: Sequence[Given], *, asks: bool, clear: Callable[[], None]) -> bool:
    """Show what the fixes change in each file, ask, and write; tell whether any file was written."""
    from gcm.validate.mend import decoded, fixes_of, mend, with_text

    files = {each.name: each for each in given}
    mended = mend(fixes_of(checked.report), lambda name: decoded(files[name]) if name in files else None)
    clear()
    is_written = False
    for name, text in mended.texts.items():
        click.echo("".join(_difference(name, checked.text_of(name) or "", text)), nl=False, err=True)
        if not asks or click.confirm(f"Change {name}?", err=True):
            replace_file(Path(name), with_text(files[name], text).data)
            is_written = True
    _tell(len(mended.texts), len(mended.left))
    return is_written


def _tell(changed: int, left: int) -> None:
    if not changed:
        click.echo("No fix can be carried out by itself.", err=True)
    if left:
        click.echo(f"Left out, since others change the same place, or it is a cell: {left}.", err=True)


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
