"""How the shapes lay out a class: the name, place and group of each property."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from gcm.describe.graph import Graph, Node, Value
from gcm.describe.terms import (
    MINIMUM_COUNT,
    SHAPE_GROUP,
    SHAPE_NODE,
    SHAPE_ORDER,
    SHAPE_PATH,
    SHAPE_PROPERTY,
    TARGET_CLASS,
)

#: The order of a property or group that no shape puts in a place: after all others.
LAST = float("inf")


@dataclass(frozen=True)
class Outline:
    """What a shape says about showing one property."""

    path: NamedNode
    shape: Node
    order: float
    group: NamedNode | None
    is_required: bool


def outlines_of(graph: Graph, classes: Iterable[NamedNode]) -> Mapping[NamedNode, Outline]:
    """Give the outline of each property that the shapes of these classes name, the nearest class deciding."""
    return graph.remember(_outlines_of_all, tuple(classes))


def _outlines_of_all(graph: Graph, classes: tuple[NamedNode, ...]) -> Mapping[NamedNode, Outline]:
    found: dict[NamedNode, Outline] = {}
    for kind in classes:
        for each in graph.remember(_outlines, kind):
            first = found.setdefault(each.path, each)
            found[each.path] = replace(first, is_required=first.is_required or each.is_required)
    return found


def order_of(graph: Graph, node: Node) -> float:
    """Give the `sh:order` of a property shape or group (SHACL section 2.3.2.3), or LAST."""
    return _number(graph.value(node, SHAPE_ORDER), LAST)


def place_of(graph: Graph, outline: Outline | None, path: NamedNode) -> tuple[float, str, float, str]:
    """Give a sorting key that puts properties in the order of their groups, and of the shapes in a group."""
    if outline is None:
        return (LAST, "~", LAST, path.value)
    group_order = order_of(graph, outline.group) if outline.group else LAST
    return (group_order, outline.group.value if outline.group else "~", outline.order, path.value)


def _outlines(graph: Graph, kind: NamedNode) -> tuple[Outline, ...]:
    return tuple(
        outline
        for each in graph.superclasses(kind)
        for node_shape in _node_shapes(graph, each)
        for outline in sorted(_properties(graph, node_shape), key=lambda one: (one.order, str(one.shape)))
    )


def _node_shapes(graph: Graph, kind: NamedNode) -> tuple[NamedNode, ...]:
    found = list(graph.subjects(TARGET_CLASS, kind))
    for shape in found:
        found.extend(
            each
            for each in graph.values(shape, SHAPE_NODE)
            if isinstance(each, NamedNode) and each not in found
        )
    return tuple(found)


def _properties(graph: Graph, node_shape: NamedNode) -> Iterator[Outline]:
    for shape in graph.values(node_shape, SHAPE_PROPERTY):
        path = None if isinstance(shape, Literal) else graph.value(shape, SHAPE_PATH)
        if isinstance(path, NamedNode) and not isinstance(shape, Literal):
            yield _outline(graph, shape, path=path)


def _outline(graph: Graph, shape: Node, *, path: NamedNode) -> Outline:
    group = graph.value(shape, SHAPE_GROUP)
    return Outline(
        path=path,
        shape=shape,
        order=order_of(graph, shape),
        group=group if isinstance(group, NamedNode) else None,
        is_required=_number(graph.value(shape, MINIMUM_COUNT), 0) > 0,
    )


def _number(value: Value | None, default: float) -> float:
    try:
        return float(value.value) if isinstance(value, Literal) else default
    except ValueError:
        return default
