"""What forms know of the version that is served: the fields of every class, and what things are called."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from gcm.describe import Graph
from gcm.describe.graph import UNION
from gcm.fields import Fields, FormShape
from gcm.fields.names import LABELS, OTHER_NAMES, Names
from gcm.vocab import ONTOLOGY, PREFIXES, SHAPES, TERM
from gcm.web.reading import graph

#: The properties from which names are read; the rest of the graph need not be looked at.
_NAMING = (
    *LABELS,
    *OTHER_NAMES,
    NamedNode(PREFIXES["rdf"] + "type"),
    NamedNode(PREFIXES["rdfs"] + "subClassOf"),
    NamedNode(PREFIXES["skos"] + "notation"),
    NamedNode(TERM + "identifierRule"),
)

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
        if form is not None and form.name in fields().forms:
            return form.name
    return None


def table_name(cls: NamedNode) -> str | None:
    """Give the name of the table of a class; None if its things have no addresses, or it is no class."""
    form = fields().form(cls)
    is_own = form is not None and form.kind and fields().forms.get(form.name) == form
    return form.name if form is not None and is_own else None


def form_with_choice(iri: NamedNode) -> str | None:
    """Give the name of the form in which a term of the ontology can be chosen, such as a kind of event."""
    forms = fields().forms.values()
    return next((form.name for form in forms if any(iri in each.choices for each in form.fields)), None)


def _read_fields(known: Graph, _: str) -> Fields:
    return Fields(
        quad.triple
        for each in (ONTOLOGY, SHAPES)
        for quad in known.store.quads_for_pattern(None, None, None, each)
    )


def _read_names(known: Graph, _: str) -> Names:
    return Names(_naming(known))


def _naming(known: Graph) -> Iterator[Triple]:
    for predicate in _NAMING:
        for quad in known.store.quads_for_pattern(None, predicate, None, UNION):
            yield quad.triple
