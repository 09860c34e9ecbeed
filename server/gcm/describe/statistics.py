"""What a version holds, in numbers: counted once for a version, by the engine (`gcm.describe.counted`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from gcm.describe.counted import Counting, count_once
from gcm.describe.graph import Graph, natural_order
from gcm.query import Term, page_query, solutions

Row = dict[str, Term | None]

_TOTALS = ("triples", "subjects", "properties", "objects", "things")


@dataclass(frozen=True)
class ClassSize:
    """A class, and how many things are of it."""

    kind: NamedNode
    things: int


@dataclass(frozen=True)
class PropertySize:
    """A property, its statements, and their distinct subjects and values."""

    property: NamedNode
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Statistics:
    """The numbers of one dataset or of all; `things` are those of ours whose class it says."""

    triples: int
    subjects: int
    properties: int
    objects: int
    things: int
    classes: tuple[ClassSize, ...]
    property_sizes: tuple[PropertySize, ...]
    languages: tuple[str, ...]


def statistics_of(graph: Graph) -> Mapping[NamedNode | None, Statistics]:
    """Give the numbers of each dataset; those of all together, in which nothing counts twice, under None."""
    return graph.remember(count_once, STATISTICS)


def things_of(graph: Graph) -> tuple[NamedNode, ...]:
    """List the things of ours that have a class, in the order of their addresses."""
    return graph.remember(count_once, THINGS)


def things_in_mixed_case(graph: Graph) -> tuple[NamedNode, ...]:
    """List the things of ours that have a class and a code in mixed case, by address; there are few."""
    return graph.remember(count_once, MIXED)


def _count(graph: Graph) -> Mapping[NamedNode | None, Statistics]:
    totals = [*_rows(graph, "counts"), *_rows(graph, "dataset-counts")]
    classes = _by_dataset([*_rows(graph, "classes"), *_rows(graph, "dataset-classes")])
    properties = _by_dataset([*_rows(graph, "properties"), *_rows(graph, "dataset-properties")])
    languages = _languages(graph)
    things = {dataset: len(rows) for dataset, rows in _by_dataset(_rows(graph, "things")).items()}
    things[None] = len(things_of(graph))
    return {
        dataset: Statistics(
            **{name: _number(row[name]) for name in ("triples", "subjects", "properties", "objects")},
            things=things.get(dataset, 0),
            classes=tuple(_class(each) for each in classes.get(dataset, ())),
            property_sizes=tuple(_property(each) for each in properties.get(dataset, ())),
            languages=languages.get(dataset, ()),
        )
        for dataset, (row,) in _by_dataset(totals).items()
    }


def _languages(graph: Graph) -> dict[NamedNode | None, tuple[str, ...]]:
    rows = _rows(graph, "languages")
    found: dict[NamedNode | None, tuple[str, ...]] = {
        dataset: tuple(_text(row["language"]) for row in own) for dataset, own in _by_dataset(rows).items()
    }
    found[None] = tuple(sorted({_text(row["language"]) for row in rows}))
    return found


def _class(row: Row) -> ClassSize:
    return ClassSize(_iri(row["class"]), _number(row["things"]))


def _property(row: Row) -> PropertySize:
    return PropertySize(
        _iri(row["property"]), _number(row["triples"]), _number(row["subjects"]), _number(row["objects"])
    )


def _rows(graph: Graph, name: str) -> list[Row]:
    results = solutions(graph.store, page_query(name), bind={})
    names = [variable.value for variable in results.variables]
    return [{name: solution[name] for name in names} for solution in results]


def _by_dataset(rows: list[Row]) -> dict[NamedNode | None, list[Row]]:
    found: dict[NamedNode | None, list[Row]] = {}
    for row in rows:
        dataset = row.get("dataset")
        found.setdefault(_iri(dataset) if dataset is not None else None, []).append(row)
    return found


def _things(graph: Graph) -> tuple[NamedNode, ...]:
    return tuple(sorted({_iri(row["thing"]) for row in _rows(graph, "things")}, key=natural_order))


def _mixed(graph: Graph) -> tuple[NamedNode, ...]:
    return tuple(_iri(row["thing"]) for row in _rows(graph, "mixed-case"))


def _iri(term: Term | None) -> NamedNode:
    assert isinstance(term, NamedNode)  # our queries bind it to names of graphs, classes and properties
    return term


def _text(term: Term | None) -> str:
    assert isinstance(term, Literal)  # our queries count, or ask for a language
    return term.value


def _number(term: Term | None) -> int:
    return int(_text(term))


def _encode(found: Mapping[NamedNode | None, Statistics]) -> object:
    return [
        {
            "dataset": dataset and dataset.value,
            "totals": [getattr(each, name) for name in _TOTALS],
            "classes": [[one.kind.value, one.things] for one in each.classes],
            "properties": [
                [one.property.value, one.triples, one.subjects, one.objects] for one in each.property_sizes
            ],
            "languages": each.languages,
        }
        for dataset, each in found.items()
    ]


def _decode(rows: Sequence[Any]) -> Mapping[NamedNode | None, Statistics]:  # Any: of a file
    return {
        None if row["dataset"] is None else NamedNode(row["dataset"]): Statistics(
            **dict(zip(_TOTALS, map(int, row["totals"]), strict=True)),
            classes=tuple(ClassSize(NamedNode(kind), int(things)) for kind, things in row["classes"]),
            property_sizes=tuple(
                PropertySize(NamedNode(each), *map(int, sizes)) for each, *sizes in row["properties"]
            ),
            languages=tuple(map(str, row["languages"])),
        )
        for row in rows
    }


def _encode_things(things: tuple[NamedNode, ...]) -> object:
    return [each.value for each in things]


def _decode_things(rows: Sequence[Any]) -> tuple[NamedNode, ...]:  # Any: of a file
    return tuple(map(NamedNode, rows))


STATISTICS = Counting("statistics", _count, _encode, _decode)
THINGS = Counting("things", _things, _encode_things, _decode_things)
MIXED = Counting("mixed-case", _mixed, _encode_things, _decode_things)
