"""The code's own rules: format, types, the picture of who imports whom, and words that have no place here."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "server" / "gcm"

#: ARCHITECTURE.md, "Who imports whom": each module and what of ours it may use.
GROUND = {"errors", "given", "layout", "limits", "process", "vocab"}
ALLOWED = {
    "errors": set(),
    "vocab": {"errors"},
    "given": {"errors"},
    "limits": {"errors"},
    "layout": {"errors"},
    "process": {"errors"},
    "turtle": GROUND,
    "desk": GROUND | {"turtle", "load", "syntax", "remote", "fields", "validate", "describe", "query"},
    "fields": GROUND | {"turtle"},
    "syntax": GROUND | {"turtle"},
    "tables": GROUND | {"turtle", "fields"},
    "validate": GROUND | {"turtle", "load", "fields", "syntax", "tables"},
    "remote": {"errors", "limits", "vocab"},
    "load": GROUND | {"turtle", "remote"},
    "query": GROUND | {"remote"},
    "describe": GROUND | {"query"},
    "preview": GROUND | {"load", "query", "describe"},
    "web": GROUND
    | {"turtle", "load", "query", "describe", "remote", "fields", "syntax", "tables", "validate"}
    | {"desk", "preview"},
    "cli": GROUND
    | {"turtle", "validate", "load", "query", "desk", "web", "remote", "fields", "syntax", "tables"},
}

#: Each outside library and the modules that may open its door.
DOORS = {
    "click": {"cli"},
    "flask": {"web"},
    "werkzeug": {"web"},
    "brotli": {"web"},
    "zstandard": {"web"},
    "httptools": {"web"},
    "uvloop": {"web"},
    "openpyxl": {"tables"},
    "rdflib": {"validate", "turtle"},
    "pyshacl": {"validate"},
    "pyoxigraph": {"vocab", "turtle", "fields", "syntax", "validate", "load", "remote", "query", "describe"}
    | {"tables", "desk", "preview", "web", "cli"},
}


def run(*command: str) -> None:
    """Run a tool in the checkout; what it prints is the failure."""
    outcome = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, f"{' '.join(command)}\n{outcome.stdout}{outcome.stderr}"


def test_code_is_linted() -> None:
    run("ruff", "check", "server", "tests")


def test_code_is_formatted() -> None:
    run("ruff", "format", "--check", "server", "tests")


def test_types_are_strict() -> None:
    run("mypy")


def test_turtle_is_canonical() -> None:
    run("gcm.cli", "fmt", "--check", "ontology", "shapes", "data", "tests")


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_picture(path: Path) -> None:
    module = module_of(path)
    for name in imported_names(path):
        library, _, rest = name.partition(".")
        if library == "gcm":
            used = rest.partition(".")[0]
            assert used in ALLOWED[module] | {module}, (
                f"{module} must not use gcm.{used}: see ARCHITECTURE.md"
            )
        else:
            assert module in DOORS.get(library, {module}), (
                f"{library} has its door elsewhere: {DOORS[library]}"
            )


def test_every_module_is_in_the_picture() -> None:
    assert {module_of(path) for path in MODULES} <= set(ALLOWED)


def test_every_dependency_is_explained() -> None:
    reasons = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Dependencies")[2]
    declared = (
        (ROOT / "pyproject.toml")
        .read_text(encoding="utf-8")
        .partition("dependencies = [")[2]
        .partition("]")[0]
    )
    names = [line.strip().strip('",').partition(">")[0] for line in declared.splitlines() if line.strip()]
    assert names
    assert not [name for name in names if name not in reasons]
