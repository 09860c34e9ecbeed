"""How many invented faults are found, placed and mended: `python -m tests.corpus [--seed N] [--each N]`."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from gcm.validate.context import Context

from tests.corpus.bases import Base
from tests.corpus.broken import make_broken
from tests.corpus.measure import (
    EACH,
    Outcome,
    make_cases,
    make_whole_files,
    measure,
    measure_whole_files,
    sources,
    valid_files,
    world_alone,
)


def main() -> None:
    """Print the figures of one run, by kind of fault and by syntax."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="name each case that went wrong")
    options = parser.parse_args()
    context = Context.of_sources(sources())
    outcomes = measure_all(options.seed, valid_files(sources(), context), context, each=options.each)
    sys.stdout.write(table(outcomes, lambda each: each.case.fault.kind))
    sys.stdout.write(table(outcomes, lambda each: each.case.form.value))
    if options.show:
        sys.stdout.writelines(f"{line}\n" for line in wrong(outcomes))


def measure_all(seed: int, bases: Sequence[Base], context: Context, *, each: int = EACH) -> list[Outcome]:
    """Make and check all files; those that cannot be read by themselves, since they might mend others."""
    cases = make_cases(seed, sources(), bases, context, each=each)
    outcomes = measure(cases, context) + measure(make_broken(seed, bases), context)
    whole = make_whole_files(seed, sources(), but=cases)
    return outcomes + measure_whole_files(whole, Context.of_sources(world_alone()))


def table(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> str:
    """Write one line for each group and one for all of them."""
    counts: dict[str, Counter[str]] = {}
    for each in outcomes:
        for name in (key(each), "together"):
            counts.setdefault(name, Counter()).update(_facts(each))
    head = ("", "files", "found", "placed", "false", "mechanical", "with fix", "mended")
    rows = [head, *((name, *(str(counts[name][each]) for each in head[1:])) for name in sorted(counts))]
    return "\n".join(f"{row[0]:30}" + "".join(f"{each:>12}" for each in row[1:]) for row in rows) + "\n\n"


def _facts(each: Outcome) -> dict[str, int]:
    mechanical = each.case.fault.is_mechanical
    return {
        "files": 1,
        "found": each.is_found,
        "placed": each.is_placed,
        "false": len(each.false),
        "mechanical": mechanical,
        "with fix": mechanical and each.has_fix,
        "mended": mechanical and each.is_mended,
    }


def wrong(outcomes: Iterable[Outcome]) -> Iterable[str]:
    """Say of each case that went wrong what was expected and what was said."""
    for each in outcomes:
        fault, case = each.case.fault, each.case
        lacks_fix = fault.is_mechanical and not each.is_mended
        if each.is_placed and not each.false and not lacks_fix:
            continue
        said = [f"{one.line} {one.message} [{one.source}] {one.fix}" for one in each.results]
        blamed = fault.statements[fault.blamed]
        head = f"{case.given.name} {fault.kind} in {fault.base.form.name} line {sorted(case.right)}: {blamed}"
        yield "\n    ".join([head, *said])


if __name__ == "__main__":
    main()
