"""The two commands of the README on machines where something is missing: one clear line, no traceback."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what the scripts read, without an environment."""
    folder = tmp_path / "checkout"
    for name in ("server/run", "server/environment.sh", "pyproject.toml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def run_server(
    checkout: Path, *, path: str, prefix: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    command = [*prefix, str(checkout / "server" / "run")]
    return subprocess.run(
        command, env={"PATH": path}, capture_output=True, text=True, check=False, timeout=60
    )


def fake_python(folder: Path, answer: str) -> str:
    """Make a `python3` that is found first and runs `answer` instead; return the search path."""
    folder.mkdir()
    (folder / "python3").write_text(f"#!/bin/sh\n{answer}\n")
    (folder / "python3").chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def as_nobody(folder: Path) -> tuple[str, ...]:
    """Give what runs a command as a user whom modes stop, and let that user into a folder of root's."""
    for each in (folder, *folder.parents[:3]):
        each.chmod(each.stat().st_mode | 0o055)
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("case $2 in *version_info*) exit 1;; esac", "older than Python 3.11"),
        (
            "case $2 in *ensurepip*) exit 1;; esac",
            "no venv module: install it (Debian: apt-get install python3-venv)",
        ),
        ("case $2 in venv) exit 1;; esac", "No environment could be made"),
    ],
)
def test_what_python_lacks_is_one_line(checkout: Path, tmp_path: Path, answer: str, line: str) -> None:
    outcome = run_server(checkout, path=fake_python(tmp_path / "bin", answer))
    assert outcome.returncode == 2
    assert line in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_read_only_checkout_is_one_line(checkout: Path, tmp_path: Path) -> None:
    path = fake_python(tmp_path / "bin", "exit 0")
    checkout.chmod(0o555)
    outcome = run_server(checkout, path=path, prefix=as_nobody(tmp_path) if os.getuid() == 0 else ())
    assert outcome.returncode == 2
    assert "cannot be written" in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "gcm.cli", "serve", "--port", port, "--store", str(tmp_path)]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert outcome.returncode == 2
    assert f"{port} is in use" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
