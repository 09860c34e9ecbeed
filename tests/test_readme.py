"""The README's question, its report and its publication, as they are written there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from gcm.cli import commands
from gcm.vocab import PREFIXES
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from tests.servers import started

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(start: str, end: str) -> str:
    return README.partition(start)[2].partition(end)[0]


def test_question_has_the_answer_that_is_printed(real_store: Store) -> None:
    found = real_store.query(between("<<'EOF'\n", "EOF\n"), prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    answer = found.serialize(format=QueryResultsFormat.CSV)
    assert answer is not None
    assert answer.decode().replace("\r\n", "\n") == between("```csv\n", "```")


def test_mistakes_are_reported_as_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcome = CliRunner().invoke(commands, ["validate", "tests/readme/my-source.ttl"])
    assert outcome.exit_code == 1
    assert outcome.stdout == between("```\ntests/readme", "```").join(["tests/readme", ""])


@pytest.mark.server
def test_two_curators_publish_as_is_written(tmp_path: Path) -> None:
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    steps = between("elsewhere:\n\n```sh\n", "```").replace("../gcm-desk", str(tmp_path / "desk"))
    steps = steps.replace(".venv/bin/gcm", f"{sys.executable} -m gcm.cli")
    options = [
        "--port",
        "0",
        "--data",
        data,
        "--only-data",
        "--store",
        tmp_path / "store",
        "--desk",
        tmp_path / "desk",
    ]
    serve = [sys.executable, "-m", "gcm.cli", "serve", "--no-validate", *map(str, options)]
    with started(serve) as server:
        shell = [
            "sh",
            "-ec",
            steps.replace("http://127.0.0.1:8000", server.address).replace("curl", "curl -sSf"),
        ]
        near = os.environ | {"no_proxy": "127.0.0.1"}
        done = subprocess.run(
            shell, cwd=ROOT, env=near, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert '"state": "published"' in done.stdout
        response, _ = server.get("/doc/pledge/9001")
        assert response.status == 200
    new = {each.name for each in data.iterdir()} - {each.name for each in (ROOT / "data").iterdir()}
    assert new == {"my-source.ttl", "publications.ttl"}


def test_readme_is_one_screen() -> None:
    assert len(README.splitlines()) <= 80
