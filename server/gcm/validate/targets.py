"""Which nodes each shape is about (SHACL section 2.1.3), so that a run can be limited or shared out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from gcm.validate.finding import Term
from gcm.vocab import PREFIXES

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_NODE, _CLASS, _SUBJECTS, _OBJECTS = (
    NamedNode(PREFIXES["sh"] + name)
    for name in ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
)
#: The properties by which a shape names its targets; `find_targets` says the same with sh:targetNode alone.
TARGET_PROPERTIES = frozenset({_NODE, _CLASS, _SUBJECTS, _OBJECTS})


def find_targets(shapes: Sequence[Triple], data: Sequence[Triple]) -> list[Triple]:
    """List the target nodes of every shape as sh:targetNode statements, without repetition."""
    found: dict[Triple, None] = {}
    index = _Index(data)
    for triple in shapes:
        if triple.predicate in TARGET_PROPERTIES and isinstance(triple.subject, NamedNode | BlankNode):
            nodes = index.nodes(triple.predicate, triple.object)
            found.update(dict.fromkeys(Triple(triple.subject, _NODE, node) for node in nodes))
    return list(found)


class _Index:
    def __init__(self, data: Sequence[Triple]) -> None:
        self._subclasses = _grouped(
            (each.object, each.subject) for each in data if each.predicate == _SUBCLASS
        )
        self._members = _grouped((each.object, each.subject) for each in data if each.predicate == _TYPE)
        self._data = data

    def nodes(self, kind: NamedNode, target: Term) -> Iterable[Term]:
        if kind == _CLASS:
            return [node for each in self._with_subclasses(target) for node in self._members.get(each, ())]
        if kind == _SUBJECTS:
            return [each.subject for each in self._data if each.predicate == target]
        if kind == _OBJECTS:
            return [each.object for each in self._data if each.predicate == target]
        return [target]

    def _with_subclasses(self, top: Term) -> Iterable[Term]:
        found, waiting = {top}, [top]
        while waiting:
            below = set(self._subclasses.get(waiting.pop(), ())) - found
            found |= below
            waiting.extend(below)
        return found


def _grouped(pairs: Iterable[tuple[Term, Term]]) -> Mapping[Term, Sequence[Term]]:
    groups: dict[Term, list[Term]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
