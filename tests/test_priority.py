"""What works beside the server gives way to it, and to nobody else's harm."""

import subprocess
import sys
from pathlib import Path

import pytest

_SAYS = "import os; from gcm.process.priority import give_way; give_way(); print(os.nice(0))"
_GROUP = Path("/proc/self/autogroup")  # absent where the kernel does not share out among sessions


@pytest.mark.parametrize("is_alone", [True, False])
def test_process_steps_back_and_its_session_if_that_is_its_own(*, is_alone: bool) -> None:
    group = [_GROUP.read_text("ascii").split()[-1]] if _GROUP.exists() else []
    says = f"{_SAYS}; print(open({str(_GROUP)!r}).read().split()[-1])" if _GROUP.exists() else _SAYS
    command = [sys.executable, "-c", says]
    said = subprocess.run(command, capture_output=True, check=True, start_new_session=is_alone, text=True)
    assert said.stdout.split() == ["19", *(["10"] if is_alone else group)[: len(group)]]
