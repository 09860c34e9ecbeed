"""The Graph Store Protocol, as far as it reads (SPARQL 1.1 Graph Store HTTP Protocol sections 4 and 5.2).

`/graphs?default` and `/graphs?graph=IRI` name graphs indirectly; a dataset of ours is also a graph with an
address of its own, `/data/…`. The default graph is the union of all. `/graphs` alone is the store itself.
"""

from flask import Response, request
from pyoxigraph import DefaultGraph, NamedNode
from werkzeug.wsgi import FileWrapper

from gcm.describe import write_dataset
from gcm.errors import QueryError, UnknownIriError
from gcm.vocab import ONTOLOGY, SHAPES
from gcm.web.answers import Resource, answer
from gcm.web.description import describe_service
from gcm.web.negotiate import GRAPH_OFFERS, HTML, Offer, choose, choose_suffix
from gcm.web.reading import graph
from gcm.web.spool import spooled
from gcm.web.versions import site

_OFFERS = tuple(offer for offer in GRAPH_OFFERS if offer != HTML)


def show_graph() -> Response:
    """Answer with the graph that the address names; without a name, describe the store (section 5.2)."""
    form = request.args.get("format", "")
    wanted = read_name()
    offer = choose_suffix(form, _OFFERS) if form else choose(request.headers.get("Accept"), _OFFERS)
    named = choose_suffix(offer.suffix, _OFFERS)  # the engine knows no aliases
    resource = Resource("/graphs", (offer,))
    if wanted is None:
        version = site().version()
        return answer(resource, offer, lambda: describe_service(version, named), is_chosen=not form)
    if isinstance(wanted, NamedNode) and wanted not in (ONTOLOGY, SHAPES, *graph().datasets):
        raise UnknownIriError(wanted.value)
    return answer(resource, offer, lambda: _write(wanted, named), is_chosen=not form)


def read_name() -> NamedNode | DefaultGraph | None:
    """Read which graph the address names; None if it names none.

    Raises QueryError if it names several, or by what is no absolute IRI (section 4.2).
    """
    names = request.args.getlist("graph")
    defaults = request.args.getlist("default")
    if len(names) + len(defaults) > 1:
        raise QueryError("The address names several graphs. Ask for one: “?default” or “?graph=IRI”.")
    if defaults:
        return DefaultGraph()
    if not names:
        return None
    try:
        return NamedNode(names[0])
    except ValueError as error:
        raise QueryError(f"A graph is named by an absolute IRI: {error}.") from error


def _write(wanted: NamedNode | DefaultGraph, offer: Offer) -> bytes | FileWrapper:
    known = graph()
    return spooled(lambda file: write_dataset(known, file, dataset=wanted, media_type=offer.media_type))
