"""Over a thousand files with one invented fault each: every one found, at its line, and most mended."""

from collections import Counter
from random import Random

import pytest
from gcm.fields import read_fields
from gcm.validate.context import Context
from gcm.vocab import shorten

from tests.corpus.__main__ import measure_all, table, wrong
from tests.corpus.bases import Base
from tests.corpus.measure import (
    FORMS,
    Outcome,
    make_right,
    results_of,
    shapes_broken,
    sources,
    valid_files,
)
from tests.corpus.tables import TableCase, TableOutcome, make_tables, measure_tables, surroundings_of

pytestmark = pytest.mark.server

SEED = 20261122


@pytest.fixture(scope="module")
def context() -> Context:
    return Context.of_sources(sources())


@pytest.fixture(scope="module")
def bases(context: Context) -> list[Base]:
    return valid_files(sources(), context)


@pytest.fixture(scope="module")
def outcomes(bases: list[Base], context: Context) -> list[Outcome]:
    found = measure_all(SEED, bases, context)
    print(table(found, lambda each: each.case.fault.kind))  # noqa: T201  # figures for whoever reads the log
    return found


def test_there_are_a_thousand_files_of_every_kind(outcomes: list[Outcome]) -> None:
    readable = [each for each in outcomes if not each.case.fault.in_syntax]
    assert len(readable) >= 1000
    kinds = Counter(each.case.fault.kind for each in readable)
    forms = Counter(each.case.form for each in readable)
    assert len(kinds) >= 20
    assert min(forms.values()) >= 150


def test_every_syntax_is_broken_in_many_ways(outcomes: list[Outcome]) -> None:
    broken = [each.case for each in outcomes if each.case.fault.in_syntax]
    kinds = {(each.form, each.fault.kind) for each in broken}
    assert min(Counter(form for form, _ in kinds).values()) >= 5
    assert {form for form, _ in kinds} == set(FORMS)
    assert len(broken) >= 100


def test_a_broken_file_is_told_on_one_line_and_nowhere_else(outcomes: list[Outcome]) -> None:
    broken = [each for each in outcomes if each.case.fault.in_syntax]
    assert not [*wrong(broken)]
    assert {result.source for each in broken for result in each.results} == {"syntax"}


def test_every_property_shape_is_broken(outcomes: list[Outcome]) -> None:
    forms = read_fields(sources()).forms.values()
    every = {shape for form in forms for field in form.fields for shape in field.shapes}
    broken = {shape for each in outcomes for shape in shapes_broken(each.case.fault)}
    assert {shorten(each) for each in every - broken} == set()


def test_valid_files_have_nothing_to_mend(bases: list[Base], context: Context) -> None:
    valid = make_right(bases)
    assert len(valid) >= 100
    names = {each.name for each in valid}
    assert [each for each in results_of(valid, context) if each.place.file in names] == []


def test_every_fault_is_found(outcomes: list[Outcome]) -> None:
    missed = [each for each in outcomes if not each.is_found]
    assert not missed, "\n".join(wrong(missed))


def test_faults_are_shown_where_they_are(outcomes: list[Outcome]) -> None:
    misplaced = [each for each in outcomes if not each.is_placed]
    assert len(misplaced) <= len(outcomes) * 0.01, "\n".join(wrong(misplaced))


def test_nothing_is_said_of_what_is_right(outcomes: list[Outcome]) -> None:
    false = [each for each in outcomes if each.false]
    assert not false, "\n".join(wrong(false))


def test_mechanical_faults_are_mended(outcomes: list[Outcome]) -> None:
    mechanical = [each for each in outcomes if each.case.fault.is_mechanical]
    mended = [each for each in mechanical if each.is_mended]
    assert len(mended) >= len(mechanical) * 0.8, table(mechanical, lambda each: each.case.fault.kind)


def test_a_fix_never_makes_a_file_say_something_else(outcomes: list[Outcome]) -> None:
    """What is mended of what has one remedy is mended rightly: nothing else is ever taken for it."""
    wrongly = [
        each for each in outcomes if each.case.fault.is_mechanical and each.has_fix and not each.is_mended
    ]
    assert len(wrongly) <= len(outcomes) * 0.02, "\n".join(wrong(wrongly))


@pytest.fixture(scope="module")
def tables(bases: list[Base], context: Context) -> tuple[list[TableCase], list[TableOutcome]]:
    first = {base.form.name: base for base in reversed(bases) if base.form.kind}
    around = surroundings_of(sources(), context)
    right, wrong_ones = make_tables(list(first.values()), around, context, Random(SEED))
    return right, measure_tables(wrong_ones, context)


def test_faults_in_tables_are_shown_at_their_cells(
    tables: tuple[list[TableCase], list[TableOutcome]],
) -> None:
    right, outcomes = tables
    assert len(right) >= 20
    assert len(outcomes) >= 150
    assert len({each.case.kind for each in outcomes}) == 6
    misplaced = [(each.case.kind, each.case.cell) for each in outcomes if not each.at_cell]
    assert len(misplaced) <= len(outcomes) * 0.01, misplaced
    assert [(each.case.given.name, each.elsewhere) for each in outcomes if each.elsewhere] == []
