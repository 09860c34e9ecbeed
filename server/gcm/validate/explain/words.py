"""How values, things, fields and classes are named in a sentence, and written in a file."""

import re
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from gcm.fields import Fields
from gcm.fields.names import fold
from gcm.validate.explain.case import TYPE, Case
from gcm.validate.finding import Term
from gcm.validate.report import Candidate
from gcm.vocab import KINDS, PREFIXES, expand, shorten

XSD, RDF = PREFIXES["xsd"], PREFIXES["rdf"]
STRING, LANGUAGE_STRING = XSD + "string", RDF + "langString"
#: Longer texts are cut: the place says where the whole of it stands.
_LONGEST = 60
#: Datatypes whose values Turtle writes without quotation marks (Turtle section 2.5).
_BARE = frozenset(XSD + name for name in ("integer", "decimal", "boolean"))
_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "ru": "Russian",
    "zh": "Chinese",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
#: A code of ours inside a sentence, not followed by its name already.
_CODE = re.compile(rf"(?<![\w:<])({'|'.join(KINDS)}|gcm):([\w.-]*\w)(?! \()")
#: Datatypes as people name them.
_DATATYPES = {
    XSD + "date": "day",
    XSD + "dateTime": "moment",
    XSD + "gYearMonth": "month",
    XSD + "gYear": "year",
    XSD + "decimal": "decimal number",
    XSD + "integer": "whole number",
    XSD + "boolean": "yes or no",
    XSD + "duration": "length of time",
    XSD + "anyURI": "web address",
    STRING: "text",
    LANGUAGE_STRING: "text with a language",
}


def shown(case: Case, term: Term) -> str:
    """Name a value as its writer sees it: “200,000”, place:MDA (Republic of Moldova)."""
    if isinstance(term, NamedNode):
        return thing(case, term)
    if isinstance(term, Literal):
        return term.value if is_number(term) else quoted(term.value)
    return "a thing without an identifier"


def is_number(literal: Literal) -> bool:
    """Whether a value is a number, as people write it without quotation marks."""
    return literal.datatype.value in (XSD + "integer", XSD + "decimal")


def quoted(text: str) -> str:
    """Put a text between quotation marks, on one line, cut where it is long."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}”"


def thing(case: Case, iri: NamedNode) -> str:
    """Name a thing by its short address with its name: objective:17 (Eliminate discrimination …)."""
    short, name = short_address(iri), label(case, iri)
    return f"{short} ({_cut(name)})" if name else short


def short_address(iri: NamedNode) -> str:
    """Give an address as short as can be; one without a prefix of ours in angle brackets."""
    short = shorten(iri)
    return f"<{short}>" if short == iri.value else short


def label(case: Case, iri: NamedNode) -> str:
    """Give the English name of a thing, "" if it has none."""
    if case.names.has_name(iri):
        return case.names.label_of(iri)
    texts = [each.object for each in case.around.about(iri) if each.predicate == _PREF_LABEL]
    names = [each for each in texts if isinstance(each, Literal)]
    return min(names, key=lambda each: (each.language != "en", each.value)).value if names else ""


def in_its_field(case: Case) -> str:
    """Begin a sentence about the value: “Moldova” in the field “is made by”."""
    value = case.finding.value
    name = shown(case, value) if value is not None else "What stands"
    return f"{name} in the field {field_name(case)}"


def field_name(case: Case) -> str:
    """Name the field in question by its name in the form; a property without one by its short address."""
    if case.field is not None:
        return f"“{case.field.name()}”"
    predicate = case.finding.predicate
    if predicate is None or predicate == TYPE:
        return "“class”"
    name = case.fields.properties.get(predicate, {}).get("en")
    return f"“{name}”" if name else short_address(predicate)


def class_name(fields: Fields, iri: NamedNode) -> str:
    """Name a class with its article: an Objective, a Sustainable Development Goal."""
    form = fields.form(iri)
    name = fields.classes.get(iri, {}).get("en") or (form.label() if form else fields.label(iri))
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"


def with_labels(case: Case, text: str) -> str:
    """Write the name behind each code in a text: place:MDA (Republic of Moldova)."""

    def labelled(found: re.Match[str]) -> str:
        iri = expand(found[0])
        name = label(case, iri) if iri is not None else ""
        return f"{found[0]} ({_cut(name)})" if name and _plain(name) != _plain(found[2]) else found[0]

    return _CODE.sub(labelled, text)


def _plain(name: str) -> str:
    return fold(name).replace(" ", "")


def one_of(names: Sequence[str]) -> str:
    """Join names: an Actor; a Passage or a Document."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def both(names: Sequence[str]) -> str:
    """Join names: A and B."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def language_name(tag: str) -> str:
    """Name a language: French (fr)."""
    name = _LANGUAGES.get(tag.partition("-")[0].lower())
    return f"{name} ({tag})" if name else f"the language {tag}"


def datatype_name(iri: NamedNode) -> str:
    """Name a datatype as people do: a day."""
    return _DATATYPES.get(iri.value, short_address(iri))


def written(term: NamedNode | Literal) -> str:
    """Write a term as Turtle does with the prefixes of the graph."""
    if isinstance(term, NamedNode):
        return short_address(term)
    if term.datatype.value in _BARE and (term.datatype.value != XSD + "decimal" or "." in term.value):
        return term.value
    plain = str(Literal(term.value))
    if term.language:
        return f"{plain}@{term.language}"
    return plain if term.datatype.value == STRING else f"{plain}^^{short_address(term.datatype)}"


def candidate(case: Case, term: NamedNode | Literal) -> Candidate:
    """Make a candidate of a thing, or of a value."""
    if isinstance(term, NamedNode):
        return Candidate(iri=term.value, label=label(case, term), written=written(term))
    return Candidate(iri="", label=value_in_words(term), written=written(term))


def value_in_words(literal: Literal) -> str:
    """Say what a value means where its writing may not: a date in words, the language of a text."""
    if literal.language:
        return language_name(literal.language)
    day, _, time = literal.value.partition("T")
    parts = day.split("-")
    if not literal.datatype.value.startswith((XSD + "date", XSD + "gYear")) or len(parts) > 3:
        return ""
    names = [
        *(str(int(each)) for each in parts[2:]),
        *(_MONTHS[int(each) - 1] for each in parts[1:2]),
        parts[0],
    ]
    return " ".join(names) + (f", {time.replace('Z', ' UTC')}" if time else "")


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


_PREF_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
