"""Checking what is sent in the context of the graph as it is now."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from gcm.desk.submission import Checked, Checker
from gcm.given import Given
from gcm.layout import Sources
from gcm.load import current
from gcm.validate import Options, Outcome
from gcm.validate.bench import Bench


def checker_of(sources: Callable[[], Sources], store: Path) -> Checker:
    """Give what checks in this process, in the version that is current in the folder `store`."""

    def check_here(given: Sequence[Given], options: Options) -> Outcome:
        from gcm.validate.context import Context  # not above: see _check_without
        from gcm.validate.run import check

        return check(given, Context.of_version(current(store).path), options=options)

    return _checker(check_here, sources)


def checker_on(bench: Bench, sources: Callable[[], Sources]) -> Checker:
    """Give what checks in a process of its own, which is ended at its limits."""

    def check_there(given: Sequence[Given], options: Options) -> Outcome:
        return bench.check(given, options=options)

    return _checker(check_there, sources)


def _checker(ask: Callable[[Sequence[Given], Options], Outcome], sources: Callable[[], Sources]) -> Checker:
    def check_all(
        given: Sequence[Given], *, without: Collection[Path] = (), with_datasets: bool = True
    ) -> Checked:
        if without:
            outcome = _check_without(sources(), given, without)
        else:  # what stays as it is published is not looked at again: a proposal costs what it changes
            outcome = ask(given, Options(only_changes=True, with_datasets=with_datasets))
        return Checked(outcome.report, outcome.datasets)

    return check_all


def _check_without(sources: Sources, given: Sequence[Given], without: Collection[Path]) -> Outcome:
    """Check as if some files were not there, which no version shows: all others are read.

    What is given may stay as it is, and speak of what goes: it is checked whole.
    """
    # Not above: a server checks nearly all in other processes, and starts in a tenth of a second less.
    from gcm.validate.context import Context
    from gcm.validate.run import check

    kept = replace(sources, data=tuple(path for path in sources.data if path not in without))
    return check(given, Context.of_sources(kept))
