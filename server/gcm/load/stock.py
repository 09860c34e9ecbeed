"""What the sources hold: the hash of each file, taken anew only where the file may have changed."""

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

from gcm.errors import SourceError, StoreError
from gcm.layout import Sources
from gcm.turtle import read_text

#: Part of every version's name; raise it when the same files must be built anew.
STORE_FORMAT = 2
#: The file in the folder of versions that remembers the hashes; whoever removes it loses only time.
HASHES = "hashes.json"

_MARK = b"\xef\xbb\xbf"
#: A file that was touched less than so many nanoseconds before we looked at it is hashed again the next time:
#: it may change once more and keep its time, which some file systems write in steps of two seconds. Git calls
#: this "racy" (Documentation/technical/racy-git).
_CALM_NANOSECONDS = 2_500_000_000

#: Where a file may say an address with a comma (RFC 3987 allows it), or a triple term, in any way of Turtle.
_COMMA = re.compile(rb"<[^<>\"{}|^`\x00-\x20]*,|\\,|\\[uU]0*2[cC]|<<")

#: Size in bytes, changes of content and of anything in nanoseconds, inode, device, whether it may have
#: addresses with commas, hash.
_Known = tuple[int, int, int, int, int, bool, str]


@dataclass(frozen=True)
class SourceFile:
    """A file as it was when it was looked at; `size` is in bytes, `kind` the folder that it is for.

    Without `has_commas` no address in it has a comma.
    """

    kind: str
    path: Path
    size: int
    sha256: str
    has_commas: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """What two files share that say the same in the same place."""
        return self.kind, self.sha256

    def read(self) -> bytes:
        """Read the content, which is UTF-8, without the mark that some editors put first.

        Raises SourceError if it cannot be read, StoreError if it is no longer what was looked at.
        """
        try:
            data = self.path.read_bytes()
            if hashlib.sha256(data).hexdigest() != self.sha256:
                raise StoreError("the files changed while they were read; run the command again.")
            if not data.isascii():
                data.decode()
        except (OSError, UnicodeDecodeError):
            data = read_text(self.path).encode()  # says what is wrong, and where
        return data.removeprefix(_MARK)


@dataclass(frozen=True)
class Stock:
    """All files, and which of their hashes can be trusted the next time."""

    files: tuple[SourceFile, ...]
    known: Mapping[str, _Known]

    @cached_property
    def version_id(self) -> str:
        """The name of the version: 16 hexadecimal digits of a hash over all names and bytes."""
        digest = hashlib.sha256(f"{STORE_FORMAT}\n".encode())
        for each in self.files:
            digest.update(f"{each.kind}/{each.path.name} {each.sha256}\n".encode())
        return digest.hexdigest()[:16]

    @property
    def statements(self) -> tuple[SourceFile, ...]:
        """The files that hold statements: all but the checks."""
        return tuple(each for each in self.files if each.kind != "checks")


def take_stock(sources: Sources, directory: Path | None = None) -> Stock:
    """Look at all files; hashes that are remembered in `directory` are not taken again.

    Raises SourceError if a file cannot be read.
    """
    remembered = _remembered(directory) if directory else {}
    known: dict[str, _Known] = {}
    files = []
    for kind, paths in sources.groups.items():
        for path in paths:
            name = os.path.abspath(path)
            seen, is_calm = _look(path, remembered.get(name))
            files.append(SourceFile(kind, path, size=seen[0], sha256=seen[-1], has_commas=seen[-2]))
            if is_calm:
                known[name] = seen
    return Stock(tuple(files), known)


def remember(stock: Stock, directory: Path) -> None:
    """Write down the hashes for the next time, if they are not written there; nothing is lost if it fails."""
    if stock.known == _remembered(directory):
        return
    beside = directory / f"{HASHES}.new-{os.getpid()}"
    with suppress(OSError):
        beside.write_text(json.dumps(stock.known), encoding="utf-8")
        beside.replace(directory / HASHES)


def _look(path: Path, known: _Known | None) -> tuple[_Known, bool]:
    looked_at = time.time_ns()
    try:
        stat = path.stat()
        stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev)
        if known is not None and known[:-2] == stamp:
            return known, True
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            has_commas = _has_commas(content)
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}); check that it is there and its permissions."
        raise SourceError(message, path=path) from None
    return (*stamp, has_commas, digest), max(
        stat.st_mtime_ns, stat.st_ctime_ns
    ) < looked_at - _CALM_NANOSECONDS


def _has_commas(content: BinaryIO) -> bool:
    if not content.seek(0, os.SEEK_END):
        return False
    with mmap(content.fileno(), 0, access=ACCESS_READ) as data:
        return _COMMA.search(data) is not None


def _remembered(directory: Path) -> dict[str, _Known]:
    try:
        written = json.loads((directory / HASHES).read_text("utf-8"))
        return dict(_checked(written))
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _checked(written: Mapping[str, list[object]]) -> Iterator[tuple[str, _Known]]:
    """Give what is written there; raises ValueError or TypeError if it is anything else."""
    for name, (size, changed, touched, inode, device, has_commas, digest) in written.items():
        numbers = (size, changed, touched, inode, device, has_commas)
        if not (all(isinstance(each, int) for each in numbers) and isinstance(digest, str)):
            raise ValueError(f"not a hash: {name}")
        yield name, (*numbers, digest)  # type: ignore[misc] # just looked at
