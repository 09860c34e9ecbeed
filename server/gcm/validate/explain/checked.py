"""What the checks find: what may have been meant, and remedies where one alone is right."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields.field import local_name
from gcm.validate.explain.case import END, START, TYPE, Answer, Case
from gcm.validate.explain.literals import other_literal
from gcm.validate.explain.nearest import MOST
from gcm.validate.explain.properties import meant_fields, other_property, wrong_class
from gcm.validate.explain.things import other_thing
from gcm.validate.explain.turned import turned_reference
from gcm.validate.explain.words import candidate, short_address, shown
from gcm.validate.finding import Term
from gcm.validate.remedy import Add, Remove, ReplaceObject, ReplaceSubject, SwapValues
from gcm.vocab import BASE, PREFIXES, THING, expand

_IS_ABOUT = NamedNode(PREFIXES["gcm"] + "isAbout")
_OBJECTIVE = NamedNode(PREFIXES["gcm"] + "Objective")
_ADDITION = re.compile(r'Add (\S+) (?:"([^"]+)"@([a-z]+)|<(\S+)>|([a-z]+:\S+?))\.')
_OUR_HOST = re.compile(r"^https?://(www\.)?w3id\.org/gcm/(id|doc)/")


def answer_of_check(case: Case) -> Answer:
    """Give what fits the check that found the fault; else what its message asks to add, word for word."""
    answer = _ANSWERS.get(case.finding.source, _nothing)(case)
    return answer if answer != Answer() else addition(case)


def addition(case: Case) -> Answer:
    """Follow a message that says exactly what to add: "Add skos:inScheme gcm:Objectives."."""
    found = _ADDITION.fullmatch(case.finding.message)
    predicate = expand(found[1]) if found else None
    if not found or predicate is None:
        return Answer()
    value = _value(found)
    return Answer((), Add(found[0].removesuffix("."), predicate, value)) if value is not None else Answer()


def _value(found: re.Match[str]) -> NamedNode | Literal | None:
    if found[2]:
        return Literal(found[2], language=found[3])
    return NamedNode(found[4]) if found[4] else expand(found[5])


def _nothing(_case: Case) -> Answer:
    return Answer()


def _unknown_thing(case: Case) -> Answer:
    """Find the thing that was meant, in the field that was meant if the property is wrong as well."""
    predicate, value = case.finding.predicate, case.finding.value
    if not isinstance(value, NamedNode) or predicate is None:
        return Answer()
    field = case.field or next(iter(meant_fields(case, predicate, value)), None)
    return other_thing(case, field, value) if field is not None else Answer()


def _without_language(case: Case) -> Answer:
    """Name the language of a text that has none: it may be the English name that is missing."""
    value = case.finding.value
    if case.field is None or not isinstance(value, Literal) or value.language:
        return Answer()
    return other_literal(case, case.field, value)


def _unknown_term(case: Case) -> Answer:
    predicate, value = case.finding.predicate, case.finding.value
    if case.has_unknown_property:
        return other_property(case)
    if not isinstance(value, NamedNode):
        return Answer()
    answer = _unknown_thing(case) if predicate != TYPE else Answer()
    if answer != Answer():
        return answer
    classes = wrong_class(case, value)
    candidates = tuple(candidate(case, each) for each in classes)
    if len(classes) != 1 or predicate != TYPE:
        return Answer(candidates)
    return Answer(candidates, ReplaceObject(f"Write the class as {short_address(classes[0])}", classes[0]))


def _wider_class(case: Case) -> Answer:
    value = case.finding.value
    assert value is not None  # the check selects it
    return Answer((), Remove(f"Remove the class {shown(case, value)}"))


def _dates_in_wrong_order(case: Case) -> Answer:
    """Exchange the two dates, if there is one of each."""
    starts, ends = case.statements(START), case.statements(END)
    if len(starts) != 1 or len(ends) != 1:
        return Answer()
    return Answer((), SwapValues("Exchange the two dates", other=starts[0]))


def _objectives(case: Case) -> Answer:
    """See whether an objective names the commitment, instead of the commitment the objective."""
    return turned_reference(case, _IS_ABOUT, _OBJECTIVE)


def _address(case: Case) -> Answer:
    """Write an address of ours with our scheme and host; find a thing of that kind with the same code."""
    focus, value = case.finding.focus, case.finding.value
    if not isinstance(focus, NamedNode) or not isinstance(value, NamedNode):
        return Answer()
    ours = _OUR_HOST.sub(THING, focus.value)
    if ours != focus.value and ours.startswith(BASE):
        new = NamedNode(ours)
        return Answer((candidate(case, new),), ReplaceSubject(f"Write the address {short_address(new)}", new))
    same = [each for each in case.names.members([value]) if local_name(each) == local_name(focus)]
    is_code = not local_name(focus).isdecimal()
    return Answer(tuple(candidate(case, each) for each in same[:MOST] if is_code and each != focus))


def _twin(case: Case) -> Answer:
    """Name the other thing that has the same value."""
    value, predicate, focus = case.finding.value, case.finding.predicate, case.finding.focus
    assert value is not None  # the checks select it
    others = _subjects(case.around.references(value), predicate)
    return Answer(tuple(candidate(case, each) for each in others if each != focus))


def _twin_in(*paths: str) -> Callable[[Case], Answer]:
    """Name the other record that has the same values of some properties, not of the blamed one alone."""
    shared = [path for each in paths if (path := expand(each)) is not None]

    def answer(case: Case) -> Answer:
        own = {(each, said.object) for each in shared for said in case.statements(each)}
        twins = _twin(case).candidates
        return Answer(tuple(each for each in twins if own <= _said(case, each.iri, shared)))

    return answer


def _said(case: Case, iri: str, paths: Collection[NamedNode]) -> set[tuple[NamedNode, Term]]:
    return {
        (each.predicate, each.object) for each in case.around.about(NamedNode(iri)) if each.predicate in paths
    }


def _subjects(references: Iterable[Triple], predicate: NamedNode | None) -> list[NamedNode]:
    found = (each.subject for each in references if each.predicate == predicate)
    return sorted({each for each in found if isinstance(each, NamedNode)}, key=lambda each: each.value)


def _without_class(case: Case) -> Answer:
    """Name the classes whose things have such addresses and all the properties that were used."""
    focus = case.finding.focus
    used = {each.predicate for each in case.around.about(focus)}
    forms = [form for form in case.fields.forms.values() if _is_of_kind(focus, form.kind)]
    fitting = [form for form in forms if used <= {each.path for each in form.fields}]
    candidates = tuple(candidate(case, each.cls) for each in fitting)[:MOST]
    if len(fitting) != 1:
        return Answer(candidates)
    cls = fitting[0].cls
    return Answer(candidates, Add(f"Add the class {short_address(cls)} ({fitting[0].label()})", TYPE, cls))


def _is_of_kind(node: Term, kind: str) -> bool:
    return bool(kind) and isinstance(node, NamedNode) and node.value.startswith(f"{THING}{kind}/")


def _mail(case: Case) -> Answer:
    """Remove an e-mail address that stands alone; one inside a text is for its writer to cut."""
    value = case.finding.value
    is_alone = isinstance(value, NamedNode) or (
        isinstance(value, Literal) and not re.search(r"\s", value.value)
    )
    return Answer((), Remove("Remove the e-mail address")) if is_alone else Answer()


_ANSWERS: Mapping[str, Callable[[Case], Answer]] = {
    "address-of-another-kind": _address,
    "document-described-twice": _twin,
    "duplicate-label": _twin_in("rdf:type"),
    "end-before-start": _dates_in_wrong_order,
    "link-to-nothing": _unknown_thing,
    "no-english-name": _without_language,
    "objectives-not-as-known": _objectives,
    "passage-described-twice": _twin_in("dcterms:isPartOf"),
    "private-address": _mail,
    "treaty-status-twice": _twin_in("gcm:isUnder", "gcm:asOf"),
    "vote-cast-twice": _twin_in("gcm:isOn"),
    "superfluous-type": _wider_class,
    "thing-without-type": _without_class,
    "undeclared-term": _unknown_term,
}
