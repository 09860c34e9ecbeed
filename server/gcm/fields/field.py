"""What a shape says of one property of a class, and of the class."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from pyoxigraph import Literal, NamedNode

from gcm.vocab import PREFIXES

_XSD = PREFIXES["xsd"]
_RDF = PREFIXES["rdf"]


class Kind(Enum):
    """What is written into a field, as people see it."""

    ENTITY = "a thing of the graph"
    CHOICE = "one of a list"
    TEXT = "text in a language"
    CODE = "a code"
    DATE = "a day, a month or a year"
    NUMBER = "a number"
    YES_NO = "yes or no"
    ADDRESS = "a web address"
    DURATION = "a length of time"
    OTHER = "a value"


@dataclass(frozen=True)
class Field:
    """One property of a class: what it is called, what it may hold, how often, and where it stands.

    Names are by language. A value is one of `choices` if there are any; else a thing of one of `classes`, or
    of any class for an ENTITY without; else a literal with one of `datatypes`, in one of `languages` if there
    are any, matching all `patterns` (SHACL section 4.4.3), not below `low` nor above `high`. `maximum` None
    means any number of values. `is_recommended`: a warning asks for it. `shapes` are all property shapes that
    speak of it; the first is `shape`, which gave it its name and place.
    """

    path: NamedNode
    shape: NamedNode
    shapes: tuple[NamedNode, ...]
    names: Mapping[str, str]
    help: str
    message: str
    kind: Kind
    classes: tuple[NamedNode, ...] = ()
    choices: tuple[NamedNode | Literal, ...] = ()
    datatypes: tuple[NamedNode, ...] = ()
    languages: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    low: str | None = None
    high: str | None = None
    minimum: int = 0
    maximum: int | None = None
    is_recommended: bool = False
    has_unique_languages: bool = False
    group: NamedNode | None = None
    group_names: Mapping[str, str] | None = None
    group_order: float = float("inf")
    order: float = float("inf")

    @property
    def allows_several(self) -> bool:
        """Whether a thing may have any values beside each other: one in each language is less than that."""
        return (self.maximum is None or self.maximum > 1) and not self.has_unique_languages

    def name(self, language: str = "en") -> str:
        """Give the name in a language, else in English, else the last part of the property's IRI."""
        return self.names.get(language) or self.names.get("en") or local_name(self.path)


@dataclass(frozen=True)
class FormShape:
    """A class as a form: its fields in the order in which the shapes put them.

    `name` is the class in small letters with hyphens, as in addresses of forms: `voluntary-report`. `kind` is
    the first step of the addresses of its things, `report`, as the ontology says; "" where it does not.
    """

    name: str
    kind: str
    cls: NamedNode
    names: Mapping[str, str]
    help: str
    message: str
    fields: tuple[Field, ...]

    def label(self, language: str = "en") -> str:
        """Give the name of the class in a language, else in English."""
        return self.names.get(language) or self.names.get("en") or self.name


def kind_of(
    *,
    classes: tuple[NamedNode, ...],
    choices: tuple[NamedNode | Literal, ...],
    datatypes: tuple[NamedNode, ...],
    is_address: bool,
    is_iri: bool,
) -> Kind:
    """Tell what is written into a field that the shapes describe so."""
    if choices:
        return Kind.CHOICE
    if classes:
        return Kind.ENTITY
    if is_iri:
        return Kind.ADDRESS if is_address else Kind.ENTITY
    kinds = {_KINDS.get(each.value, Kind.OTHER) for each in datatypes}
    return kinds.pop() if len(kinds) == 1 else Kind.OTHER


def local_name(iri: NamedNode) -> str:
    """Give what stands behind the last slash or hash of an IRI."""
    return iri.value[max(iri.value.rfind("/"), iri.value.rfind("#")) + 1 :]


_KINDS = {
    _RDF + "langString": Kind.TEXT,
    _XSD + "string": Kind.CODE,
    _XSD + "date": Kind.DATE,
    _XSD + "dateTime": Kind.DATE,
    _XSD + "gYearMonth": Kind.DATE,
    _XSD + "gYear": Kind.DATE,
    _XSD + "decimal": Kind.NUMBER,
    _XSD + "integer": Kind.NUMBER,
    _XSD + "boolean": Kind.YES_NO,
    _XSD + "duration": Kind.DURATION,
}
