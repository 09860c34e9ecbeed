"""What a worker is forbidden by the kernel: to reach another machine, start a program, take all memory.

The list of forbidden system calls is a seccomp filter (Linux, seccomp(2)); the numbers are those of the
kernel's system call tables. Elsewhere there is no such wall, only the guard before it
(`gcm.query.guard`).
"""

import ctypes
import errno
import logging
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

log = logging.getLogger(__name__)

#: Machine -> its number for filters, and its numbers of socket, connect, execve, execveat.
_FORBIDDEN = {
    "x86_64": (0xC000003E, (41, 42, 59, 322)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281)),
}

_SET_DEATH_SIGNAL = 1
_SET_SECCOMP, _FILTER_MODE = 22, 2  # prctl(2)
_SET_NO_NEW_PRIVILEGES = 38
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # classic BPF instructions
_NUMBER_AT, _MACHINE_AT = 0, 4  # offsets in struct seccomp_data
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EPERM


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def end_with_parent(parent: int) -> None:
    """Have the kernel end this process when `parent`, which forked it, has been killed (prctl(2), Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it was killed before we came here
        os._exit(os.EX_UNAVAILABLE)


def confine(*, memory_bytes: float) -> None:
    """Take away from this process, for good, what no query needs."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _address_space() + int(memory_bytes)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if sys.platform != "linux" or platform.machine() not in _FORBIDDEN:
        log.warning("this machine cannot keep queries from connecting to others; only their text is checked")
        return
    _install(_filter(*_FORBIDDEN[platform.machine()]))


def _address_space() -> int:
    """Measure the address space in use, in bytes: the store's files and threads take much, memory little."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    return int(pages) * resource.getpagesize()


def _filter(machine: int, numbers: tuple[int, ...]) -> bytes:
    """Write the program that refuses these calls, and all calls made as if from another kind of machine."""
    count = len(numbers)
    checks = [_instruction(_JUMP_IF_EQUAL, each, count - index, 0) for index, each in enumerate(numbers)]
    return b"".join(
        [
            _instruction(_LOAD_WORD, _MACHINE_AT),
            _instruction(_JUMP_IF_EQUAL, machine, 0, count + 2),
            _instruction(_LOAD_WORD, _NUMBER_AT),
            *checks,
            _instruction(_RETURN, _ALLOW),
            _instruction(_RETURN, _REFUSE),
        ]
    )


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _install(instructions: bytes) -> None:
    """Give the filter to the kernel; raises OSError if it does not take it."""
    program = _Program(len(instructions) // 8, instructions)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or library.prctl(
        _SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")
