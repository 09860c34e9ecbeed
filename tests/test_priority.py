"""What works beside the server gives way to it, and to nobody else's harm."""

import subprocess
import sys

import pytest

#: Says what its session steps back, before and after, if the kernel shares processors out among sessions and
#: counts this one in; and what the process does. What belongs to no session of its own reads as nothing.
_SAYS = """
import os
from pathlib import Path
from gcm.process.priority import give_way

def group():
    shared = Path("/proc/self/autogroup")
    return shared.read_text("ascii").split()[-1:] if shared.exists() else []

before = group()
give_way()
print(os.nice(0), before, group())
"""


@pytest.mark.parametrize("is_alone", [True, False])
def test_process_steps_back_and_its_session_if_that_is_its_own(*, is_alone: bool) -> None:
    command = [sys.executable, "-c", _SAYS]
    said = subprocess.run(command, capture_output=True, check=True, start_new_session=is_alone, text=True)
    own, before, after = said.stdout.split()
    assert own == "19"
    assert after == ("['10']" if is_alone and before != "[]" else before)
