"""The tiny invented graph of tests/world: valid, one of everything, nothing to be taken for a fact."""

from pathlib import Path

from gcm.layout import find_sources, graph_root
from gcm.validate.run import validate
from gcm.vocab import TERM
from pyoxigraph import Literal, NamedNode, Store
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF

WORLD = Path(__file__).parent / "world"

#: What the validator may remark, as (focus, source): a workshop of unknown date is there to be unknown.
REMARKS = {("https://w3id.org/gcm/id/event/907", "https://w3id.org/gcm/shapes/Event-startDate-known")}

#: Classes that only their subclasses have members of.
ABSTRACT = {NamedNode(TERM + "Actor"), NamedNode(TERM + "Commitment")}


def test_world_is_valid() -> None:
    sources = find_sources(graph_root(), data=[WORLD], with_own_data=False)
    report = validate(sources, progress=lambda _: None)
    assert {(result.focus, result.source) for result in report.results} == REMARKS
    assert report.conforms


def test_world_has_one_of_every_class(world_store: Store) -> None:
    classes = subjects(world_store, RDF.type, OWL.Class)
    assert classes > ABSTRACT
    assert not [name for name in classes - ABSTRACT if not subjects(world_store, RDF.type, name.value)]


def test_world_uses_every_property(world_store: Store) -> None:
    ours = subjects(world_store, RDF.type, OWL.ObjectProperty) | subjects(
        world_store, RDF.type, OWL.DatatypeProperty
    )
    used = {quad.predicate for quad in world_store.quads_for_pattern(None, None, None)}
    assert ours
    assert not ours - used


def test_world_says_that_it_is_invented(world_store: Store) -> None:
    for dataset in subjects(world_store, RDF.type, DCAT.Dataset):
        titles = [
            quad.object for quad in world_store.quads_for_pattern(dataset, NamedNode(DCTERMS.title), None)
        ]
        assert all(isinstance(title, Literal) and "invented for tests" in title.value for title in titles)
        assert titles


def subjects(store: Store, predicate: str, value: str) -> set[NamedNode]:
    """Find the named nodes that have this value."""
    quads = store.quads_for_pattern(None, NamedNode(predicate), NamedNode(value))
    return {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
