"""Files that a page carries to the next one, since the server keeps nothing: packed into one word each.

Browsers change the line ends of what stands in a form, so the bytes themselves are packed. Whoever sends such
a word could as well send the file: nothing rests on its being ours.
"""

import json
import zlib
from base64 import b64decode, b64encode
from binascii import Error as CodingError

from gcm.errors import LimitError, QueryError
from gcm.given import Form, Given

_DAMAGED = "A file that the page carries is damaged. Send the file anew."


def pack(given: Given) -> str:
    """Write a file as one word: its name, its syntax and its bytes."""
    head = json.dumps([given.name, given.form.name]).encode()
    return b64encode(zlib.compress(head + b"\n" + given.data, 6)).decode()


def unpack(word: str, *, at_most: int) -> Given:
    """Read a file that was packed. Raises QueryError if this is none, LimitError if it is too large."""
    inflated = zlib.decompressobj()
    try:
        data = inflated.decompress(b64decode(word, validate=True), at_most + 1)
        head, _, rest = data.partition(b"\n")
        name, form = json.loads(head)
        given = Given(str(name), rest, Form[str(form)])
    except (CodingError, zlib.error, ValueError, KeyError, TypeError):
        raise QueryError(_DAMAGED) from None
    if len(data) > at_most:
        raise LimitError("A file that the page carries is too large. Send less.", limit="upload_bytes")
    if not inflated.eof:
        raise QueryError(_DAMAGED)
    return given
