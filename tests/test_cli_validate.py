"""`gcm validate` with its options: every form, standard input, profiles, fixes."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from gcm.cli import commands
from gcm.cli.files import replace_file
from gcm.errors import SourceError
from gcm.given import Edit, Place
from gcm.validate import Report
from gcm.validate.render import RENDERINGS
from gcm.validate.report import Fix
from gcm.validate.report import Result as Found
from openpyxl import Workbook, load_workbook

SMALL = Path(__file__).parent / "small"
HEAD = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/gcm/data/mine> a dcat:Dataset .
"""
WRONG = f"""{HEAD}ex:pledge3 a ex:Pledge ; skos:prefLabel "Third"@en ;
    dcterms:date "2024-13-45"^^xsd:date ;
    ex:isMadeBy <https://w3id.org/gcm/id/place/ZZZ> .
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a copy of the small graph the graph of the commands, and an empty folder the working one."""
    copied = Path(shutil.copytree(SMALL, tmp_path / "graph"))
    monkeypatch.setattr("gcm.cli.options.graph_root", lambda: copied)
    working = tmp_path / "working"
    working.mkdir()
    monkeypatch.chdir(working)
    return working


def gcm(*arguments: str, given: str | bytes = "", **settings: str) -> Result:
    """Validate; an error that nobody foresaw fails the test."""
    runner = CliRunner(env=settings)
    result = runner.invoke(commands, ["validate", *arguments], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("form", RENDERINGS)
def test_every_form_is_written_with_the_same_exit_code(folder: Path, form: str) -> None:
    (folder / "my.ttl").write_text(WRONG)
    result = gcm("--format", form, "my.ttl")
    assert result.exit_code == 1
    assert "Name an actor." in result.stdout
    assert "my.ttl" in result.stdout


def test_standard_input_has_the_name_it_is_given(folder: Path) -> None:
    result = gcm("-", "--stdin-name", "data/here.ttl", given=WRONG)
    assert (result.exit_code, folder.is_dir()) == (1, True)
    assert result.stdout.startswith("data/here.ttl:8:18: violation: “2024-13-45” in the field “date”")
    unnamed = gcm("-", given=WRONG)
    assert unnamed.stdout.startswith("standard input:8:18: violation: ")


def test_standard_input_and_files_go_together(folder: Path) -> None:
    (folder / "my.ttl").write_text(WRONG.replace("data/mine", "data/other").replace("pledge3", "pledge4"))
    result = gcm("-", "my.ttl", "gone.ttl", "--format", "json", given=WRONG)
    files = {each["place"]["file"] for each in json.loads(result.stdout)["results"]}
    assert files == {"standard input", "my.ttl", "gone.ttl"}


def test_a_syntax_error_hides_no_fault_of_another_file(folder: Path) -> None:
    (folder / "broken.ttl").write_text("<a> <b> .")
    (folder / "my.ttl").write_text(WRONG)
    result = gcm("broken.ttl", "my.ttl", "--format", "json")
    sources = {(each["place"]["file"], each["source"]) for each in json.loads(result.stdout)["results"]}
    assert ("broken.ttl", "syntax") in sources
    assert ("my.ttl", "http://example.org/Pledge-date") in sources


def test_a_draft_may_lack_what_is_published(folder: Path) -> None:
    (folder / "my.ttl").write_text(HEAD + 'ex:pledge3 a ex:Pledge ; skos:prefLabel "Third"@en .\n')
    strict, draft = gcm("my.ttl"), gcm("my.ttl", "--profile", "draft")
    assert (strict.exit_code, draft.exit_code) == (1, 0)
    assert "warning: The field “is made by” is empty" in draft.stdout


def test_one_rule_or_node_can_be_looked_at(folder: Path) -> None:
    (folder / "my.ttl").write_text(WRONG)
    rule = gcm("my.ttl", "--shape", "http://example.org/Pledge-date")
    assert (rule.stdout.count("violation:"), "Give one date." in rule.stdout) == (1, True)
    assert gcm("my.ttl", "--node", "http://example.org/pledge1").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "settings", "is_coloured"),
    [
        ([], {}, False),  # no terminal
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),  # who asks for it, gets it
        (["--color", "never"], {}, False),
    ],
)
def test_colours(folder: Path, arguments: list[str], settings: dict[str, str], is_coloured: bool) -> None:
    (folder / "my.ttl").write_text(WRONG)
    assert ("\x1b[" in gcm("my.ttl", *arguments, **settings).stdout) == is_coloured


@pytest.mark.parametrize(
    ("environment", "is_terminal", "is_coloured"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm"}, False, False),
    ],
)
def test_colours_by_themselves_are_for_terminals(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_terminal: bool, is_coloured: bool
) -> None:
    from gcm.cli import report

    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal, raising=False)
    assert report.is_coloured("auto") == is_coloured


TEXT = "# ZZQ, é\r\n<http://example.org/a> <http://example.org/b> <ZZQ> .\r\n"


@pytest.fixture
def spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the engine find the invented name ZZQ, and suggest another; anything else is right."""

    def find(_: object, files: tuple[Path, ...], **__: object) -> Report:
        return Report(tuple(result for path in files for result in _find(path)))

    monkeypatch.setattr("gcm.validate.run.validate", find)


def _find(path: Path) -> list[Found]:
    text = path.read_bytes().decode("utf-8-sig")
    starts = [at for at in range(len(text)) if text.startswith("ZZQ", at)]
    fixes = [Fix("Write ZZA.", (Edit(str(path), at, at + 3, "ZZA"),)) for at in starts]
    place = Place(str(path), 1)
    return [Found(place, "violation", "", None, None, "Not a name.", "name", fix=each) for each in fixes]


@pytest.mark.usefixtures("spelling")
def test_fix_shows_the_difference_and_asks(folder: Path) -> None:
    path = folder / "my.ttl"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    os.chmod(path, 0o640)
    refused = gcm("--fix", "my.ttl", given="n\n")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[:6] == [
        "--- a/my.ttl",
        "+++ b/my.ttl",
        "@@ -1,2 +1,2 @@",
        "-# ZZQ, é",
        "-<http://example.org/a> <http://example.org/b> <ZZQ> .",
        "+# ZZA, é",
    ]
    assert path.read_bytes() == b"\xef\xbb\xbf" + TEXT.encode()
    done = gcm("--fix", "my.ttl", given="y\n")
    assert (done.exit_code, done.stdout) == (0, "")
    assert path.read_bytes() == b"\xef\xbb\xbf" + TEXT.replace("ZZQ", "ZZA").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in folder.iterdir()] == ["my.ttl"]


@pytest.mark.usefixtures("spelling")
def test_fix_asks_for_each_file_and_follows_links(folder: Path) -> None:
    (folder / "one.ttl").write_text(TEXT)
    (folder / "two.ttl").write_text(TEXT)
    (folder / "link.ttl").symlink_to("two.ttl")
    gcm("--fix", "one.ttl", "link.ttl", given="n\ny\n")
    assert "ZZQ" in (folder / "one.ttl").read_text()
    assert "ZZQ" not in (folder / "two.ttl").read_text()
    assert (folder / "link.ttl").is_symlink()
    assert gcm("--fix", "--yes", "one.ttl").exit_code == 0
    assert "ZZQ" not in (folder / "one.ttl").read_text()


@pytest.mark.usefixtures("spelling")
def test_a_difference_shows_no_escapes_of_terminals(folder: Path) -> None:
    (folder / "my.ttl").write_text("# ZZQ \x1b[2J")
    assert "\x1b" not in gcm("--fix", "--yes", "my.ttl").output


@pytest.fixture
def spelling_in_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the engine find the invented name ZZQ in a cell of a workbook, and suggest another."""

    def find(_: object, files: tuple[Path, ...], **__: object) -> Report:
        value = load_workbook(files[0])["T"]["A2"].value
        name = str(files[0])
        fix = Fix("Write ZZA.", (Edit(name, 0, 0, value.replace("ZZQ", "ZZA"), cell="T!A2"),))
        place = Place(name, cell="T!A2")
        result = Found(place, "violation", "", None, "ZZQ", "Not a name.", "name", fix=fix)
        return Report((result,) if "ZZQ" in value else ())

    monkeypatch.setattr("gcm.validate.run.validate", find)


@pytest.mark.usefixtures("spelling_in_cells")
def test_fix_shows_the_cells_of_a_workbook_and_asks(folder: Path) -> None:
    workbook = Workbook()
    sheet = workbook.create_sheet("T")
    sheet["A1"], sheet["A2"], sheet["B2"] = "States", "ZZB\nZZQ", 5
    workbook.save(folder / "my.xlsx")
    before = (folder / "my.xlsx").read_bytes()
    refused = gcm("--fix", "my.xlsx", given="n\n")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[:3] == ["my.xlsx:T!A2", "-ZZB⏎ZZQ", "+ZZB⏎ZZA"]
    assert (folder / "my.xlsx").read_bytes() == before
    done = gcm("--fix", "my.xlsx", given="y\n")
    assert (done.exit_code, done.stdout) == (0, "")
    sheet = load_workbook(folder / "my.xlsx")["T"]
    assert (sheet["A2"].value, sheet["B2"].value) == ("ZZB\nZZA", 5)
    assert [each.name for each in folder.iterdir()] == ["my.xlsx"]


def test_number_is_not_called_a_text(folder: Path) -> None:
    (folder / "my.ttl").write_text(WRONG.replace("<https://w3id.org/gcm/id/place/ZZZ>", "7"))
    told = gcm("my.ttl").stdout
    assert "7 in the field “is made by” is a number, where the identifier of" in told


def test_fix_where_nobody_answers_changes_nothing_and_reports(folder: Path) -> None:
    wrong = HEAD + 'ex:pledge3 a ex:Pledge ; skos:prefLabel "Third"@en ; ex:isMadBy ex:actor1 .\n'
    (folder / "my.ttl").write_text(wrong)
    result = gcm("--fix", "my.ttl", given="")
    assert (result.exit_code, (folder / "my.ttl").read_text()) == (1, wrong)
    assert "Nobody answers, so nothing is changed here; --yes does not ask.\n" in result.stderr
    assert "my.ttl:7:" in result.stdout


def test_file_that_may_not_be_read_hides_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "my.ttl").write_text(WRONG)
    (folder / "secret.ttl").write_text(WRONG)
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "secret.ttl":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(os, "access", lambda path, *_, **__: Path(path).name != "secret.ttl")
    result = gcm("secret.ttl", "my.ttl")
    assert result.exit_code == 1
    assert "secret.ttl: violation: the file cannot be read" in result.stdout
    assert "my.ttl:8:" in result.stdout


def test_disk_that_is_full_leaves_nothing_beside_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "my.ttl").write_text("old")

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SourceError, match="No space left on device"):
        replace_file(folder / "my.ttl", b"new")
    assert [(each.name, each.read_text()) for each in folder.iterdir()] == [("my.ttl", "old")]


def test_table_is_of_the_kind_that_its_template_is_named_for() -> None:
    """Of the real graph: the kind in addresses is “report”."""
    result = gcm("--as", "voluntary-report", "-", "--stdin-name", "a.csv", given="name [en]\n")
    assert (result.exit_code, "There is no kind" in result.output) == (1, False)


def test_fix_without_fixes_says_so(folder: Path) -> None:
    (folder / "my.ttl").write_text("<a> <b> .")
    result = gcm("--fix", "my.ttl")
    assert result.exit_code == 1
    assert "No fix can be carried out by itself." in result.stderr


@pytest.mark.parametrize("name", ["Thing-date", "gcms:Nothing", "no-such-check"])
def test_shape_that_is_none_is_refused(folder: Path, name: str) -> None:
    (folder / "my.ttl").write_text(WRONG)
    result = gcm("my.ttl", "--shape", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no shape or check" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["--fix"], ["--fix", "-"], ["--as", "unicorn", "a.csv"], ["--color", "red"], ["--node", "a b", "x.ttl"]],
)
def test_what_makes_no_sense_is_2(folder: Path, arguments: list[str]) -> None:
    assert (gcm(*arguments).exit_code, folder.is_dir()) == (2, True)
