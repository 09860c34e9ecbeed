"""The README's question and its report, asked as they are written there."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from gcm.cli import commands
from gcm.vocab import PREFIXES
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

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


def test_readme_is_one_screen() -> None:
    assert len(README.splitlines()) <= 80
