"""The competency questions as pages: text, parameters, answer, and the answer as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from flask import Response, render_template, request
from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import NotFound

from gcm.describe import Graph, Link, link_to
from gcm.query import Param, Query, Term, solutions, write
from gcm.query import questions as all_questions
from gcm.vocab import BASE, expand, shorten
from gcm.web.answers import Resource, answer
from gcm.web.negotiate import CSV, HTML, JSON, TSV, XML, Offer, choose, choose_suffix
from gcm.web.reading import graph, language, local
from gcm.web.tables import table_of_solutions
from gcm.web.versions import site

#: The forms of an answer.
OFFERS = (HTML, CSV, TSV, JSON, XML)

#: A parameter with more possible values than this is asked for in words, not in a list.
MOST_CHOICES = 300


@dataclass(frozen=True)
class Choice:
    """A value that a parameter may have, and the short name that stands for it in an address."""

    value: str
    name: str


@dataclass(frozen=True)
class Field:
    """A parameter as a form shows it; without choices it is asked for in words."""

    name: str
    explanation: str
    value: str
    example: str
    choices: tuple[Choice, ...]


def show_questions() -> Response:
    """List the questions by group."""
    ordered = sorted(all_questions(), key=lambda each: (each.group, each.title))
    groups = [(name, list(members)) for name, members in groupby(ordered, key=lambda each: each.group)]
    return answer(
        Resource("/questions", (HTML,)),
        HTML,
        lambda: render_template("questions.html", groups=groups),
        is_chosen=True,
    )


def show_question(name: str) -> Response:
    """Answer a question, in the form that the suffix names or the client prefers."""
    stem, _, suffix = name.partition(".")
    query = next((each for each in all_questions() if each.name == stem), None)
    if query is None:
        raise NotFound("There is no question of this name; /questions lists those there are.")
    offer = choose_suffix(suffix, OFFERS) if suffix else choose(request.headers.get("Accept"), OFFERS)
    resource = Resource(f"/questions/{stem}", OFFERS)
    return answer(resource, offer, lambda: _write(query, offer), is_chosen=not suffix)


def read_term(text: str) -> Term:
    """Read a term as people write it: an IRI, a prefixed name of ours, else plain words."""
    bare = text.strip()
    expanded = expand(bare)
    if expanded:
        return expanded
    if bare.startswith(("http://", "https://")) and not any(sign in bare for sign in ' <>"{}|\\^`'):
        return NamedNode(bare)
    return Literal(bare)


def bound_text(query: Query, bind: Mapping[str, Term]) -> str:
    """Give the text of a query with its parameters bound, ready to be changed (SPARQL 1.1 section 10.2.2)."""
    return query.text + "".join(f"VALUES ?{name} {{ {term} }}\n" for name, term in bind.items())


def _write(query: Query, offer: Offer) -> str | bytes:
    bind = bound(query)
    if offer.suffix == HTML.suffix:
        return _page(query, bind)
    output = BytesIO()
    media_type = choose_suffix(offer.suffix, OFFERS).media_type
    write(solutions(graph().store, query, bind=bind), output, media_type=media_type)
    return output.getvalue()


def _page(query: Query, bind: Mapping[str, Term]) -> str:
    given = {name: request.args[name] for name in bind}
    found = solutions(graph().store, query, bind=bind)
    shown = int(site().limits.shown_rows)
    result = table_of_solutions(graph(), found, language=language(), most=shown)
    return render_template(
        "question.html",
        query=query,
        title=query.title_in(language()),
        is_translated=language() in query.titles,
        fields=form_fields(query),
        result=result,
        truncated=next(found, None) is not None,
        change=local("/sparql", query=bound_text(query, bind)),
        downloads=[
            (offer.suffix, local(f"/questions/{query.name}.{offer.suffix}", **given)) for offer in OFFERS[1:]
        ],
    )


def bound(query: Query) -> dict[str, Term]:
    """Give the parameters that the address sets; an empty one is free."""
    given = {each.name: request.args.get(each.name, "").strip() for each in query.params}
    return {name: read_term(text) for name, text in given.items() if text}


def form_fields(query: Query) -> list[Field]:
    """Give the parameters of a question as a form shows them."""
    return [_field(graph(), query, each) for each in query.params]


def _field(known: Graph, query: Query, param: Param) -> Field:
    example = query.examples.get(param.name, "")
    return Field(
        name=param.name,
        explanation=param.explanation,
        value=request.args.get(param.name, ""),
        example=example,
        choices=_choices(known, read_term(example)) if example else (),
    )


def _choices(known: Graph, example: Term) -> tuple[Choice, ...]:
    """Give the things of the class of the example, for a list to choose from; none if there are too many."""
    types = known.types(example) if isinstance(example, NamedNode) and example.value.startswith(BASE) else ()
    things = known.instances(types[0]) if types else ()
    if not 0 < len(things) <= MOST_CHOICES:
        return ()
    links = [link_to(known, each, language=language()) for each in things]
    return tuple(Choice(shorten(each.iri), each.name.text) for each in _in_reading_order(links))


def _in_reading_order(links: Sequence[Link]) -> list[Link]:
    """Sort by name, unless the addresses are numbers, whose order is meant."""
    numbered = all(each.iri.value.rpartition("/")[2].isdigit() for each in links)
    return list(links) if numbered else sorted(links, key=lambda each: each.name.text.casefold())
