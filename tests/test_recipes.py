"""What the help page tells people to run, run as it is written there; the hook from the wheel alone."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from gcm.web.recipes import EXAMPLES, HOOK, WORKFLOW, Example
from sarif_kit import validation_errors

from tests.servers import started

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[1]
WRONG = ROOT / "tests" / "readme" / "my-source.ttl"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder of its own, where only what it needs is beside it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    target = folder / "installed"
    install = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index"]
    wheel = str(next(folder.glob("*.whl")))
    subprocess.run([*install, "--target", str(target), wheel], check=True, capture_output=True)
    return target


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Give what runs a line of a shell in a folder with one wrong file, with the wheel's `gcm`."""
    shutil.copy(WRONG, tmp_path / "my.ttl")
    environment = os.environ | {
        "PYTHONPATH": str(installed),
        "PATH": f"{installed / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }

    def run_it(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    return run_it


Run = Callable[[str], subprocess.CompletedProcess[str]]


def hook_of(text: str) -> Mapping[str, Any]:  # Any: what YAML holds
    """Read the hook out of what a repository of data would have."""
    found: Mapping[str, Any] = yaml.safe_load(text)["repos"][0]["hooks"][0]
    return found


def test_the_hook_finds_the_mistakes_of_a_commit(run: Run) -> None:
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]
    for hook in (offered, hook_of(HOOK)):
        done = run(f"{hook['entry']} my.ttl")
        assert (done.returncode, done.stderr.count("Traceback")) == (1, 0), done.stderr
        assert done.stdout.startswith("my.ttl:36:18: violation: ")
    assert {name: offered[name] for name in ("id", "entry", "files", "language", "require_serial")} == {
        name: hook_of(HOOK)[name] for name in ("id", "entry", "files", "language", "require_serial")
    }


def test_the_pipeline_makes_sarif(run: Run, tmp_path: Path) -> None:
    steps = yaml.safe_load(WORKFLOW)["jobs"]["validate"]["steps"]
    (line,) = [step["run"] for step in steps if step.get("run", "").startswith("gcm ")]
    done = run(line)
    assert done.returncode == 1, done.stderr
    log = json.loads((tmp_path / "gcm.sarif").read_text())
    assert validation_errors(log) == []
    assert log["runs"][0]["results"]
    assert steps[-1]["with"]["sarif_file"] == "gcm.sarif"


@pytest.fixture(scope="module")
def address(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve from the wheel, over the invented world."""
    folder = tmp_path_factory.mktemp("served")
    options = ["--data", str(ROOT / "tests" / "world"), "--only-data", "--no-validate"]
    command = [sys.executable, "-m", "gcm.cli", "serve", "--port", "0", *options]
    with started(command, folder=folder, environment={"PYTHONPATH": str(installed)}) as server:
        yield server.address


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_examples_do_what_they_say(run: Run, address: str, example: Example) -> None:
    done = run(example.at(address))
    if "sys.exit" in example.command:
        assert (done.returncode, done.stdout) == (1, "")
        return
    assert done.returncode == 0, done.stderr
    assert "2026-02-30" in done.stdout
    assert shlex.split(example.command)[-1]  # a shell can read it
    if "sarif" in example.command:
        assert validation_errors(json.loads(done.stdout)) == []
        assert "data/my.ttl" in done.stdout
    elif "format=turtle" in example.command:
        assert "sh:ValidationReport" in done.stdout
        assert "my (2).ttl" in done.stdout
    elif "format=text" in example.command:
        assert done.stdout.startswith("body:36:18: violation: ")
    else:
        assert json.loads(done.stdout)["conforms"] is False
