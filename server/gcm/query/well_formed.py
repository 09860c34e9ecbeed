"""Results in XML that every reader of XML takes.

XML has no way to write some characters (XML 1.0 section 2.2), and RDF/XML none to write a property or class
that does not end in a name (RDF 1.1 XML Syntax section 5.1). The engine (pyoxigraph 0.5.13) writes both as
they are, and readers then refuse the whole answer.
"""

from typing import IO

from gcm.errors import QueryError

#: The characters below U+0020 that XML does not have, each one byte in UTF-8.
_CONTROLS = bytes(sign for sign in range(0x20) if sign not in b"\t\n\r")

#: U+FFFE and U+FFFF, which XML does not have either, in UTF-8.
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")

#: What the engine writes for an address without a name at its end; in texts `<` is written as `&lt;`.
_NO_NAME = b"<oxprefix: "

#: A carriage return as it is would be read as a line feed (XML 1.0 section 2.11).
_RETURN = b"&#13;"

_REMEDY = "Ask for another form."


class WellFormed:
    """Passes XML on, as far as it is some."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._end = b""  # of what was passed on: what is looked for may begin there

    def write(self, piece: bytes) -> int:
        """Pass a piece on. Raises QueryError if it is no XML."""
        joined = self._end + piece
        if _has_other_signs(joined):
            raise QueryError(f"The results hold a character that XML does not have. {_REMEDY}")
        if _NO_NAME in joined:
            raise QueryError(f"The results hold a property or class that RDF/XML cannot name. {_REMEDY}")
        self._end = joined[1 - len(_NO_NAME) :]
        self._output.write(piece.replace(b"\r", _RETURN))
        return len(piece)

    def flush(self) -> None:
        """Do as the engine asks at its end."""
        self._output.flush()


def _has_other_signs(text: bytes) -> bool:
    return any(map(text.__contains__, _CONTROLS)) or (
        not text.isascii() and any(map(text.__contains__, _NO_CHARACTERS))
    )
