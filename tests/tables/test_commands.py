"""`gcm template`, `export` and `import`, as people run them, in the tiny invented world."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from gcm.cli import commands
from openpyxl import load_workbook

from tests.tables.tables import HEADER

ROOT = Path(__file__).parents[2]
WORLD = ("--only-data", "--data", str(ROOT / "tests" / "world"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


@pytest.fixture
def header(tmp_path: Path) -> str:
    path = tmp_path / "header.ttl"
    path.write_text(HEADER, encoding="utf-8")
    return str(path)


def test_a_template_is_written(tmp_path: Path) -> None:
    path = tmp_path / "pledges.xlsx"
    assert run("template", "pledge", "--output", str(path), *WORLD).exit_code == 0
    assert load_workbook(path).sheetnames == ["Pledge", "Explanation", "Lists", "gcm"]
    printed = run("template", "voluntary-report", "--format", "csv", *WORLD)
    assert printed.output.startswith("\ufeffvoluntary report identifier,name [en] *")


def test_an_unknown_kind_is_told_with_all_that_there_are() -> None:
    outcome = run("template", "promise", *WORLD)
    assert outcome.exit_code == 2
    assert "There is no kind “promise”. The kinds are: action, activity, " in outcome.output


@pytest.mark.parametrize("form", [pytest.param("xlsx", marks=pytest.mark.server), "csv"])
def test_an_export_is_imported_as_it_was(tmp_path: Path, header: str, form: str) -> None:
    table, again = tmp_path / f"pledges.{form}", tmp_path / "again.ttl"
    exported = run("export", "pledge", "--format", form, "--output", str(table), *WORLD)
    assert (exported.exit_code, exported.output) == (0, "")
    imported = run("import", str(table), "--source", header, "--output", str(again), *WORLD)
    assert (imported.exit_code, imported.output) == (0, "")
    world = (ROOT / "tests" / "world" / "world-commitments.ttl").read_text(encoding="utf-8")
    block = world[world.index("\npledge:901\n") :].partition("\n.\n")[0]
    assert block in again.read_text(encoding="utf-8")


def test_one_data_set_is_exported() -> None:
    outcome = run("export", "pledge", "--format", "csv", "--dataset", "gcmd:world-places", *WORLD)
    assert outcome.exit_code == 0
    assert len(outcome.output.splitlines()) == 1  # headings: that data set has no pledge


def test_a_data_set_that_there_is_not_is_refused() -> None:
    outcome = run("export", "pledge", "--format", "csv", "--dataset", "gcmd:nothing", *WORLD)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "There is no data set gcmd:nothing." in outcome.stderr


@pytest.mark.parametrize("command", [["import", "--source"], ["validate", "--header"]])
def test_fault_of_a_header_is_told_at_its_line(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "head.ttl").write_text(HEADER.rstrip().rstrip("."))
    name, option = command
    table = str(tmp_path / "pledges.csv")
    assert run("template", "pledge", "--format", "csv", "--output", table, *WORLD).exit_code == 0
    outcome = run(name, table, "--as", "pledge", option, str(tmp_path / "head.ttl"), *WORLD)
    assert outcome.exit_code == 1
    assert f"{tmp_path / 'head.ttl'}:" in outcome.stderr
    assert "the file ends in the middle of a statement; end it with a dot" in outcome.stderr


def test_a_wrong_table_is_told_at_its_cells_and_nothing_is_written(tmp_path: Path, header: str) -> None:
    table, again = tmp_path / "my.csv", tmp_path / "again.ttl"
    table.write_text("name [en],is made by,date\nOne,Atlantis,31.12.2023\n", encoding="utf-8")
    outcome = run("import", str(table), "--as", "pledge", "--source", header, "--output", str(again), *WORLD)
    assert outcome.exit_code == 1
    told = "violation [is made by]: Nothing is called “Atlantis” here. Write "
    assert f"{table}:2: B2: {told}" in outcome.output
    assert f"{table}:2: C2: violation [date]: “31.12.2023” is no date. Write " in outcome.output
    assert "or a year such as 2024. Perhaps you mean 2023-12-31.\n" in outcome.output
    assert "Nothing is written: mend the violations first." in outcome.output
    assert not again.exists()


def test_a_table_is_read_by_a_description_of_its_own(tmp_path: Path, header: str) -> None:
    described, table = tmp_path / "ours.json", tmp_path / "ours.csv"
    exported = run(
        "export", "pledge", "--format", "csv", "--output", str(table), "--description", str(described), *WORLD
    )
    assert exported.exit_code == 0
    said = json.loads(described.read_text(encoding="utf-8"))
    assert said["url"] == "ours.csv"
    (name,) = (each for each in said["tableSchema"]["columns"] if each["name"] == "name_en")
    name["titles"] = ["Title"]
    described.write_text(json.dumps(said), encoding="utf-8")
    table.write_text("Title,is made by\nOne,ZZA\n", encoding="utf-8")
    read = run("import", str(table), "--description", str(described), "--source", header, *WORLD)
    assert read.exit_code == 0
    assert 'skos:prefLabel "One"@en' in read.output


@pytest.mark.parametrize(
    ("name", "reason"),
    [("my.ods", "a table ends in .xlsx, .csv or .tsv"), ("none.csv", "the file cannot be read")],
)
def test_other_files_are_refused(tmp_path: Path, header: str, name: str, reason: str) -> None:
    outcome = run("import", str(tmp_path / name), "--as", "pledge", "--source", header, *WORLD)
    assert outcome.exit_code == 1
    assert reason in outcome.output
