"""What is exported and imported again is the same: every class with a form, every data set, both formats."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

import pytest
from gcm.fields import FormShape
from gcm.given import Form, Given, TableAbout
from gcm.layout import find_sources
from gcm.tables import Surroundings, TableReading, Things, read_table, things_of, write_export
from gcm.tables.comma import write_text_table
from gcm.tables.description import describe_table
from gcm.tables.writing import rows_of_things
from gcm.vocab import DATASET, PREFIXES, shorten
from pyoxigraph import Literal, NamedNode, Triple

ROOT = Path(__file__).parents[2]

#: Fewer tables or rows would mean that some were not tried.
MINIMUM_TABLES, MINIMUM_ROWS = 300, 4_400

#: Classes that have members in our data.
MINIMUM_CLASSES = 36

#: Two of them: tried in every run.
PROPOSED = {"pledge", "contribution"}

Files = Mapping[Path, Sequence[Triple]]


def header_of(triples: Sequence[Triple]) -> str:
    return "".join(f"{each} .\n" for each in triples if str(each.subject).startswith(f"<{DATASET}"))


def read_again(
    data: bytes, form: FormShape, to: Form, surroundings: Surroundings, header: str
) -> TableReading:
    return read_table(Given("again", data, to, TableAbout(form.name, header)), surroundings)


def statements(things: Things) -> set[Triple]:
    return {
        Triple(iri, path, value)
        for iri, values in things.items()
        for path, each in values.items()
        for value in each
    }


def forms_of(surroundings: Surroundings) -> list[FormShape]:
    return list(surroundings.forms.values())


@pytest.mark.server
def test_every_class_of_every_data_set_comes_back_from_a_text_table(
    files: Files, surroundings: Surroundings
) -> None:
    tables = rows = 0
    for path in find_sources(ROOT).data:
        triples = files[path]
        classes = {each.object for each in triples if each.predicate.value == PREFIXES["rdf"] + "type"}
        for form in (each for each in forms_of(surroundings) if each.cls in classes):
            things = things_of(triples, form.cls)
            data, written = write_export(form, surroundings, things=things, to=Form.CSV)
            reading = read_again(data, form, Form.CSV, surroundings, header_of(triples))
            where = f"{path.name}: {form.name}"
            assert (written.left_out, reading.problems) == ((), ()), where
            assert {each.triple for each in reading.statements} == statements(things), where
            tables, rows = tables + 1, rows + len(things)
    assert tables >= MINIMUM_TABLES
    assert rows >= MINIMUM_ROWS


@pytest.mark.server
def test_every_class_comes_back_from_a_workbook(files: Files, surroundings: Surroundings) -> None:
    done = 0
    for form in forms_of(surroundings):
        things = whole(files, form)
        data, written = write_export(form, surroundings, things=things, to=Form.XLSX)
        reading = read_again(data, form, Form.XLSX, surroundings, "")
        assert (written.left_out, reading.problems) == ((), ()), form.name
        assert {each.triple for each in reading.statements} == statements(things), form.name
        done += bool(things)
    assert done >= MINIMUM_CLASSES


def test_a_workbook_comes_back_without_being_told_what_it_is(
    files: Files, surroundings: Surroundings
) -> None:
    form = surroundings.fields.forms["practice"]
    things = whole(files, form)
    data, _ = write_export(form, surroundings, things=things, to=Form.XLSX)
    reading = read_table(Given("practices.xlsx", data, Form.XLSX), surroundings)
    assert {each.triple for each in reading.statements} == statements(things)
    assert reading.description.cls == form.cls
    assert len(things) > 20


def test_one_changed_cell_is_one_changed_statement(files: Files, surroundings: Surroundings) -> None:
    forms = [form for form in forms_of(surroundings) if form.name in PROPOSED]
    assert set(changed_kinds(files, surroundings, forms)) == PROPOSED


@pytest.mark.server
def test_one_changed_cell_is_one_changed_statement_in_every_class(
    files: Files, surroundings: Surroundings
) -> None:
    tried = changed_kinds(files, surroundings, forms_of(surroundings))
    assert len(tried) >= MINIMUM_CLASSES - 1  # one class has one member: no other row to copy a cell from
    assert {"TEXT", "ENTITY", "DATE", "NUMBER", "CODE", "ADDRESS", "CHOICE"} <= set.union(*tried.values())


def changed_kinds(
    files: Files, surroundings: Surroundings, forms: Sequence[FormShape]
) -> Mapping[str, set[str]]:
    """Change a cell of each kind in each class, and see that the difference is that one statement."""
    tried: dict[str, set[str]] = defaultdict(set)
    for form in forms:
        things = dict(islice(whole(files, form).items(), 40))
        written = rows_of_things(things, describe_table(form), surroundings.names)
        columns, rows = written.description.columns, written.rows
        for number, column in enumerate(columns[1:], start=1):
            found = changed(rows, number)
            if found and column.kind.name not in tried[form.name]:
                data = write_text_table([[each.heading for each in columns], *found])
                reading = read_again(data, form, Form.CSV, surroundings, "")
                after = {each.triple for each in reading.statements}
                gone, come = statements(things) - after, after - statements(things)
                assert (len(gone), len(come)) == (1, 1), f"{form.name}: {column.title}"
                assert {each.predicate for each in gone | come} == {column.path}
                tried[form.name].add(column.kind.name)
    return tried


def whole(files: Files, form: FormShape) -> Things:
    data = set(find_sources(ROOT).data)
    return things_of((each for path, triples in files.items() if path in data for each in triples), form.cls)


def changed(rows: Sequence[Sequence[str]], number: int) -> list[Sequence[str]] | None:
    """Give the rows with one cell of a column as it is in another row; None if no two single ones differ."""
    singles = [row for row in rows if row[number] and not re.search("; |\n", row[number])]
    if not singles:
        return None
    row = singles[0]
    texts = [each[number] for each in singles if each[number] != row[number]]
    new = [*row[:number], texts[0], *row[number + 1 :]] if texts else None
    return [new if each is row else each for each in rows] if new else None


def test_what_no_column_holds_is_named(surroundings: Surroundings) -> None:
    form = surroundings.fields.forms["pledge"]
    odd = Triple(
        NamedNode("https://w3id.org/gcm/id/pledge/1"), NamedNode("https://example.org/odd"), Literal("x")
    )
    kind = Triple(odd.subject, NamedNode(PREFIXES["rdf"] + "type"), form.cls)
    long = Triple(
        odd.subject, NamedNode(PREFIXES["skos"] + "note"), Literal("x" * 40_000, language="en")
    )  # longer than a spreadsheet takes
    _, rows = write_export(form, surroundings, things=things_of([kind, odd, long], form.cls), to=Form.CSV)
    assert sorted(shorten(each.predicate) for each in rows.left_out) == [
        "https://example.org/odd",
        "skos:note",
    ]
