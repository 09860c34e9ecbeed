"""On what a draft rests: a dataset that is there or a new one, its document or a new one, the place in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields import Field, Fields, Kind
from gcm.vocab import DATASET, ONTOLOGY, OWN_STEMS, PREFIXES, expand
from gcm.web.forms.dates import DATE
from gcm.web.forms.entered import Entered, Row
from gcm.web.forms.terms import Fault, Value, offer, read_row
from gcm.web.forms.world import Statements, World, values_of

#: What is chosen for a dataset that is not there yet.
NEW = "new"

#: Keys of the fields that are not about the thing itself.
NAME = "dataset@name"
DESCRIPTION = "dataset@dcterms:description"
READ_ON = "dataset@gcm:readOn"
TITLE = "document@skos:prefLabel"
PAGE = "document@foaf:page"
PUBLISHER = "document@dcterms:publisher"
LOCATOR = "passage@gcm:locator"

#: Keys whose faults leave open on what a thing rests.
SOURCE_KEYS = frozenset({"dataset", NAME, DESCRIPTION, READ_ON, TITLE, PAGE, PUBLISHER, LOCATOR})

_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_LONGEST_NAME = 100


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


TYPE = _term("rdf:type")
DERIVED_FROM = _term("prov:wasDerivedFrom")
_SOURCE, _PART_OF, _LOCATOR = _term("dcterms:source"), _term("dcterms:isPartOf"), _term("gcm:locator")
_DATASET_CLASS, DOCUMENT, _PASSAGE = _term("dcat:Dataset"), _term("gcm:Document"), _term("gcm:Passage")

#: Fields of the source as forms show them: key -> form and property of which it is the field.
_FIELDS = {
    TITLE: ("document", "skos:prefLabel"),
    PAGE: ("document", "foaf:page"),
    PUBLISHER: ("document", "dcterms:publisher"),
    READ_ON: ("dataset", "gcm:readOn"),
    DESCRIPTION: ("dataset", "dcterms:description"),
    LOCATOR: ("passage", "gcm:locator"),
}

#: The one field of a source that no shape describes.
_NAME_FIELD = Field(
    path=_term("dcterms:identifier"),
    shape=_term("dcterms:identifier"),
    shapes=(),
    names={"en": "short name", "fr": "nom court", "ru": "краткое имя"},
    help="Small letters, digits and hyphens; it becomes the last part of the address of the dataset.",
    message="Write small letters, digits and hyphens, such as ministry-annual-report-2025.",
    kind=Kind.CODE,
    maximum=1,
)


@dataclass(frozen=True)
class Source:
    """A dataset, the statements that make it or that it needs anew, and what things of it are derived from.

    `documents` are those of a dataset that is there, by their titles. `header` is what makes a new dataset,
    `added` what describes a new document or passage. `blamed` maps a subject and a property to the key of the
    field that is to blame for it.
    """

    dataset: NamedNode | None = None
    document: NamedNode | None = None
    documents: tuple[NamedNode, ...] = ()
    derived_from: NamedNode | None = None
    is_document_new: bool = False
    header: Statements = frozenset()
    added: Statements = frozenset()
    faults: Mapping[tuple[str, int], Fault] = field(default_factory=dict)
    blamed: Mapping[tuple[NamedNode, NamedNode], str] = field(default_factory=dict)


def source_fields(fields: Fields) -> Mapping[str, Field]:
    """Give the fields of a source by their keys; each once, required where nothing can stand in for it."""
    found = {NAME: _NAME_FIELD}
    for key, (form, path) in _FIELDS.items():
        own = next(each for each in fields.forms[form].fields if each.path == _term(path))
        found[key] = replace(own, maximum=1, minimum=0, languages=own.languages or ("en",))
    return found


def read_source(
    entered: Entered, world: World, *, dataset: NamedNode | None = None, cited: NamedNode | None = None
) -> Source:
    """Read on what a draft rests.

    `dataset` is the one whose statements are being changed, `cited` the one document that the thing names.
    """
    reader = _Reader(entered, world)
    chosen = dataset or reader.dataset()
    documents = world.documents_of(chosen) if chosen else ()
    document = reader.document(documents, cited)
    passage = reader.passage(document)
    reader.head(chosen, document)
    return Source(
        dataset=chosen,
        document=document,
        documents=documents,
        derived_from=passage or document,
        is_document_new=is_document_new(entered) or reader.is_new,
        header=frozenset(reader.header),
        added=frozenset(reader.added),
        faults=reader.faults,
        blamed=reader.blamed,
    )


def is_document_new(entered: Entered) -> bool:
    """Whether a document is described that is not there yet."""
    return any(entered.filled(key) for key in (TITLE, PAGE, PUBLISHER))


class _Reader:
    """Reads the fields of a source one after the other, and notes what is wrong with them."""

    def __init__(self, entered: Entered, world: World) -> None:
        self._entered, self._world = entered, world
        self._fields = source_fields(world.fields)
        self.header: list[Triple] = []
        self.added: list[Triple] = []
        self.faults: dict[tuple[str, int], Fault] = {}
        self.blamed: dict[tuple[NamedNode, NamedNode], str] = {}

    @property
    def is_new(self) -> bool:
        """Whether a new dataset is described."""
        return self._entered.setting("dataset") == NEW

    def dataset(self) -> NamedNode | None:
        """Give the dataset that is chosen, or the address of the new one."""
        chosen = self._entered.setting("dataset")
        if chosen != NEW:
            found = expand(chosen)
            if found not in self._world.graph.datasets:
                self._blame("dataset", "Choose the dataset that this rests on, or describe a new source.")
                return None
            return found
        return self._new_dataset(self._entered.first(NAME))

    def _new_dataset(self, name: str) -> NamedNode | None:
        if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME or name in OWN_STEMS:
            wrong = f"“{name}” is no short name. " if name else "Give the dataset a short name. "
            self._blame(NAME, wrong + _NAME_FIELD.message)
            return None
        found = NamedNode(DATASET + name)
        if self._world.is_taken(found):
            self._blame(NAME, f"There is a dataset “{name}” already. Choose it above, or take another name.")
        return found

    def document(self, documents: Sequence[NamedNode], cited: NamedNode | None) -> NamedNode | None:
        """Give the document: one newly described, else the one cited, else the only one of the dataset."""
        if is_document_new(self._entered) or self.is_new:
            return self._new_document()
        if cited is not None:
            return cited
        return documents[0] if len(documents) == 1 else None

    def _new_document(self) -> NamedNode | None:
        title = self._value(TITLE, "Give the title of the document.")
        page = self._value(PAGE, "Give the address at which the document can be read.")
        publisher = self._value(PUBLISHER, "Name the organization that published the document.")
        minted = self._world.mint(self._world.fields.forms["document"], {})
        if minted is None or title is None or page is None or publisher is None:
            return None
        self._say(minted, TYPE, DOCUMENT, TITLE)
        for key, value in ((TITLE, title), (PAGE, page), (PUBLISHER, publisher)):
            self._say(minted, self._fields[key].path, value, key)
        return minted

    def passage(self, document: NamedNode | None) -> NamedNode | None:
        """Give the passage with the locator that was typed: a known one, else a new one."""
        locator = self._value(LOCATOR, "")
        if locator is None:
            return None
        if document is None:
            self._blame(LOCATOR, "Name the one document in which this place is, as the source of the thing.")
            return None
        known = self._world.graph.subjects(_PART_OF, document)
        for each in known:
            if locator in self._world.graph.values(each, _LOCATOR):
                return each
        parts = (Triple(document, _PART_OF, document),)  # only the value counts
        minted = self._world.mint(self._world.fields.forms["passage"], values_of(parts))
        if minted is not None:
            self._say(minted, TYPE, _PASSAGE, LOCATOR)
            self._say(minted, _PART_OF, document, LOCATOR)
            self._say(minted, _LOCATOR, locator, LOCATOR)
        return minted

    def head(self, dataset: NamedNode | None, document: NamedNode | None) -> None:
        """Describe a new dataset, or add a new document to those of a known one."""
        if not self.is_new:
            if dataset and document and is_document_new(self._entered):
                self.added.append(Triple(dataset, _SOURCE, document))
            return
        description = self._value(
            DESCRIPTION, "Say in your own words what the dataset holds and what is missing."
        )
        read_on = self._value(READ_ON, "Give the day on which the document was read.")
        title = self._value(TITLE, "")
        if dataset is None or description is None or read_on is None or document is None:
            return
        if not isinstance(title, Literal):
            return
        self.header += [Triple(dataset, predicate, value) for predicate, value in self._heading(title)]
        self.header.append(Triple(dataset, _SOURCE, document))
        for key, value in ((DESCRIPTION, description), (READ_ON, read_on)):
            self.header.append(Triple(dataset, self._fields[key].path, value))
            self.blamed[dataset, self._fields[key].path] = key

    def _heading(self, title: Literal) -> list[tuple[NamedNode, Value]]:
        """Give what a new dataset says of itself that nobody has to type: what all datasets say alike."""
        world = self._world
        today = Literal(world.today, datatype=DATE)
        rights = (
            f"Facts and figures are taken from “{title.value}”, whose texts remain those of its publisher; "
            f"names "
            "and descriptions are in our own words. Our compilation may be reused under CC BY 4.0 with "
            "attribution to the GCM knowledge graph and to the source."
        )
        same = [(each, world.usual(each)) for each in (_term("dcterms:publisher"), _term("dcterms:license"))]
        version = next(iter(world.graph.values(ONTOLOGY, _term("owl:versionIRI"))), None)
        return [
            (TYPE, _DATASET_CLASS),
            (_term("dcterms:title"), title),
            (_term("dcterms:issued"), today),
            (_term("dcterms:modified"), today),
            (_term("dcterms:rights"), Literal(rights, language="en")),
            *((predicate, value) for predicate, value in same if value is not None),
            *([(_term("dcterms:conformsTo"), version)] if isinstance(version, NamedNode) else []),
        ]

    def _value(self, key: str, missing: str) -> Value | None:
        """Read the value of a field that has one; note what is wrong with it, or that it is missing."""
        rows = self._entered.filled(key)
        if not rows:
            if missing:
                self._blame(key, missing)
            return None
        found = read_row(self._fields[key], _with_language(rows[0]), self._world.names)
        if isinstance(found, Fault):
            offered = offer(self._fields[key], rows[0], found, self._world.names)
            self.faults[key, self._entered.of(key).index(rows[0])] = offered
            return None
        return found

    def _say(self, subject: NamedNode, predicate: NamedNode, value: Value, key: str) -> None:
        self.added.append(Triple(subject, predicate, value))
        self.blamed[subject, predicate] = key

    def _blame(self, key: str, message: str) -> None:
        self.faults.setdefault((key, 0), Fault(message))


def _with_language(row: Row) -> Row:
    return row if row.language else replace(row, language="en")
