"""How a process gives way to all that others wait for."""

import os
from contextlib import suppress
from pathlib import Path

#: How far it steps back, in its session: `nice` of a process counts from 0 to 19.
_STEP_BACK = 19

#: How far its session steps back; less far, since a server that is never idle must not stop it for good.
_STEP_BACK_OF_SESSION = 10


def give_way() -> None:
    """Let other processes go first; and other sessions, if this one is ours alone.

    Linux shares processors out among sessions first, and among the processes of each after that (sched(7),
    "The autogroup feature").
    """
    os.nice(_STEP_BACK)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # a system that has no such thing
            Path("/proc/self/autogroup").write_text(str(_STEP_BACK_OF_SESSION), "ascii")
