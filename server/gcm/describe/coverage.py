"""Of which places and years each dataset speaks: found once for a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from gcm.describe.counted import Counting, count_once
from gcm.describe.graph import Graph
from gcm.query import page_query, solutions


@dataclass(frozen=True)
class Coverage:
    """The places of which a dataset speaks, and the first and last year of its dates; None without dates."""

    places: tuple[NamedNode, ...] = ()
    years: tuple[str, str] | None = None


def coverage_of(graph: Graph) -> Mapping[NamedNode | None, Coverage]:
    """Give what each dataset covers; what all cover together, by regions, is under None."""
    return graph.remember(count_once, COVERAGE)


def _find(graph: Graph) -> Mapping[NamedNode | None, Coverage]:
    places, regions = _places(graph)
    years = _years(graph)
    found: dict[NamedNode | None, Coverage] = {
        dataset: Coverage(tuple(places.get(dataset, ())), years.get(dataset))
        for dataset in {**places, **years}
    }
    firsts, lasts = [first for first, _ in years.values()], [last for _, last in years.values()]
    found[None] = Coverage(regions, (min(firsts), max(lasts)) if years else None)
    return found


def _places(graph: Graph) -> tuple[dict[NamedNode, list[NamedNode]], tuple[NamedNode, ...]]:
    """Give the places of each dataset, and the regions of all."""
    found: dict[NamedNode, list[NamedNode]] = {}
    regions: dict[NamedNode, None] = {}
    for row in solutions(graph.store, page_query("dataset-places"), bind={}):
        dataset, place, is_region = row["dataset"], row["place"], row["isRegion"]
        if isinstance(dataset, NamedNode) and isinstance(place, NamedNode):
            found.setdefault(dataset, []).append(place)
            if isinstance(is_region, Literal) and is_region.value == "true":
                regions[place] = None
    return found, tuple(regions)


def _years(graph: Graph) -> dict[NamedNode, tuple[str, str]]:
    found = {}
    for row in solutions(graph.store, page_query("dataset-years"), bind={}):
        dataset, first, last = row["dataset"], row["first"], row["last"]
        if isinstance(dataset, NamedNode) and isinstance(first, Literal) and isinstance(last, Literal):
            found[dataset] = (first.value, last.value)
    return found


def _encode(found: Mapping[NamedNode | None, Coverage]) -> object:
    return [
        [dataset and dataset.value, [place.value for place in each.places], each.years]
        for dataset, each in found.items()
    ]


def _decode(rows: Sequence[Any]) -> Mapping[NamedNode | None, Coverage]:  # Any: of a file
    return {
        None if dataset is None else NamedNode(dataset): Coverage(
            tuple(map(NamedNode, places)), None if years is None else (str(years[0]), str(years[1]))
        )
        for dataset, places, years in rows
    }


COVERAGE = Counting("coverage", _find, _encode, _decode)
