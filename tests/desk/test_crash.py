"""Killed at any moment: what was confirmed is there, nothing is half published, files and version agree."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: Rounds, each with two processes that are killed.
ROUNDS = 50

#: A publication has at least so many steps at which it can be killed.
STEPS = 60

pytestmark = pytest.mark.server


def run(*arguments: str) -> str:
    """Run the crashes in a process that has no threads and no open stores, so that it can fork."""
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.desk_crash", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'server'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert outcome.returncode == 0, f"{outcome.stdout}\n{outcome.stderr}"
    return outcome.stdout


def test_killed_at_a_hundred_random_moments() -> None:
    said = run("moments", str(ROUNDS))
    assert said.startswith(f"{2 * ROUNDS} kills")
    assert "'publication'" in said, f"no publication was interrupted, so nothing was tested: {said}"


def test_killed_at_each_step_of_a_publication() -> None:
    kills = int(run("steps").split()[0])
    assert kills >= STEPS, "the steps are not counted any more"
