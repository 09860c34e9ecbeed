"""Writing files of users so that a crash leaves either the old content or the new one."""

import os
from contextlib import suppress
from pathlib import Path

from gcm.errors import SourceError


def replace_file(path: Path, data: bytes) -> None:
    """Write a file anew, with the permissions that it has. Raises SourceError if that cannot be."""
    target = path.resolve()  # of a link, what it leads to
    beside = target.with_name(f".{target.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(target.stat().st_mode & 0o777)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        message = f"the file cannot be written ({error.strerror}); check its folder."
        raise SourceError(message, path=path) from None
