"""Descriptions as pages: which template shows an IRI, and what the template needs to know."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import render_template, request
from pyoxigraph import NamedNode

from gcm.describe import (
    Page,
    class_entries,
    contents_of,
    dataset_entries,
    describe,
    document_of,
    instances_of,
    kind_listed_at,
    property_entries,
    reported_figure,
    reported_of,
    shape_entries,
    value_entries,
)
from gcm.vocab import DATASET, ONTOLOGY, SHAPES, TERM, expand, path_of
from gcm.web.knowledge import form_name, table_name
from gcm.web.negotiate import DOCUMENT_OFFERS, HTML
from gcm.web.reading import graph, language, page_number
from gcm.web.versions import site

#: The list of datasets is a document too, about the graph as a whole.
ALL_DATASETS = NamedNode(DATASET.rstrip("/"))

#: The forms beside the page, for links to them.
DOWNLOADS = tuple(offer for offer in DOCUMENT_OFFERS if offer != HTML)


def render(iri: NamedNode) -> str:
    """Show what the graph says about an IRI as a page.

    Raises UnknownIriError if it says nothing.
    """
    return _PAGES.get(iri, _entity)(iri)


def asked_page() -> Page:
    """Read which page of which list the address asks for: `?in=gcm:isMadeBy&of=gcm:Pledge&page=2`."""
    return Page(
        size=int(site().limits.page_links),
        number=page_number(request.args.get("page", "")),
        predicate=expand(request.args.get("in", "")),
        kind=expand(request.args.get("of", "")),
    )


def _entity(iri: NamedNode) -> str:
    known, page = graph(), asked_page()
    kind = kind_listed_at(known, iri)
    return render_template(
        "entity.html",
        entity=describe(known, iri, language=language(), page=page),
        figure=reported_figure(known, iri, language=language()),
        instances=instances_of(known, kind, language=language(), page=page) if kind else None,
        reported=reported_of(known, kind, language=language()) if kind else (),
        contents=contents_of(known, iri, language=language(), page=page) if iri in known.datasets else (),
        triples=_triples().get(iri),
        table=table_name(iri) if iri.value.startswith(TERM) else None,
        has_form=form_name(iri) is not None,
        **_forms(iri),
    )


def _ontology(iri: NamedNode) -> str:
    return render_template(
        "ontology.html",
        classes=class_entries(graph(), language=language()),
        properties=property_entries(graph(), language=language()),
        values=value_entries(graph(), language=language()),
        **_forms(iri),
    )


def _shapes(iri: NamedNode) -> str:
    return render_template("shapes.html", shapes=shape_entries(graph(), language=language()), **_forms(iri))


def _datasets(iri: NamedNode) -> str:
    return render_template(
        "datasets.html",
        datasets=dataset_entries(graph(), language=language()),
        triples=_triples(),
        **_forms(iri),
    )


def _triples() -> dict[NamedNode, int]:
    """Count the statements of each dataset, which may be in several files."""
    graphs = site().version().graphs
    return {
        iri: sum(each.triples for each in graphs if each.iri == iri) for iri in {each.iri for each in graphs}
    }


def _forms(iri: NamedNode) -> dict[str, object]:
    return {"iri": iri, "path": path_of(document_of(iri)), "downloads": DOWNLOADS}


_PAGES: Mapping[NamedNode, Callable[[NamedNode], str]] = MappingProxyType(
    {ONTOLOGY: _ontology, SHAPES: _shapes, ALL_DATASETS: _datasets}
)
