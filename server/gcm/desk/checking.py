"""Checking what is sent in the context of the graph as it is now."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from gcm.desk.submission import Checked, Checker
from gcm.given import Given
from gcm.layout import Sources
from gcm.load import current
from gcm.validate import Options
from gcm.validate.bench import Bench

#: What stays as it is published is not looked at again: a proposal costs what it changes.
_CHANGES = Options(only_changes=True)


def checker_of(sources: Callable[[], Sources], store: Path) -> Checker:
    """Give what checks in this process, in the version that is current in the folder `store`."""

    def check_here(given: Sequence[Given], *, without: Collection[Path] = ()) -> Checked:
        from gcm.validate.context import Context  # not above: see check_without
        from gcm.validate.run import check

        if without:
            return check_without(sources(), given, without)
        outcome = check(given, Context.of_version(current(store).path), options=_CHANGES)
        return Checked(outcome.report, outcome.datasets)

    return check_here


def checker_on(bench: Bench, sources: Callable[[], Sources]) -> Checker:
    """Give what checks in a process of its own, which is ended at its limits."""

    def check_there(given: Sequence[Given], *, without: Collection[Path] = ()) -> Checked:
        if without:
            return check_without(sources(), given, without)
        outcome = bench.check(given, options=_CHANGES)
        return Checked(outcome.report, outcome.datasets)

    return check_there


def check_without(sources: Sources, given: Sequence[Given], without: Collection[Path]) -> Checked:
    """Check as if some files were not there, which no version shows: all others are read.

    What is given may stay as it is, and speak of what goes: it is checked whole.
    """
    # Not above: a server checks nearly all in other processes, and starts in a tenth of a second less.
    from gcm.validate.context import Context
    from gcm.validate.run import check

    kept = replace(sources, data=tuple(path for path in sources.data if path not in without))
    outcome = check(given, Context.of_sources(kept))
    return Checked(outcome.report, outcome.datasets)
