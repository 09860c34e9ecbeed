"""The ontology: each term explains itself, is used by a question, and whatever the files use is declared."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from gcm.query import Query, questions
from gcm.turtle import read_triples
from gcm.vocab import BASE, DATASET, ONTOLOGY, PREFIXES, SHAPES, TERM
from pyoxigraph import Literal, NamedNode, Triple
from rdflib import URIRef
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    XSD,
    DefinedNamespace,
)

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "ontology").glob("*.ttl"))
FILES = sorted(
    path for name in ("ontology", "shapes", "data", "tests/world") for path in (ROOT / name).glob("*.ttl")
)

#: What a term of ours may be, beside a value: a member of one of our own lists.
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, SKOS.ConceptScheme, ORG.Role}

#: What each term must say of itself.
SAID_OF_A_TERM = (SKOS.prefLabel, SKOS.definition, DCTERMS.source, RDFS.isDefinedBy)

#: Vocabularies of others that rdflib knows name by name.
KNOWN: Mapping[str, type[DefinedNamespace]] = {
    str(namespace): namespace
    for namespace in (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, XSD)
}

#: Those that it does not, with the names that we use of them. Sources: ELI ontology 1.4; sdg-ontology.ttl of
#: metadata.un.org; Basic Geo Vocabulary of the W3C.
OTHERS = {
    PREFIXES["eli"]: {"LegalResource", "first_date_entry_in_force"},
    PREFIXES["sdgo"]: {"Goal", "Target"},
    PREFIXES["geo"]: {"lat", "long"},
}

#: Fewer would mean that a chapter was lost.
MINIMUM = {"classes": 50, "properties": 70, "values": 90}

#: Properties of ours that say something of classes, not of things.
ABOUT_WORDS = {"identifierRule", "kindInAddress"}

Said = Mapping[str, Mapping[str, list[Literal | NamedNode]]]


def triples_of(paths: Iterable[Path]) -> list[Triple]:
    return [each.triple for path in paths for each in read_triples(path)]


def terms_of(triples: Iterable[Triple]) -> Said:
    """Group what is said by term and property, of the terms below our own address."""
    said: dict[str, dict[str, list[Literal | NamedNode]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        assert isinstance(triple.subject, NamedNode), "a term without an address"
        assert isinstance(triple.object, NamedNode | Literal), f"{triple.subject} needs no blank node"
        said[triple.subject.value][triple.predicate.value].append(triple.object)
    return {term: dict(properties) for term, properties in said.items() if term.startswith(TERM)}


TERMS = terms_of(triples_of(CHAPTERS))
HEADER = [triple for triple in triples_of(CHAPTERS) if triple.subject == ONTOLOGY]


def texts(term: str, predicate: str, language: str) -> list[str]:
    """Give the texts of a term in one language."""
    found = TERMS[term].get(str(predicate), [])
    return [text.value for text in found if isinstance(text, Literal) and text.language == language]


def kinds_of(term: str) -> set[str]:
    return {kind.value for kind in TERMS[term].get(str(RDF.type), [])}


def of_kind(*kinds: URIRef) -> set[str]:
    return {term for term in TERMS if kinds_of(term) & {str(kind) for kind in kinds}}


CLASSES = of_kind(OWL.Class)
PROPERTIES = of_kind(OWL.ObjectProperty, OWL.DatatypeProperty)
LISTS = {
    term for term in CLASSES if NamedNode(str(SKOS.Concept)) in TERMS[term].get(str(RDFS.subClassOf), [])
}


def test_there_are_terms() -> None:
    values = set(TERMS) - CLASSES - PROPERTIES
    counts = {"classes": len(CLASSES), "properties": len(PROPERTIES), "values": len(values)}
    assert {name: count for name, count in counts.items() if count < MINIMUM[name]} == {}


def test_every_term_is_of_one_kind() -> None:
    allowed = {str(kind) for kind in KINDS} | LISTS
    odd = {term: kinds_of(term) for term in TERMS if len(kinds_of(term)) != 1 or kinds_of(term) - allowed}
    assert odd == {}


@pytest.mark.parametrize("predicate", SAID_OF_A_TERM, ids=lambda predicate: predicate.fragment)
def test_every_term_has(predicate: URIRef) -> None:
    assert [term for term in TERMS if not TERMS[term].get(str(predicate))] == []


def test_every_term_is_labelled_once_in_three_languages() -> None:
    for term, said in TERMS.items():
        labels = said[str(SKOS.prefLabel)]
        languages = sorted(label.language or "" for label in labels if isinstance(label, Literal))
        assert languages == ["en", "fr", "ru"], term


def test_definitions_are_one_plain_sentence() -> None:
    for term in TERMS:
        (definition,) = texts(term, SKOS.definition, "en")
        assert re.fullmatch(r"[A-Z][^.]*[.]", definition), term


def test_definitions_do_not_explain_a_term_by_itself() -> None:
    for term in TERMS:
        (definition,) = texts(term, SKOS.definition, "en")
        (label,) = texts(term, SKOS.prefLabel, "en")
        assert not re.search(rf"\b{re.escape(label)}\b", definition, flags=re.IGNORECASE), term


def test_every_term_is_defined_by_the_ontology() -> None:
    assert [term for term in TERMS if TERMS[term][str(RDFS.isDefinedBy)] != [ONTOLOGY]] == []


def test_names_have_the_form_of_their_kind() -> None:
    for term in TERMS:
        form = r"[a-z][A-Za-z0-9]*" if term in PROPERTIES else r"[A-Z][A-Za-z0-9]*"
        assert re.fullmatch(form, term.removeprefix(TERM)), term


def test_labels_of_properties_are_written_small() -> None:
    for term in PROPERTIES:
        (label,) = texts(term, SKOS.prefLabel, "en")
        assert label[0].islower() or re.match(r"[A-Z][A-Z0-9]+", label), term


def test_labels_of_classes_and_values_are_in_title_case() -> None:
    small = {"a", "in", "of", "under"}
    for term in set(TERMS) - PROPERTIES:
        (label,) = texts(term, SKOS.prefLabel, "en")
        words = [word for word in re.split(r"[ -]", label) if word not in small]
        assert all(word[0].isupper() for word in words), term


def test_definitions_are_told_apart() -> None:
    owners = defaultdict(list)
    for term in TERMS:
        owners[tuple(texts(term, SKOS.definition, "en"))].append(term)
    assert [terms for terms in owners.values() if len(terms) > 1] == []


def test_a_term_is_declared_in_one_chapter() -> None:
    chapters = defaultdict(set)
    for path in CHAPTERS:
        for triple in triples_of([path]):
            chapters[str(triple.subject)].add(path.name)
    assert {term: names for term, names in chapters.items() if len(names) > 1} == {}


def test_there_are_no_inverses() -> None:
    assert [triple for triple in triples_of(CHAPTERS) if triple.predicate.value == str(OWL.inverseOf)] == []


def test_every_list_has_values_and_a_property_that_takes_them() -> None:
    ranges = {value for term in PROPERTIES for value in TERMS[term].get(str(RDFS.range), [])}
    for name in LISTS & {kind for term in TERMS for kind in kinds_of(term)}:
        assert NamedNode(name) in ranges, f"no property has the range {name}"
        assert sum(name in kinds_of(term) for term in TERMS) > 1, f"{name} gives no choice"


def test_header_says_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = {triple.predicate.value: triple.object for triple in HEADER}
    assert said[str(OWL.versionInfo)] == Literal(project["version"])
    assert said[str(OWL.versionIRI)] == NamedNode(TERM + project["version"])
    shapes = {
        triple.predicate.value: triple.object for triple in triples_of(FILES) if triple.subject == SHAPES
    }
    assert shapes[str(OWL.versionInfo)] == Literal(project["version"])


def test_there_is_one_header() -> None:
    headers = {path.name for path in CHAPTERS for triple in triples_of([path]) if triple.subject == ONTOLOGY}
    assert headers == {"core.ttl"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_prefixes_and_base_are_those_of_the_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    prefixes = dict(re.findall(r"^@prefix ([\w-]*): <(.*)> \.$", text, flags=re.MULTILINE))
    assert prefixes == {prefix: PREFIXES.get(prefix) for prefix in prefixes}
    assert [
        iri for iri in re.findall(r"<(https?://w3id\.org/[^>]*)>", text) if not iri.startswith(BASE)
    ] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_term_in_use_is_declared(path: Path) -> None:
    used = {term for triple in triples_of([path]) for term in terms_in(triple)}
    assert {term for term in used if not is_declared(term)} == set()


def terms_in(triple: Triple) -> Iterable[str]:
    """Give the predicate, and the value if it is a term of a vocabulary: a class, a shape's path, a value."""
    yield triple.predicate.value
    if isinstance(triple.object, Literal):
        yield triple.object.datatype.value
    elif isinstance(triple.object, NamedNode) and is_of_a_vocabulary(triple.object.value):
        yield triple.object.value


def is_of_a_vocabulary(iri: str) -> bool:
    is_version = re.fullmatch(re.escape(TERM) + r"[0-9.]+", iri)
    return not is_version and iri.startswith((TERM, *KNOWN, *OTHERS)) and iri not in {*KNOWN, *OTHERS}


def is_declared(iri: str) -> bool:
    if iri.startswith(TERM):
        return iri in TERMS
    for namespace, names in OTHERS.items():
        if iri.startswith(namespace):
            return iri.removeprefix(namespace) in names
    return any(iri.startswith(name) and URIRef(iri) in vocabulary for name, vocabulary in KNOWN.items())


def test_every_class_and_property_is_used_by_a_question() -> None:
    asked = {term for question in questions() for term in terms_asked(question)}
    assert {term.removeprefix(TERM) for term in (CLASSES | PROPERTIES) - asked} == set()


def test_questions_use_only_declared_terms() -> None:
    for question in questions():
        assert {term for term in terms_asked(question) if term not in TERMS} == set(), question.name


def terms_asked(question: Query) -> set[str]:
    """Find the terms of ours in the text of a question, without its comments and strings."""
    text = re.sub(r'"[^"]*"|^#.*$|^PREFIX.*$', "", question.text, flags=re.MULTILINE)
    return {TERM + name for name in re.findall(r"(?<![\w-])gcm:(\w+)", text)} | set(
        re.findall(rf"<({re.escape(TERM)}\w+)>", text)
    )


def test_every_class_and_property_is_used_by_some_data() -> None:
    used = {term for triple in triples_of(FILES) if not is_about_words(triple) for term in terms_in(triple)}
    wider = {parent.value for term in used & CLASSES for parent in TERMS[term].get(str(RDFS.subClassOf), [])}
    filled = {kind for term in used & set(TERMS) for kind in kinds_of(term)}
    unused = {term.removeprefix(TERM) for term in (CLASSES | PROPERTIES) - used - wider - filled}
    assert unused == ABOUT_WORDS


def test_every_class_with_members_in_data_says_how_they_are_addressed() -> None:
    members = {term for term in CLASSES if TERM + "kindInAddress" in TERMS[term]}
    filled = {
        triple.object.value
        for triple in triples_of(FILES)
        if not is_about_words(triple) and isinstance(triple.object, NamedNode)
        if triple.predicate.value == str(RDF.type)
    }
    assert (filled & CLASSES) - members == set()
    assert {term for term in members if TERM + "identifierRule" not in TERMS[term]} == set()


def is_about_words(triple: Triple) -> bool:
    """Whether ontology or shapes say it, not data."""
    subject = triple.subject
    return not isinstance(subject, NamedNode) or not subject.value.startswith((BASE + "id/", DATASET))
