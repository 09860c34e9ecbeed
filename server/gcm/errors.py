"""Every error this package raises on purpose. Each says what is wrong, where, and what to do.

Two places translate them: `gcm.cli` into one line and an exit code, `gcm.web.errors` into an HTTP status.
"""

from collections.abc import Sequence
from pathlib import Path


class GcmError(Exception):
    """An error that its reader can act on; the message is one or two sentences for a person."""


def bare(error: GcmError) -> GcmError:
    """Give an error without the traces of where it and what led to it were raised.

    For one that is kept, or goes to another thread: traces hold the values of all functions on the way.
    """
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


class SourceError(GcmError):
    """A source cannot be read: it is missing, is not in its syntax, or has no dataset header.

    `further` are the other faults of the same file, where its reader could go on behind the first.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path,
        line: int | None = None,
        column: int | None = None,
        further: "Sequence[SourceError]" = (),
    ) -> None:
        """Say what is wrong in `path`, at `line` and `column` (counted from 1) if one place is to blame."""
        self.path = path
        self.line = line
        self.column = column if line else None
        self.reason = message
        self.further = tuple(further)
        where = ":".join(str(each) for each in (path, line, self.column) if each)
        super().__init__(f"{where}: {message}")


class StoreError(GcmError):
    """The store directory holds no version to serve, or cannot be written."""


class NoRoomError(StoreError):
    """What a client asked for cannot be written to the disk; the message names no path."""


class ServerError(GcmError):
    """The server cannot start: its port is taken, or a setting has no meaning."""


class QueryError(GcmError):
    """A query is not SPARQL 1.1, or its parameters do not fit it. Lines and columns count from 1."""

    def __init__(
        self, message: str, *, line: int | None = None, column: int | None = None, near: str = ""
    ) -> None:
        """Say what is wrong, where in the query text if that is known, and which words stand there."""
        self.line = line
        self.column = column
        self.near = near
        super().__init__(message)


class RefusedQueryError(GcmError):
    """A well-formed request that this endpoint never runs: an update, or a call to another endpoint."""


class LimitError(GcmError):
    """A request went past a limit; `limit` is its name in `gcm.limits`."""

    def __init__(self, message: str, *, limit: str) -> None:
        """Say which limit was passed and what to do."""
        self.limit = limit
        super().__init__(message)


class BackendError(GcmError):
    """The remote store cannot be reached, fails, or sends what is no answer; `reason` is for the log.

    It may name what a stranger must not read, so the message does not hold it.
    """

    def __init__(self, reason: str) -> None:
        """Say for the log what is wrong."""
        self.reason = reason
        super().__init__("The store behind this server does not answer as it should. Try again later.")


class BackendTimeoutError(BackendError):
    """The remote store has not answered in time; `limit` is the name of that time in `gcm.limits`."""

    def __init__(self, reason: str, *, limit: str) -> None:
        """Say for the log what took too long, and which limit ended it."""
        self.limit = limit
        super().__init__(reason)
        self.args = (
            "The store behind this server has not answered in time. Ask for less, or try again later.",
        )


class DepartedError(GcmError):
    """The client went away before its answer was there."""

    def __init__(self) -> None:
        """Say so; only the log will read it."""
        super().__init__("The client went away before the answer was there.")


class BrokenAnswerError(GcmError):
    """An answer that has begun cannot be ended: raised to break the connection, once all is written down."""

    def __init__(self) -> None:
        """Say so; only the server below us will read it."""
        super().__init__("The answer broke off, and with it the connection.")


class BrokenBodyError(GcmError):
    """The body of a request cannot be read on: it is not framed as RFC 9112 section 7 says."""


class UnknownIriError(GcmError):
    """The graph says nothing about this IRI."""

    def __init__(self, iri: str) -> None:
        """Name the IRI nobody describes."""
        self.iri = iri
        super().__init__(
            f"The graph says nothing about <{iri}>. Look for the thing by its name, or check the address."
        )


class UnknownVersionError(GcmError):
    """There is no such version of the graph; `kept` names those there are, the newest first."""

    def __init__(self, message: str, *, kept: Sequence[str]) -> None:
        """Say why it is not there, and what is."""
        self.kept = tuple(kept)
        super().__init__(message)


class RemovedVersionError(UnknownVersionError):
    """The version was here and is no longer kept."""


class GoneError(GcmError):
    """An IRI that an older version describes and the present one does not (RFC 9110 section 15.5.11)."""

    def __init__(self, iri: str, *, version: str, permalink: str, successor: str | None) -> None:
        """Name the last version that has it, its address there, and what has taken its place."""
        self.iri = iri
        self.version = version
        self.permalink = permalink
        self.successor = successor
        instead = f" <{successor}> has taken its place." if successor else ""
        super().__init__(
            f"The graph no longer speaks of <{iri}>: it was removed after version {version}.{instead} "
            f"What was said then stays at {permalink} as long as that version is kept."
        )


class DatetimeError(GcmError):
    """The moment that a client asks for is not a date of HTTP (RFC 9110 section 5.6.7)."""


class RequestTargetError(GcmError):
    """A request does not say, or says twice, of which host and address it is (RFC 9112 section 3.2)."""


class PreconditionError(GcmError):
    """What the client says that it has is not what there is (RFC 9110 section 15.5.13)."""


class NotAcceptableError(GcmError):
    """None of the forms on offer is acceptable to the client (RFC 9110 section 15.5.7)."""

    def __init__(self, offers: Sequence[str], *, remedy: str = "") -> None:
        """List the media types that could have been asked for; `remedy` is what else can be done."""
        self.offers = tuple(offers)
        what = f"{remedy} ask" if remedy else "Ask"
        super().__init__(f"None of the types you accept is on offer. {what} for one of: {', '.join(offers)}.")


class UnsupportedBodyError(GcmError):
    """The request's body has a media type that SPARQL 1.1 Protocol section 2.1 does not name."""


class CodedBodyError(UnsupportedBodyError):
    """The request's body is compressed, and is not read so (RFC 9110 section 8.4)."""


class DeskError(GcmError):
    """What a curator asks for cannot be done, for a reason in the request itself."""


class SubmissionError(DeskError):
    """A file that was sent cannot become a proposal; `file` is what its sender calls it."""

    def __init__(self, reason: str, *, file: str, line: int | None = None) -> None:
        """Say what is wrong in the file, at `line` (counted from 1) if one line is to blame."""
        self.file = file
        self.line = line
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")


class ReadOnlyError(DeskError):
    """Nobody can propose anything here: the server has no desk, or no token was made."""

    def __init__(self) -> None:
        """Say so, and what whoever runs the server would do."""
        super().__init__(
            "This server is read-only: no token is configured. Whoever runs it sets a folder for proposals "
            "by GCM_DESK and makes tokens with: gcm token add."
        )


class SignInError(DeskError):
    """The request needs a token, and has none that opens anything (RFC 9110 section 15.5.2)."""


class ForbiddenError(DeskError):
    """The curator is known, and may not do this (RFC 9110 section 15.5.4)."""


class UnknownProposalError(DeskError):
    """There is no proposal of this number."""

    def __init__(self, number: int) -> None:
        """Name the number."""
        super().__init__(f"There is no proposal {number}. /proposals lists them all.")


class ConflictError(DeskError):
    """What is asked for does not fit what there is now (RFC 9110 section 15.5.10)."""


class NotConformingError(DeskError):
    """A proposal has violations and so cannot be approved."""
