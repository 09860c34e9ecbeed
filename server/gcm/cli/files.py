"""Files of users: the header of a table, and writing so that a crash leaves the old content or the new."""

import os
from contextlib import suppress
from pathlib import Path

from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.limits import read_limits


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


def read_header(path: Path) -> str:
    """Read the header of a table's dataset, in Turtle. Raises SourceError with the place if it is none."""
    from gcm.syntax import read
    from gcm.turtle import read_text

    text = read_text(path)
    read(Given(str(path), text.encode(), Form.TURTLE), limits=read_limits(os.environ))
    return text
