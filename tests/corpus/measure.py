"""All faulty files, checked: which faults are found at their place, what is false, which fixes mend them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random

from gcm.errors import SourceError
from gcm.fields import Fields, read_fields
from gcm.given import Form, Given
from gcm.layout import Sources, find_sources
from gcm.limits import Limits
from gcm.syntax import read
from gcm.turtle import read_triples
from gcm.validate import Options, Report, Result
from gcm.validate.context import Context
from gcm.validate.mend import fixes_of, mend
from gcm.validate.run import check
from gcm.vocab import PREFIXES, shorten
from pyoxigraph import Literal, NamedNode, Triple

from tests.corpus.bases import LABEL, TYPE, Base, as_dataset, make_bases, moved, whole_files, with_more
from tests.corpus.faults import Fault, Graph, faults_of
from tests.corpus.writing import SUFFIX, Written, write

ROOT = Path(__file__).parents[2]
FORMS = tuple(SUFFIX)
DECIMAL = NamedNode(PREFIXES["xsd"] + "decimal")
#: Forms of which there are only those that there are: so many objectives, one vote of each State.
WHOLE = ("action", "goal", "objective", "target", "vote", "expression-of-interest", "document")
#: Of each kind of fault in each property of a class, so many files.
EACH = 1
#: Nobody asks here how the datasets would be written as files of the graph: that takes as long as the check.
_OPTIONS = Options(with_datasets=False)


@dataclass(frozen=True)
class Case:
    """A faulty file, and the lines that its fault may be shown on, and those where more may be said."""

    fault: Fault
    form: Form
    given: Given
    right: frozenset[int]
    allowed: frozenset[int]


@dataclass(frozen=True)
class Outcome:
    """What became of one case. `mended`: the fix was applied and gave back what the base says."""

    case: Case
    results: tuple[Result, ...]
    is_found: bool
    is_placed: bool
    false: tuple[Result, ...]
    has_fix: bool = False
    is_mended: bool = False


def sources() -> Sources:
    """Find the graph in which the files stand: ours and the small invented one, with one of everything."""
    return find_sources(ROOT, data=[ROOT / "tests" / "world"])


def valid_files(chosen: Sources, context: Context) -> list[Base]:
    """Make the valid files that all others come from."""
    fields = context.fields
    bases = valid_bases(list(make_bases(chosen, fields)), context)
    bases += valid_bases([with_more(each) for each in _first_of_each_form(bases)], context)
    return [*bases, as_dataset(bases[0], fields.forms["dataset"])]


def make_right(bases: Sequence[Base]) -> list[Given]:
    """Write the valid files, in one syntax after the other."""
    datasets = {base.dataset: base for base in reversed(bases)}  # each once: one file is one data set
    return [
        _given(f"valid-{at}", form, base.statements, base)[0]
        for at, (base, form) in enumerate(zip(datasets.values(), cycle(FORMS), strict=False))
    ]


def make_cases(
    seed: int, chosen: Sources, bases: Sequence[Base], context: Context, *, each: int = EACH
) -> list[Case]:
    """Make the files with a wrong statement."""
    random, graph = Random(seed), _graph(chosen, context.fields)
    faults = _chosen([fault for base in bases for fault in faults_of(base, graph, random)], each)
    numbers = _numbers(faults)
    forms = cycle(FORMS)
    return [_case(fault, next(forms), number) for fault, number in zip(faults, numbers, strict=True)]


def make_whole_files(seed: int, chosen: Sources, *, but: Iterable[Case]) -> list[Case]:
    """Make faulty files of what there can be no copy of: each takes the place of the file that it was.

    Property shapes that the cases of `but` break already are left out, since each file is checked alone.
    """
    fields = read_fields(chosen)
    bases = list(whole_files(world_alone(), [fields.forms[name] for name in WHOLE]))
    random, graph = Random(seed), _graph(chosen, fields)
    seen = {shape for case in but for shape in shapes_broken(case.fault)}
    faults = [fault for base in bases for fault in faults_of(base, graph, random)]
    faults = _chosen([each for each in faults if not seen.issuperset(shapes_broken(each))], EACH)
    return [_in_place(fault, number) for number, fault in enumerate(faults)]


def measure_whole_files(cases: Sequence[Case], context: Context) -> list[Outcome]:
    """Check the cases one by one, since they are the same file; leave out what is said of the right one."""
    before = {_said(each) for each in results_of(list(_right_files(cases)), context)}
    found = [outcome for case in cases for outcome in measure([case], context)]
    return [
        replace(each, false=tuple(one for one in each.false if _said(one) not in before)) for each in found
    ]


def _right_files(cases: Iterable[Case]) -> Iterator[Given]:
    bases = {case.fault.base.name: case.fault.base for case in cases}
    return (_given(name, Form.TURTLE, base.statements, base)[0] for name, base in bases.items())


def _said(result: Result) -> tuple[str, str, str | None]:
    return result.source, result.focus, result.predicate


def world_alone() -> Sources:
    """Find the small invented graph without ours, so that its files are all that there is."""
    return find_sources(ROOT, data=[ROOT / "tests" / "world"], with_own_data=False)


def measure(cases: Sequence[Case], context: Context) -> list[Outcome]:
    """Check all cases, then once more with the fixes applied."""
    found = _by_file(results_of([case.given for case in cases], context))
    outcomes = [_judge(case, found.get(case.given.name, [])) for case in cases]
    mended = {each.case.given.name: _fixed(each) for each in outcomes if any(one.fix for one in each.results)}
    again = _by_file(results_of(list(mended.values()), context))
    return [_after(each, mended.get(each.case.given.name), again) for each in outcomes]


def results_of(files: Sequence[Given], context: Context) -> tuple[Result, ...]:
    """Check files all together."""
    return check(files, context, options=_OPTIONS).report.results


def shapes_broken(fault: Fault) -> set[NamedNode]:
    """Collect the property shapes that speak of the property that was made wrong."""
    wrong = None if fault.in_syntax else _property(fault)
    return {shape for field in fault.base.form.fields if field.path == wrong for shape in field.shapes}


def _after(outcome: Outcome, given: Given | None, again: Mapping[str, list[Result]]) -> Outcome:
    if given is None:
        return outcome
    left = [each for each in again.get(given.name, []) if each.severity == "violation"]
    base = {_by_value(each) for each in outcome.case.fault.base.statements}
    is_mended = not left and {_by_value(each) for each in _statements(given)} == base
    return replace(outcome, has_fix=True, is_mended=is_mended)


def _by_value(triple: Triple) -> Triple:
    """Write a decimal number in one way: 2000000 and 2000000.0 are the same."""
    value = triple.object
    if not isinstance(value, Literal) or value.datatype != DECIMAL:
        return triple
    with suppress(InvalidOperation):
        same = Literal(format(Decimal(value.value).normalize(), "f"), datatype=DECIMAL)
        return Triple(triple.subject, triple.predicate, same)
    return triple


def _statements(given: Given) -> set[Triple]:
    try:
        return {each.triple for each in read(given, limits=Limits()).statements}
    except SourceError:
        return set()


def _fixed(outcome: Outcome) -> Given:
    """Carry out all fixes of a file that do not overlap, as `gcm validate --fix` does."""
    given = outcome.case.given
    mended = mend(fixes_of(Report(outcome.results)), lambda _: given.data.decode())
    return replace(given, data=mended.texts.get(given.name, given.data.decode()).encode())


def _judge(case: Case, results: Sequence[Result]) -> Outcome:
    serious = [each for each in results if each.severity in ("violation", "warning")]
    placed = [each for each in serious if each.line in case.right]
    false = tuple(each for each in serious if each.line not in case.right and not _follows(each, case))
    return Outcome(case, tuple(results), bool(serious), bool(placed), false)


def _follows(result: Result, case: Case) -> bool:
    """Whether a result is what the fault leads to: a misspelt currency leaves the amount without one."""
    changed = _property(case.fault)
    if result.line in case.allowed or (changed and result.predicate == changed.value):
        return True
    return changed is not None and speaks_of(result.source, changed)


def speaks_of(rule: str, path: NamedNode) -> bool:
    """Whether a shape or check looks at a property: it may find something because that was made wrong."""
    check = ROOT / "shapes" / "checks" / f"{rule}.rq"
    if ":" in rule or not check.is_file():
        return (rule, path) in _mentions()
    return shorten(path) in check.read_text(encoding="utf-8")


@cache
def _mentions() -> frozenset[tuple[str, object]]:
    """Collect which shapes speak of which terms: one may hold two properties against each other."""
    said = (each.triple for path in sources().shapes for each in read_triples(path))
    return frozenset(
        (each.subject.value, each.object) for each in said if isinstance(each.subject, NamedNode)
    )


def _by_file(results: Iterable[Result]) -> Mapping[str, list[Result]]:
    found: dict[str, list[Result]] = defaultdict(list)
    for each in results:
        found[each.place.file].append(each)
    return found


def valid_bases(bases: Sequence[Base], context: Context) -> list[Base]:
    """Leave out copies of what there can be only one of, such as an objective, and what draws a warning."""
    given = {f"{base.name}.ttl": base for base in bases}
    files = [_given(base.name, Form.TURTLE, base.statements, base)[0] for base in bases]
    bad = {each.place.file for each in results_of(files, context)}
    return [base for name, base in given.items() if name not in bad]


def _first_of_each_form(bases: Iterable[Base]) -> list[Base]:
    found: dict[str, Base] = {}
    for each in bases:
        found.setdefault(each.form.name, each)
    return list(found.values())


def _chosen(faults: Sequence[Fault], each: int) -> list[Fault]:
    """Take so many of each kind of fault in each property of each class."""
    seen: Counter[object] = Counter()
    found = []
    for fault in faults:
        key = (fault.kind, fault.base.form.name, _property(fault))
        seen[key] += 1
        if seen[key] <= each:
            found.append(fault)
    return found


def _property(fault: Fault) -> NamedNode | None:
    """Find the property that was made wrong."""
    new = {each for each in fault.base.statements if each not in fault.statements}
    return next(iter(new)).predicate if new else fault.statements[fault.blamed].predicate


def _numbers(faults: Sequence[Fault]) -> list[int]:
    """Give each file a number; those of places come first: only so many codes of three letters are free."""
    places = sorted(range(len(faults)), key=lambda at: faults[at].base.form.name not in ("place", "state"))
    numbers = [0] * len(faults)
    for number, at in enumerate(places):
        numbers[at] = number + 200
    return numbers


def _case(fault: Fault, form: Form, number: int) -> Case:
    base, statements = moved(fault.statements, fault.base, number)
    return _placed(replace(fault, base=base, statements=statements), f"case-{number}", form)


def _in_place(fault: Fault, number: int) -> Case:
    return _placed(fault, f"whole-{number}-{fault.base.name}", Form.TURTLE)


def _placed(fault: Fault, name: str, form: Form) -> Case:
    given, written = _given(name, form, fault.statements, fault.base)
    begin = written.begins[fault.base.thing]
    blamed = {written.line(at, of_property=fault.in_property) for at in (fault.blamed, *fault.also)}
    right = {begin} if fault.is_missing else blamed
    allowed = {begin} if fault.begins_wrong else set()
    return Case(fault, form, given, frozenset(right), frozenset(allowed))


def _given(name: str, form: Form, statements: Sequence[Triple], base: Base) -> tuple[Given, Written]:
    written = write(form, statements, dataset=base.dataset)
    return Given(f"{name}.{SUFFIX[form]}", written.text.encode(), form), written


def _graph(chosen: Sources, fields: Fields) -> Graph:
    labels: dict[NamedNode, str] = {}
    members: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for path in (*chosen.ontology, *chosen.data):
        for subject, predicate, value in (each.triple for each in read_triples(path)):
            assert isinstance(subject, NamedNode)
            if predicate == LABEL and isinstance(value, Literal) and value.language == "en":
                labels.setdefault(subject, value.value)
            if predicate == TYPE and isinstance(value, NamedNode):
                for cls in fields.superclasses(value):
                    members[cls].append(subject)
    often = Counter(labels.values())
    return Graph(labels, members, {label for label, count in often.items() if count == 1})
