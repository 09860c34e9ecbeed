"""The things that may have been meant where a text or another thing stands, among those allowed there."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field
from gcm.fields.field import local_name
from gcm.fields.names import fold
from gcm.validate.explain.case import Case
from gcm.validate.explain.spelling import allowed_slips, distance, is_slip
from gcm.validate.explain.words import label
from gcm.vocab import PREFIXES, THING, expand

#: More would not be read.
MOST = 5
_SAME_ELSEWHERE = NamedNode(PREFIXES["skos"] + "exactMatch")
CURRENCY = NamedNode(PREFIXES["schema"] + "currency")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|[0-9]+")


@dataclass(frozen=True)
class Found:
    """Things that may have been meant, the best first; `is_sure` if by rule only the first can be."""

    things: tuple[NamedNode, ...] = ()
    is_sure: bool = False


def nearest(case: Case, field: Field, value: NamedNode | Literal) -> Found:
    """Find what may have been meant in a field that takes things.

    A name, a code or an address that names exactly one thing allowed here is sure, unless what was written
    names another thing that exists: then only its writer knows. A misspelling is sure if one thing is within
    few slips of it.
    """
    if isinstance(value, Literal):
        return _by_text(case, field, value.value)
    others = [_same_address(case, value), _same_elsewhere(case, field, value), _same_code(case, field, value)]
    exact = next((tuple(each) for each in others if each), ())
    if exact:
        is_free = not case.is_known(value) or value.value.startswith("http:")
        return Found(exact[:MOST], is_sure=len(exact) == 1 and is_free)
    if case.is_known(value):
        return Found(_allowed(field, case.names.find(label(case, value), field.classes)))
    if local_name(value).isdecimal():
        return Found()  # a running number: nothing is like it
    found = _by_spelling(case, field, value)
    return found if found.things else _by_text(case, field, " ".join(_WORDS.findall(local_name(value))))


def _by_text(case: Case, field: Field, text: str) -> Found:
    exact = _allowed(field, case.names.find(text, field.classes)) or _with_code(case, field, text.strip())
    if exact:
        return Found(exact[:MOST], is_sure=len(exact) == 1)
    address = expand(text.strip())
    if address is not None and local_name(address):
        return nearest(case, field, address)
    near = _allowed(field, case.names.near(text, field.classes, count=4 * MOST))
    key = fold(text)
    close = [each for each in near if is_slip(key, fold(label(case, each)))]
    return Found(near[:MOST], is_sure=len(close) == 1 and close[0] == near[0])


def _same_address(case: Case, value: NamedNode) -> Sequence[NamedNode]:
    """Find the thing of ours whose address is written with another scheme, host or folder."""
    path = re.sub(r"^https?://(www\.)?w3id\.org/gcm/(id|doc)/", "", value.value)
    path = re.sub(r"(\.(html|ttl|nt|jsonld|rdf))?/?$", "", path)
    path = re.sub(r"/0+(?=[1-9])", "/", path)
    return [found] if (found := _thing(path)) is not None and found != value and case.is_known(found) else []


def _same_elsewhere(case: Case, field: Field, value: NamedNode) -> Sequence[NamedNode]:
    """Find the thing that another data set names by this address."""
    same = [each.subject for each in case.around.references(value) if each.predicate == _SAME_ELSEWHERE]
    return _allowed(field, [each for each in same if isinstance(each, NamedNode)])


def _with_code(case: Case, field: Field, code: str) -> tuple[NamedNode, ...]:
    """Find what has a text as one of its codes: the two letters of a State, the symbol of a document."""
    said = case.around.references(Literal(code))
    things = {each.subject for each in said if each.predicate in case.code_paths - {CURRENCY}}
    fitting = [each for each in things if isinstance(each, NamedNode) and case.is_one_of(each, field.classes)]
    return _allowed(field, sorted(fitting, key=lambda each: each.value))


def _same_code(case: Case, field: Field, value: NamedNode) -> Sequence[NamedNode]:
    """Find the thing with this code below another prefix: organization:MDA for place:MDA, place:mda.

    A running number is no code: report:7 says nothing of pledge:7.
    """
    code = local_name(value)
    if not code or code.isdecimal():
        return []
    members = ((each, local_name(each)) for each in _members(case, field) if each != value)
    alike = [(each, name) for each, name in members if name.casefold() == code.casefold()]
    same, folded = [each for each, name in alike if name == code], [each for each, _ in alike]
    below = [each for each in folded if _namespace(each) == _namespace(value)]  # place:mda is not network:MDA
    return same or below or folded or _with_code(case, field, code)


def _by_spelling(case: Case, field: Field, value: NamedNode) -> Found:
    """Find the codes that are spelt nearly so. A slip in a number is never sure: all numbers look alike."""
    code = local_name(value).casefold()
    slips = allowed_slips("".join(filter(str.isalpha, code)))
    if not slips:
        return Found()
    near = sorted(
        (slip, _namespace(each) != _namespace(value), each.value, each)
        for each in _members(case, field)
        if (slip := distance(code, local_name(each).casefold(), most=slips)) <= slips
    )
    things = tuple(each for *_, each in near[:MOST])
    is_first = len(near) == 1 or (len(near) > 1 and near[0][0] < near[1][0])
    return Found(things, is_sure=is_first and _digits(local_name(things[0])) == _digits(code))


def _namespace(iri: NamedNode) -> str:
    return iri.value.removesuffix(local_name(iri))


def _digits(code: str) -> str:
    return "".join(filter(str.isdigit, code))


def _members(case: Case, field: Field) -> Sequence[NamedNode]:
    """List what is allowed in a field; where anything is, nothing: the spelling alone would be a guess."""
    if field.choices:
        return [each for each in field.choices if isinstance(each, NamedNode)]
    return case.names.members(field.classes) if field.classes else ()


def _allowed(field: Field, things: Iterable[NamedNode]) -> tuple[NamedNode, ...]:
    if field.choices:
        return tuple(each for each in things if each in field.choices)
    return tuple(each for each in things if each.value.startswith(THING) or field.classes)


def _thing(path: str) -> NamedNode | None:
    try:
        return NamedNode(THING + path) if re.fullmatch(r"[a-z-]+/[^/\s]+", path) else None
    except ValueError:
        return None
