"""Bodies of any size: small ones are made in memory, large ones in a file that is closed with the answer."""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from werkzeug.wsgi import FileWrapper

#: Bodies smaller than this many bytes are made in memory.
SPOOLED_BYTES = 4_194_304

#: How many bytes of a file are sent at a time.
PIECE_BYTES = 65_536


def spooled(write: Callable[[IO[bytes]], None]) -> bytes | FileWrapper:
    """Give what `write` writes."""
    spool = SpooledTemporaryFile(SPOOLED_BYTES)  # noqa: SIM115  # a large one must outlive this function
    write(cast(IO[bytes], spool))  # it has all methods of a file that writers use
    is_small = spool.tell() <= SPOOLED_BYTES
    spool.seek(0)
    if not is_small:
        return FileWrapper(spool, PIECE_BYTES)
    with spool:
        return spool.read()
