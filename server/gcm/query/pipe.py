"""Pieces of an answer on their way from the thread that makes them to the one that sends them."""

from threading import Condition

from gcm.errors import BackendError, DepartedError, GcmError

#: Pieces that may wait to be sent; the engine writes them in 8 KiB.
_WAITING = 16


class Pipe:
    """A few pieces at a time; whoever writes waits for a slow reader."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._change = Condition()
        self._is_closed = False
        self._is_over = False
        self._error: GcmError | None = None

    def put(self, piece: bytes) -> None:
        """Pass on a piece; raises DepartedError if nobody reads any more."""
        with self._change:
            self._change.wait_for(lambda: self._is_closed or len(self._pieces) < _WAITING)
            if self._is_closed:
                raise DepartedError
            self._pieces.append(piece)
            self._change.notify_all()

    def end(self) -> None:
        """Say that this was all."""
        self._finish(None)

    def fail(self, error: GcmError | None) -> None:
        """Say that the rest does not come, and why if that is known; nothing if all has come."""
        self._finish(error or BackendError("The answer of the store could not be read."))

    def take(self) -> bytes:
        """Wait for what comes next, and give it; nothing at the end. Raises the error that ended it."""
        with self._change:
            self._change.wait_for(lambda: bool(self._pieces) or self._is_over)
            taken = b"".join(self._pieces)
            self._pieces.clear()
            self._change.notify_all()
            if not taken and self._error is not None:
                raise self._error
            return taken

    def close(self) -> None:
        """Read no more."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()

    def _finish(self, error: GcmError | None) -> None:
        with self._change:
            if not self._is_over:
                self._is_over = True
                self._error = error
                self._change.notify_all()
