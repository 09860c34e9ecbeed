"""The command line: what it prints, and its exit codes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from gcm import load
from gcm.cli import commands
from gcm.errors import ServerError
from gcm.query import questions

SMALL = Path(__file__).parent / "small"
WRONG = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/gcm/data/mine> a dcat:Dataset .
ex:pledge3 a ex:Pledge ; skos:prefLabel "Third"@en ;
    dcterms:date "2024-13-45"^^xsd:date ;
    ex:isMadeBy <https://w3id.org/gcm/id/place/ZZZ> .
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a copy of the small graph the graph of the commands, and its folder the working directory."""
    copied = Path(shutil.copytree(SMALL, tmp_path / "graph"))
    for module in ("check", "options"):
        monkeypatch.setattr(f"gcm.cli.{module}.graph_root", lambda: copied)
    monkeypatch.delenv("GCM_STORE", raising=False)
    monkeypatch.chdir(copied)
    return copied


def gcm(*arguments: str | Path) -> Result:
    """Run a command; an error that nobody foresaw fails the test."""
    result = CliRunner().invoke(commands, [str(each) for each in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("command", ["", "fmt", "validate", "load", "query", "serve"])
def test_each_command_has_help_with_examples(command: str) -> None:
    result = gcm(*command.split(), "--help")
    assert result.exit_code == 0
    head, _, examples = result.output.partition("Examples:\n")
    assert f"  gcm {command}" in examples
    assert len(head.split("\n\n")[1].strip()) > 20  # says what it does


def test_the_questions_in_the_examples_exist() -> None:
    output = gcm("query", "--help").output
    names = {
        line.split()[2]
        for line in output.splitlines()
        if line.startswith("    gcm query") and "'" not in line
    }
    assert names
    assert names <= {each.name for each in questions()}


def test_the_version_is_told() -> None:
    assert gcm("--version").output.startswith("gcm, version ")


@pytest.mark.parametrize(
    "arguments", [["frobnicate"], ["fmt", "--oops"], ["query"], ["serve", "--port", "no"]]
)
def test_what_is_not_understood_is_2(arguments: list[str]) -> None:
    assert gcm(*arguments).exit_code == 2


def test_fmt_writes_and_then_is_content(root: Path) -> None:
    path = root / "data" / "new.ttl"
    path.write_text("<http://b/> a <http://C/> . # gone\n<http://a/> a <http://C/> .")
    os.chmod(path, 0o640)
    assert gcm("fmt", "--check").exit_code == 1
    first = gcm("fmt")
    assert (first.exit_code, first.stdout) == (0, f"{path}: written, without its comments (1)\n")
    assert path.read_text().startswith("<http://a/>\n    a <http://C/> ;\n.\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert {each.name for each in path.parent.iterdir()} == {"actors.ttl", "pledges.ttl", "new.ttl"}
    again = gcm("fmt", "--check")
    assert (again.exit_code, again.output) == (0, "")


def test_fmt_check_says_how_to_mend_and_changes_nothing(root: Path) -> None:
    path = root / "new.ttl"
    path.write_text("<http://b/> a <http://C/> .")
    result = gcm("fmt", "--check", path)
    assert (result.exit_code, result.stderr) == (
        1,
        f"{path}: not in canonical form; write it with: gcm fmt {path}\n",
    )
    assert path.read_text() == "<http://b/> a <http://C/> ."


def test_fmt_goes_on_after_a_faulty_file(root: Path) -> None:
    (root / "data" / "a.ttl").write_text("oops")
    (root / "data" / "b.ttl").write_text("<http://b/> a <http://C/> .")
    result = gcm("fmt", "data")
    assert result.exit_code == 1
    assert "data/a.ttl:1: " in result.stderr
    assert "data/b.ttl: written" in result.stdout


def test_validate_names_file_line_remedy_value_and_rule(root: Path) -> None:
    (root / "my.ttl").write_text(WRONG)
    result = gcm("validate", "my.ttl")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "my.ttl:8:18: violation: “2024-13-45” in the field “date” is a day that does not exist. "
        "[http://example.org/Pledge-date]",
        '  8 |     dcterms:date "2024-13-45"^^xsd:date ;',
        "    |                  ^^^^^^^^^^^^^^^^^^^^^^",
        "  expected: Give one date.",
        "my.ttl:9:17: violation: place:ZZZ in the field “is made by” is not known; it should be an Actor. "
        "[http://example.org/Pledge-isMadeBy]",
        "  9 |     ex:isMadeBy <https://w3id.org/gcm/id/place/ZZZ> .",
        "    |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  expected: Name an actor.",
    ]
    assert result.stderr.splitlines()[-1].startswith("2 violations in 1 file (")


def test_validate_is_content_with_warnings(root: Path) -> None:
    right = WRONG.replace("2024-13-45", "2024-12-04").replace("<https://w3id.org/gcm/id/place/ZZZ>", "ex:MDA")
    (root / "my.ttl").write_text(right.replace('skos:prefLabel "Third"@en ;', ""))
    result = gcm("validate", "my.ttl")
    assert (result.exit_code, result.stdout.count("warning: ")) == (0, 1)
    assert "my.ttl:7:1: warning: The field “prefLabel” is empty for " in result.stdout
    assert "1 warning in 1 file" in result.stderr


def test_validate_of_everything_is_content(root: Path) -> None:
    result = gcm("validate")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no violations (" in result.stderr
    assert root.is_dir()


def test_validate_gives_json(root: Path) -> None:
    (root / "my.ttl").write_text(WRONG)
    report = json.loads(gcm("validate", "--format", "json", "my.ttl").stdout)
    second = report["results"][1]
    place = {name: value for name, value in second.pop("place").items() if value}
    assert place == {"file": "my.ttl", "line": 9, "column": 17, "end_line": 9, "end_column": 52}
    assert {name: value for name, value in second.items() if value} == {
        "severity": "violation",
        "focus": "http://example.org/pledge3",
        "predicate": "http://example.org/isMadeBy",
        "value": "https://w3id.org/gcm/id/place/ZZZ",
        "message": "place:ZZZ in the field “is made by” is not known; it should be an Actor.",
        "expected": "Name an actor.",
        "source": "http://example.org/Pledge-isMadeBy",
        "component": "http://www.w3.org/ns/shacl#ClassConstraintComponent",
        "demand": "Name an actor.",
    }


def test_validate_of_other_data_leaves_ours_out(root: Path) -> None:
    (root / "mine").mkdir()
    (root / "mine" / "my.ttl").write_text(WRONG)
    beside, instead = gcm("validate", "--data", "mine"), gcm("validate", "--data", "mine", "--only-data")
    assert beside.exit_code == instead.exit_code == 1
    assert gcm("validate", "--only-data").exit_code == 2


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("gone.ttl", "gone.ttl: violation: there is no such file; check the name. [syntax]"),
        ("data", "data: violation: this is a folder; name a file in it. [syntax]"),
    ],
)
def test_validate_of_no_file_is_one_line(root: Path, name: str, line: str) -> None:
    result = gcm("validate", name)
    assert (result.exit_code, result.stdout) == (1, line + "\n")
    assert root.is_dir()


def test_load_builds_once_and_query_answers(root: Path) -> None:
    first = gcm("load")
    assert first.exit_code == 0
    assert first.stdout == f"Version {load.current(root / '.gcm').id} is current in .gcm\n"
    assert "data/pledges.ttl: 14 triples" in first.stderr
    again = gcm("load")
    assert (again.stdout, again.stderr) == (first.stdout, "")


def test_load_keeps_as_many_versions_as_the_setting_says(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCM_KEPT_VERSIONS", "1")
    gcm("load")
    first = load.current(root / ".gcm").id
    changed = root / "data" / "pledges.ttl"
    changed.write_text(changed.read_text() + "# changed\n")
    assert gcm("load").exit_code == 0
    (kept,) = (root / ".gcm" / "versions").iterdir()
    assert (kept.name == first, (root / ".gcm" / "removed").read_text()) == (False, f"{first}\n")
    monkeypatch.setenv("GCM_KEPT_VERSIONS", "many")
    assert gcm("load").exit_code == 2


def test_load_refuses_violations_unless_told_otherwise(root: Path) -> None:
    gcm("load")
    before = load.current(root / ".gcm")
    (root / "data" / "my.ttl").write_text(WRONG)
    refused = gcm("load")
    assert refused.exit_code == 1
    assert "data/my.ttl:8:18: violation: “2024-13-45” in the field “date”" in refused.stdout
    assert refused.stderr.splitlines()[-1].startswith("Not built: mend the violations first")
    assert load.current(root / ".gcm") == before
    assert gcm("load", "--no-validate").exit_code == 0
    assert load.current(root / ".gcm") != before


def test_load_without_room_is_one_line_and_2(root: Path) -> None:
    (root / "file").write_text("")
    result = gcm("load", "--store", "file/store")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith(
        "a version cannot be written in file/store (Not a directory)"
    )


def test_the_store_can_be_set_by_the_environment(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCM_STORE", str(root / "elsewhere"))
    assert gcm("load").exit_code == 0
    assert load.current(root / "elsewhere")


SELECT = (
    "SELECT ?pledge ?label WHERE { ?pledge a <http://example.org/Pledge> ; skos:prefLabel ?label } "
    "ORDER BY ?label"
)


def test_query_builds_what_is_missing_and_shows_a_table(root: Path) -> None:
    result = gcm("query", SELECT)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "pledge                      label",
        "--------------------------  ------",
        "http://example.org/pledge1  First",
        "http://example.org/pledge2  Second",
    ]
    assert result.stderr.splitlines()[-1] == "2 rows"
    assert load.current(root / ".gcm")


@pytest.mark.parametrize(
    ("text", "form", "beginning"),
    [
        (SELECT, "csv", "pledge,label\r\nhttp://example.org/pledge1,First\r\n"),
        (SELECT, "tsv", "?pledge\t?label\n<http://example.org/pledge1>\t"),
        (SELECT, "json", '{"head":{"vars":["pledge","label"]}'),
        (SELECT, "xml", "<?xml"),
        ("ASK { ?pledge skos:prefLabel 'First'@en }", "table", "yes\n"),
        ("ASK { ?pledge skos:prefLabel 'None'@en }", "table", "no\n"),
        ("DESCRIBE <http://example.org/ALB>", "nt", "<http://example.org/ALB> <"),
        ("DESCRIBE <http://example.org/ALB>", "ttl", "<http://example.org/ALB> "),
        ("DESCRIBE <http://example.org/ALB>", "jsonld", "[{"),
        ("DESCRIBE <http://example.org/ALB>", "rdf", "<?xml"),
    ],
)
def test_query_writes_each_format(root: Path, text: str, form: str, beginning: str) -> None:
    result = gcm("query", text, "--format", form)
    assert result.stdout_bytes.decode().startswith(beginning)
    assert (result.exit_code, root.is_dir()) == (0, True)


def test_query_writes_a_graph_as_turtle_by_itself(root: Path) -> None:
    assert gcm("query", "DESCRIBE <http://example.org/ALB>").stdout.startswith("<http://example.org/ALB> ")
    assert root.is_dir()


def test_query_reads_files_with_and_without_header(root: Path) -> None:
    (root / "plain.rq").write_text(SELECT)
    (root / "titled.rq").write_text(f"#+ title: Which pledges?\n#+ param: label  a label\n{SELECT}")
    assert gcm("query", "plain.rq", "--param", 'label="First"@en').stdout.count("pledge1") == 1
    assert gcm("query", "titled.rq", "--param", 'label="First"@en').stdout.count("\n") == 3


def test_query_knows_the_questions_by_name(root: Path) -> None:
    result = gcm("query", "pledges", "--format", "csv")
    assert (result.exit_code, root.is_dir()) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["SELECT ?x WHERE { ?x a"], "Line 1, column 23"),
        (["gone.rq"], "gone.rq: there is no such file"),
        ([SELECT, "--param", "label"], "--param label has no value"),
        ([SELECT, "--param", "other=1"], "other"),
        ([SELECT, "--format", "ttl"], "A table cannot be written as text/turtle"),
        (["DESCRIBE <http://example.org/ALB>", "--format", "table"], "A graph is no table"),
        (["pledges", "--param", "nothing=1"], "pledges has no parameter nothing"),
    ],
)
def test_query_that_cannot_be_answered_is_one_line_and_1(
    root: Path, arguments: list[str], words: str
) -> None:
    gcm("load")
    result = gcm("query", *arguments)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert root.is_dir()


def test_serve_builds_then_serves(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[object] = []
    monkeypatch.setattr("gcm.web.serve.claim_port", lambda _, port: port + 1)
    monkeypatch.setattr("gcm.web.serve.serve", lambda *given, **named: served.extend([given, named]))
    result = gcm("serve", "--port", "8000", "--workers", "2", "--store", root / "store")
    assert result.exit_code == 0
    assert served == [(root / "store",), {"host": "127.0.0.1", "port": 8001, "workers": 2, "desk": None}]
    assert load.current(root / "store")


def test_serve_looks_at_the_port_before_it_builds(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(host: str, port: int) -> int:
        raise ServerError(f"Port {port} is in use on {host}.")

    monkeypatch.setattr("gcm.web.serve.claim_port", taken)
    result = gcm("serve")
    assert (result.exit_code, result.stderr) == (2, "Port 8000 is in use on 127.0.0.1.\n")
    assert not (root / ".gcm").exists()


def test_serve_reads_its_settings_before_it_builds(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCM_QUERY_SECONDS", "soon")
    result = gcm("serve", "--port", "0")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "GCM_QUERY_SECONDS is 'soon'; set it to a number above 0" in result.stderr
    assert not (root / ".gcm").exists()


UNFORESEEN = """
import gcm.cli, gcm.cli.build, sys
def fail(*_, **__): raise ZeroDivisionError("unforeseen")
gcm.cli.build.ready_version = fail
sys.argv = ["gcm", "load"]
gcm.cli.main()
"""


def test_what_nobody_foresaw_is_logged_once_and_2() -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNFORESEEN], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.count("Traceback") == 1
    assert "CRITICAL gcm.cli: This is a fault of gcm" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["template", "pledge", "--format", "csv"], ["validate", "--format", "csv", "none.ttl"]]
)
def test_full_disk_is_one_line_and_2(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gcm.cli", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "the output: cannot be written or read (No space left on device)."
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("root")
def test_stopped_command_is_2_since_nothing_is_said_of_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gcm.cli.build.ready_version", stop)
    result = gcm("load")
    assert (result.exit_code, result.stderr) == (2, "\nStopped.\n")


def test_the_module_is_the_command() -> None:
    command = [sys.executable, "-m", "gcm.cli", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout[:13]) == (0, "gcm, version ")


WARM = """
import sys
from gcm.cli import commands
commands(["load", "--only-data", "--data", "data", *sys.argv[1:]], standalone_mode=False)
print([name for name in ("rdflib", "pyshacl", "flask") if name in sys.modules])
"""


def test_a_warm_start_needs_no_heavy_library(root: Path) -> None:
    for arguments in (["--no-validate"], []):  # the second finds what the first has built
        command = [sys.executable, "-c", WARM, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
