"""All that is counted of a version, to be written down once (`gcm.describe.making`)."""

from gcm.describe.counted import is_written, write_down
from gcm.describe.coverage import COVERAGE
from gcm.describe.graph import Graph
from gcm.describe.statistics import STATISTICS, THINGS
from gcm.query import OpenVersion


def write_numbers(version: OpenVersion) -> None:
    """Count what the version holds and covers, unless that was done before.

    Raises OSError if it cannot be written.
    """
    graph = Graph(version.store, folder=version.path)
    write_down(graph, THINGS)
    write_down(graph, STATISTICS)
    write_down(graph, COVERAGE)


def has_numbers(version: OpenVersion) -> bool:
    """Tell whether all is counted and written down."""
    folder = version.path
    return is_written(folder, THINGS) and is_written(folder, STATISTICS) and is_written(folder, COVERAGE)
