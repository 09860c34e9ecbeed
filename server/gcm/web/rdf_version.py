"""Whether a client can read the version of RDF that an answer needs (RDF 1.2 Concepts section 2.1).

It says so by Accept, by the parameter `version` of the request (SPARQL 1.2 Protocol section 2.1) or of its
body's type, or in the query by VERSION (SPARQL 1.2 Query section 4.1.4), which a parameter overrides.
"""

from gcm.errors import NotAcceptableError
from gcm.query import BASIC, FULL, Outline
from gcm.web.negotiate import GRAPH_OFFERS, HTML, JSON_LD, SELECT_OFFERS, Offer
from gcm.web.protocol import Asked

_REMEDY = f'Begin the query with VERSION "{FULL}", or'


def version_of(asked: Asked, outline: Outline, *, offer: Offer | None = None) -> str:
    """Give the version that the answer needs; none for RDF 1.1. A page has no `offer`.

    Raises NotAcceptableError for a client that has not said that it can read it, and for a form that cannot
    hold it.
    """
    suffix = offer.suffix if offer else ""
    needed = "" if outline.kind == "ask" else outline.rdf.needed
    readable = {asked.announced or outline.rdf.announced, *asked.versions}
    is_readable = FULL in readable or (needed == BASIC and BASIC in readable)
    if needed and (not is_readable or (needed == FULL and suffix == JSON_LD.suffix)):
        offers = GRAPH_OFFERS if outline.kind == "graph" else SELECT_OFFERS
        named = [f"{each.media_type};version={needed}" for each in offers if each not in (HTML, JSON_LD)]
        raise NotAcceptableError(named, remedy=_REMEDY)
    return needed
