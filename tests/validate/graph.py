"""The tiny world with something more said in it, as explanations look it up."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from gcm.fields import Fields, read_fields
from gcm.fields.names import Names
from gcm.layout import find_sources
from gcm.turtle import read_triples
from gcm.validate.finding import Term
from pyoxigraph import Triple

ROOT = Path(__file__).parents[2]
WORLD = find_sources(ROOT, data=[ROOT / "tests" / "world"], with_own_data=False)


class Graph:
    """Statements that can be asked from both sides."""

    def __init__(self, triples: Iterable[Triple], *, beneath: "Graph | None" = None) -> None:
        self._about: dict[Term, list[Triple]] = defaultdict(list)
        self._references: dict[Term, list[Triple]] = defaultdict(list)
        self._beneath = beneath
        for each in triples:
            self._about[each.subject].append(each)
            self._references[each.object].append(each)

    def about(self, node: Term) -> list[Triple]:
        """Give the statements with this subject."""
        return [*self._about.get(node, ()), *(self._beneath.about(node) if self._beneath else ())]

    def references(self, node: Term) -> list[Triple]:
        """Give the statements with this value."""
        return [*self._references.get(node, ()), *(self._beneath.references(node) if self._beneath else ())]


@cache
def world_triples() -> tuple[Triple, ...]:
    """Read the ontology, the shapes and the tiny world."""
    return tuple(each.triple for path in WORLD.files for each in read_triples(path))


@cache
def world() -> Graph:
    """Give the tiny world to look up."""
    return Graph(world_triples())


@cache
def world_fields() -> Fields:
    """Give the fields of every class."""
    return read_fields(WORLD)


@cache
def world_names() -> Names:
    """Give what things are called in the tiny world."""
    return Names(world_triples())
