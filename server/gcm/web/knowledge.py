"""What forms know of the version that is served: fields of every class, what things are called."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from gcm.describe import Graph
from gcm.describe.graph import UNION
from gcm.fields import Fields, FormShape, fields_of
from gcm.fields.names import READ, Names
from gcm.vocab import TERM
from gcm.web.reading import graph

#: What only publications write down; nobody proposes it.
RECORDED = frozenset(NamedNode(TERM + name) for name in ("Curator", "PublishedChange"))


def fields() -> Fields:
    """Give the fields of every class, as the ontology and shapes of this version have them."""
    return graph().remember(_read_fields, "fields")


def names() -> Names:
    """Give what everything in this version is called."""
    return graph().remember(_read_names, "names of things")


def proposed_forms() -> tuple[FormShape, ...]:
    """Give the forms of all classes of which somebody may propose a new thing."""
    return tuple(each for each in fields().forms.values() if each.kind and each.cls not in RECORDED)


def form_name(iri: NamedNode) -> str | None:
    """Give the name of the form of a thing, or of a class; None if it has none, or nobody proposes it."""
    classes = (iri, *graph().types(iri))
    if not RECORDED.isdisjoint(classes):
        return None
    for cls in classes:
        form = fields().form(cls)
        if form is not None and fields().has_own(cls):
            return form.name
    return None


def table_name(cls: NamedNode) -> str | None:
    """Give the name of the table of a class; None if its things have no addresses, or it is no class."""
    form = fields().form(cls)
    return form.name if form is not None and form.kind and fields().has_own(cls) else None


def form_with_choice(iri: NamedNode) -> str | None:
    """Give the name of the form in which a term of the ontology can be chosen, such as a kind of event."""
    forms = fields().forms.values()
    return next((form.name for form in forms if any(iri in each.choices for each in form.fields)), None)


def said(known: Graph, predicates: Iterable[NamedNode]) -> Iterator[Triple]:
    """Give all that this version states with these predicates."""
    for predicate in predicates:
        for quad in known.store.quads_for_pattern(None, predicate, None, UNION):
            yield quad.triple


def _read_fields(known: Graph, _: str) -> Fields:
    return fields_of(known.store)


def _read_names(known: Graph, _: str) -> Names:
    return Names(said(known, READ))
