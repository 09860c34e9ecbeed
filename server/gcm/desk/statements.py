"""Sets of statements: read from Turtle, compared, and joined three ways."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gcm.errors import SourceError, SubmissionError
from gcm.turtle import is_beyond_rdf_11, parse_triples
from gcm.vocab import PREFIXES

Statements = frozenset[Triple]
Term = NamedNode | BlankNode | Literal | Triple
#: What is changed as one: all values of a property of a thing.
Key = tuple[NamedNode, NamedNode]

#: Of this property of a dataset the later value is right, whoever wrote it.
_MODIFIED = NamedNode(PREFIXES["dcterms"] + "modified")

_PATH = Path("dataset.ttl")  # what messages call a text


def read_statements(text: str) -> Statements:
    """Read the statements of a Turtle text; none of "".

    Raises SubmissionError if it is no Turtle, or has blank nodes: what cannot be named cannot be compared.
    """
    try:
        found = frozenset(quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE))
    except SyntaxError:
        found = None
    if found is None or not all(map(_is_comparable, found)):
        raise _explain(text)
    return found


def _is_comparable(triple: Triple) -> bool:
    subject, _, value = triple
    is_named = not isinstance(subject, BlankNode) and not isinstance(value, BlankNode)
    return is_named and not is_beyond_rdf_11(triple)


def _explain(text: str) -> SubmissionError:
    """Read a text that has a mistake once more, slowly, to find its line."""
    try:
        located = parse_triples(text.encode(), path=_PATH)
    except SourceError as error:
        return SubmissionError(error.reason, file=_PATH.name, line=error.line)
    line = next(each.line for each in located if not _is_comparable(each.triple))
    message = "this statement has a node without an IRI; give it one, so that others can speak of it."
    return SubmissionError(message, file=_PATH.name, line=line)


def patch_lines(dataset: NamedNode, *, added: Statements, removed: Statements) -> list[str]:
    """Write a difference as lines of RDF Patch: `D` a statement that goes, `A` one that comes, as N-Quads."""
    rows = [("D", each) for each in sorted(removed, key=str)] + [
        ("A", each) for each in sorted(added, key=str)
    ]
    return [f"{sign} {Quad(each.subject, each.predicate, each.object, dataset)} ." for sign, each in rows]


def read_patch(text: str) -> tuple[Statements, Statements]:
    """Read what `patch_lines` wrote: the statements that come, and those that go."""
    rows = text.split("\n")  # not splitlines: values hold other ends of lines as they are
    come, go = ("\n".join(row[2:] for row in rows if row.startswith(sign)) for sign in ("A ", "D "))
    return _read_quads(come), _read_quads(go)


def _read_quads(text: str) -> Statements:
    return frozenset(quad.triple for quad in parse(text, format=RdfFormat.N_QUADS))


def values_by_key(statements: Iterable[Triple]) -> Mapping[Key, Statements]:
    """Group statements by what is changed as one."""
    found: dict[Key, set[Triple]] = defaultdict(set)
    for each in statements:
        assert isinstance(each.subject, NamedNode)  # read_statements lets no other through
        found[each.subject, each.predicate].add(each)
    return {key: frozenset(triples) for key, triples in found.items()}


def join(
    base: Statements,
    wanted: Statements,
    present: Statements,
    *,
    allows_several: Callable[[NamedNode], bool] = lambda _: False,
) -> tuple[Statements, tuple[Key, ...]]:
    """Do to `present` what leads from `base` to `wanted`; and give the keys at which that cannot be done.

    It cannot where both changed the values of one property of one thing, unless they made the same of it, or
    one of them only added values to a property that `allows_several`: then nobody's value is another's.
    """
    ours, theirs = values_by_key(base ^ wanted), values_by_key(base ^ present)
    both = ours.keys() & theirs.keys()
    dates = {key for key in both if key[1] == _MODIFIED}
    differing = {key for key in both - dates if ours[key] != theirs[key]}
    taking = {key for key in differing if not base.isdisjoint(ours[key]) and not base.isdisjoint(theirs[key])}
    clashes = [key for key in differing if key in taking or not allows_several(key[1])]
    joined = (present - (base - wanted)) | (wanted - base)
    for key in dates:
        later = max(_at(wanted, key) | _at(present, key), key=lambda each: str(each.object), default=None)
        joined = joined - _at(joined, key) | ({later} if later else frozenset())
    return joined, tuple(sorted(clashes, key=str))


def _at(statements: Statements, key: Key) -> Statements:
    return frozenset(each for each in statements if (each.subject, each.predicate) == key)


def objects_at(statements: Statements, key: Key) -> tuple[Term, ...]:
    """List the values of a property of a thing."""
    return tuple(sorted((each.object for each in _at(statements, key)), key=str))
