"""Valid files to begin with: things like those of the graph, under addresses that nothing else has."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count, product
from string import ascii_uppercase

from gcm.fields import Fields, FormShape
from gcm.layout import Sources
from gcm.turtle import read_triples
from gcm.vocab import DATASET, PREFIXES, expand, shorten
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Value = NamedNode | BlankNode | Literal | Triple
TYPE = NamedNode(PREFIXES["rdf"] + "type")
LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
SOURCE = NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
#: Properties whose values no two things may share: a copy of them would be a fault.
UNSHARED = {NamedNode(PREFIXES["foaf"] + "page"), NamedNode(PREFIXES["skos"] + "exactMatch")}
_INVENTED = re.compile(r"([?]invented=|/INVENTED[.])[0-9]+$")
SYMBOL = NamedNode(PREFIXES["skos"] + "notation")
LOCATOR = NamedNode(PREFIXES["gcm"] + "locator")
#: Codes of three letters that no State has.
CODES = tuple(
    "".join(letters)
    for letters in product("QO", ascii_uppercase, ascii_uppercase)
    if "".join(letters) not in ("QAT", "OMN")
)


@dataclass(frozen=True)
class Base:
    """A file that breaks no rule: the form of its main thing, the thing, and all statements in order.

    The header stands first, then the document that it rests on, then the thing.
    """

    name: str
    form: FormShape
    thing: NamedNode
    dataset: NamedNode
    statements: tuple[Triple, ...]

    def about(self) -> tuple[Triple, ...]:
        """Give the statements about the main thing."""
        return tuple(each for each in self.statements if each.subject == self.thing)


def iri(name: str) -> NamedNode:
    """Give the IRI of a prefixed name of ours."""
    found = expand(name)
    assert found is not None, name
    return found


def header(number: int) -> tuple[Triple, ...]:
    """Write the header of an invented dataset and its document."""
    dataset, document = NamedNode(f"{DATASET}corpus-{number}"), iri(f"document:8{number:05d}")
    day = Literal("2026-11-22", datatype=iri("xsd:date"))
    rows: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (dataset, "rdf:type", iri("dcat:Dataset")),
        (dataset, "dcterms:conformsTo", iri("gcm:0.1.0")),
        (dataset, "dcterms:description", Literal("Invented for tests.", language="en")),
        (dataset, "dcterms:issued", day),
        (dataset, "dcterms:license", NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        (dataset, "dcterms:modified", day),
        (dataset, "dcterms:publisher", iri("organization:GCMKG")),
        (dataset, "dcterms:rights", Literal("Invented for tests.", language="en")),
        (dataset, "dcterms:source", document),
        (dataset, "dcterms:title", Literal(f"Invented dataset {number}", language="en")),
        (dataset, "gcm:readOn", day),
        (document, "rdf:type", iri("gcm:Document")),
        (document, "gcm:copyRead", Literal("invented")),
        (document, "skos:prefLabel", Literal(f"Invented document {number}", language="en")),
    ]
    return tuple(Triple(subject, iri(name), value) for subject, name, value in rows)


def make_bases(sources: Sources, fields: Fields) -> Iterator[Base]:
    """Make a base of each of a few things of every class, so that together they use every property in use."""
    about, members = _by_subject(sources)
    numbers = count(1)
    for form in fields.forms.values():
        things = () if form.cls == iri("dcat:Dataset") else members.get(form.cls, ())
        for thing in _covering(things, about):
            yield _base(form, thing, about[thing], number=next(numbers))


def as_dataset(base: Base, form: FormShape) -> Base:
    """Give the same file with the dataset itself as its main thing."""
    return replace(base, form=form, thing=base.dataset)


def whole_files(sources: Sources, forms: Iterable[FormShape]) -> Iterator[Base]:
    """Give whole files of the graph that hold a thing of each form: of an objective there can be no copy."""
    for path in sources.data:
        statements = tuple(each.triple for each in read_triples(path))
        dataset = next(each.subject for each in statements if each.object == iri("dcat:Dataset"))
        for form in forms:
            things = [
                each.subject for each in statements if each.predicate == TYPE and each.object == form.cls
            ]
            for thing in things[:2]:
                assert isinstance(thing, NamedNode)
                assert isinstance(dataset, NamedNode)
                yield Base(path.stem, form, thing, dataset, statements)


def with_more(base: Base) -> Base:
    """Give the same file with properties that our data seldom or never use, if the form has them."""
    own = {each.predicate for each in base.about()}
    fields = {each.path for each in base.form.fields}
    day, yes = Literal("2026-11-22", datatype=iri("xsd:date")), Literal("true", datatype=iri("xsd:boolean"))
    rows: dict[str, Value] = {
        "gcm:readOn": day,
        "owl:deprecated": yes,
        "dcterms:isReplacedBy": iri("pledge:1"),
        "prov:invalidated": iri("pledge:1"),
        "prov:wasDerivedFrom": header_of(base)[-1].subject,
    }
    more = [Triple(base.thing, iri(name), value) for name, value in rows.items() if iri(name) in fields - own]
    return replace(base, statements=(*base.statements, *more))


def moved(statements: Iterable[Triple], base: Base, number: int) -> tuple[Base, tuple[Triple, ...]]:
    """Give the statements, and their base, under addresses of their own: many are looked at together."""
    if base.thing == base.dataset:
        thing = base.statements[-1].subject
        assert isinstance(thing, NamedNode)
        own, others = moved(statements, replace(base, thing=thing), number)
        return replace(own, thing=own.dataset), others
    other = _base(base.form, base.thing, (), number=number)
    names = dict(zip(_values(header_of(base)), _values(header_of(other)), strict=True))
    names |= {base.thing: other.thing, base.dataset: other.dataset}
    for old, new in ((_label(base), _label(other)), (_code(base), _code(other))):
        names |= {Literal(old): Literal(new), Literal(old.lower()): Literal(new.lower())}
        names |= {Literal(old, language="en"): Literal(new, language="en")}

    def move(triple: Triple) -> Triple:
        subject = names.get(triple.subject, triple.subject)
        assert isinstance(subject, NamedNode)
        return Triple(subject, triple.predicate, _renewed(names.get(triple.object, triple.object), number))

    own = replace(other, statements=tuple(move(each) for each in base.statements))
    return own, tuple(move(each) for each in statements)


def header_of(base: Base) -> tuple[Triple, ...]:
    """Give the statements about the dataset and its document."""
    return base.statements[:HEADER]


#: The number of statements of a header.
HEADER = len(header(0))


def _values(statements: Iterable[Triple]) -> list[Value]:
    return [each for triple in statements for each in (triple.subject, triple.object)]


def _renewed(value: Value, number: int) -> Value:
    """Give an invented address or symbol that nothing else has."""
    if isinstance(value, NamedNode):
        return NamedNode(_INVENTED.sub(rf"\g<1>{number}", value.value))
    if isinstance(value, Literal) and _INVENTED.search(value.value):
        text = _INVENTED.sub(rf"\g<1>{number}", value.value)
        return (
            Literal(text, language=value.language)
            if value.language
            else Literal(text, datatype=value.datatype)
        )
    return value


def _label(base: Base) -> str:
    found = (
        each.object for each in base.statements if each.predicate == LABEL and each.subject == base.thing
    )
    label = next(found)
    assert isinstance(label, Literal)
    return label.value


def _code(base: Base) -> str:
    return shorten(base.thing).partition(":")[2]


def _by_subject(
    sources: Sources,
) -> tuple[Mapping[NamedNode, list[Triple]], Mapping[NamedNode, list[NamedNode]]]:
    about: dict[NamedNode, list[Triple]] = defaultdict(list)
    members: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for path in sources.data:
        for each in (one.triple for one in read_triples(path)):
            if not isinstance(each.subject, NamedNode) or each.subject == iri("place:XKX"):
                continue
            if each not in about[each.subject]:
                about[each.subject].append(each)
            if each.predicate == TYPE and isinstance(each.object, NamedNode):
                members[each.object].append(each.subject)
    return about, members


def _covering(things: Iterable[NamedNode], about: Mapping[NamedNode, list[Triple]]) -> Iterator[NamedNode]:
    """Choose things, those with most properties first, until every property in use has been seen twice."""
    properties = {each: {triple.predicate for triple in about[each]} for each in dict.fromkeys(things)}
    for _ in range(2):
        left = set().union(*properties.values()) if properties else set()
        while left and properties:
            best = max(properties, key=lambda each: (len(properties[each] & left), each.value))
            left -= properties.pop(best)
            yield best


def _base(form: FormShape, thing: NamedNode, triples: Iterable[Triple], *, number: int) -> Base:
    prefix, _, old = shorten(thing).partition(":")
    code = CODES[number] if prefix == "place" else f"9{number:05d}"
    new, document = iri(f"{prefix}:{code}"), iri(f"document:8{number:05d}")
    own = {Triple(new, LABEL, Literal(f"Invented {form.name} {number}", language="en")): None}
    for each in triples:
        value = Literal(code) if each.object in (Literal(old), Literal(old.upper())) else each.object
        if each.predicate in UNSHARED and isinstance(value, NamedNode):
            value = NamedNode(value.value + f"?invented={number}")
        if each.predicate == SOURCE:
            value = document
        if prefix == "document" and each.predicate == SYMBOL and isinstance(value, Literal):
            value = Literal(f"{value.value}/INVENTED.{number}")
        if each.predicate == LOCATOR and isinstance(value, Literal):
            value = Literal(f"{value.value}/INVENTED.{number}", language="en")
        if each.predicate != LABEL:
            own[Triple(new, each.predicate, value)] = None
    about = sorted(own, key=lambda each: (each.predicate != TYPE, each.predicate.value, str(each.object)))
    dataset = NamedNode(f"{DATASET}corpus-{number}")
    return Base(f"{form.name}-{number}", form, new, dataset, (*header(number), *about))
