"""All that is counted of a version, to be written down once (`gcm.describe.making`)."""

from typing import Any

from gcm.describe.counted import Counting, is_written, write_down
from gcm.describe.coverage import COVERAGE
from gcm.describe.graph import Graph
from gcm.describe.statistics import MIXED, STATISTICS, THINGS
from gcm.query import OpenVersion

#: In the order in which they are counted; Any: what each of them finds is its own.
_ALL: tuple[Counting[Any], ...] = (THINGS, STATISTICS, COVERAGE, MIXED)


def write_numbers(version: OpenVersion) -> None:
    """Count what the version holds and covers, unless that was done before.

    Raises OSError if it cannot be written.
    """
    graph = Graph(version.store, folder=version.path)
    for each in _ALL:
        write_down(graph, each)


def has_numbers(version: OpenVersion) -> bool:
    """Tell whether all is counted and written down."""
    return all(is_written(version.path, each) for each in _ALL)
