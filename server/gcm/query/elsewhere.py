"""Strangers' queries on a remote store: the same limits and answers as from our own workers.

What the store sends is read and written anew as it comes, never held whole: its engine may write the forms in
its own way, a broken answer is noticed, and the forms that it does not have are had all the same.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import IO, cast

from pyoxigraph import NamedNode, serialize

from gcm.errors import (
    BackendError,
    DepartedError,
    GcmError,
    QueryError,
    RefusedQueryError,
    bare,
)
from gcm.limits import Limits
from gcm.query.caller import Caller
from gcm.query.clauses import graphs_of
from gcm.query.engine import GRAPH_FORMATS, Kind, kind_of, write
from gcm.query.guard import all_tokens, significant_tokens, without_from
from gcm.query.mistakes import explain
from gcm.query.pipe import Pipe
from gcm.query.places import Places
from gcm.query.rows import RowCount
from gcm.query.turns import Turns
from gcm.query.version import GraphInfo, OpenVersion
from gcm.remote.dialect import dialect_of
from gcm.remote.graphs import Dataset, foreign_names, with_prologue
from gcm.remote.request import request_of
from gcm.remote.results import GRAPH, TABLE, Incoming, check_reply, read_statements, read_table, stopped
from gcm.remote.state import State, merge_name
from gcm.remote.store import RemoteStore
from gcm.remote.wire import Clock
from gcm.remote.wire import Reply as Answer

log = logging.getLogger(__name__)

#: What Virtuoso says before it comes to the point; its lines are not those of the query as it was asked.
_PREAMBLE = re.compile(r"^Virtuoso \w+ Error (?:\w+: )?(?:SPARQL compiler, line \d+: )?")

#: An answer of so many bytes or fewer is read before it is passed on: it needs no thread of its own.
_SMALL_BYTES = 65_536

#: Seconds beyond query_seconds that an engine which was told the limit has to say that it is over.
_GRACE_SECONDS = 1.0


def open_elsewhere(store: RemoteStore, state: State, *, folder: Path) -> OpenVersion:
    """Give the version that a remote store says it holds; `folder` is for what is made from it."""
    return OpenVersion(
        id=state.id,
        path=folder,
        store=store,
        built=state.built,
        triples=state.triples,
        graphs=tuple(GraphInfo(NamedNode(each.iri), each.file, each.triples) for each in state.graphs),
    )


def dataset_of_version(state: State) -> Dataset:
    """Give what a plain query of a version reads: the merge, and each dataset by name."""
    return Dataset((merge_name(state.id),), tuple(each.iri for each in state.graphs))


class RemotePool:
    """Runs strangers' queries on one version in a remote store; safe to use from several threads."""

    def __init__(
        self, store: RemoteStore, *, limits: Limits, turns: Turns, is_well: Callable[[], bool]
    ) -> None:
        self.limits = limits
        self.turns = turns
        self._store = store
        self._is_well = is_well
        self._places = Places(limits=limits, turns=turns)

    def run(
        self,
        text: str,
        *,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        caller: Caller | None = None,
    ) -> "Answering":
        """Start a query and wait for the first piece of its answer, in `media_type`.

        Raises QueryError if the engine cannot run it, RefusedQueryError if it reaches into the engine,
        LimitError if it passes a limit, BackendError if there is no answer, DepartedError if the caller goes.
        """
        asked = _Asked(text, self._store.dataset, default_graphs, named_graphs)
        caller = caller or Caller()
        self._places.take(caller)
        answer = Answering(caller, end=lambda: self._places.leave(caller))
        try:
            answer.begin(self._store, asked, media_type=media_type, limits=self.limits)
        except BaseException:
            answer.close()
            raise
        return answer

    def count_workers(self) -> tuple[int, int]:
        """Count the queries that run, and how many more could."""
        return self._places.count()

    def is_answering(self) -> bool:
        """Tell whether the store answered when we last looked."""
        return self._is_well()

    def close(self) -> None:
        """Do nothing: connections end with the site, answers with their readers."""


class _Asked:
    """A stranger's query as it is sent."""

    def __init__(
        self, text: str, whole: Dataset, default_graphs: Sequence[str], named_graphs: Sequence[str]
    ) -> None:
        words = [token.text for token in significant_tokens(text)]
        foreign = foreign_names(words)
        if foreign:
            raise RefusedQueryError(f"“{foreign}” is no SPARQL 1.1, and is not passed on.")
        default, named = tuple(default_graphs), tuple(named_graphs)
        if not default and not named and "FROM" in text.upper():
            default, named = graphs_of(text)
        self.original = text
        self.dataset = whole.narrowed(default, named)
        self.text, self.added = with_prologue(without_from(all_tokens(text)), words)


class Answering:
    """The results of one query, on their way from the store to the client."""

    def __init__(self, caller: Caller, *, end: Callable[[], None]) -> None:
        self.kind: Kind = "select"
        self.whole: bytes | None = None
        self.rows = ""
        self._count = RowCount("ask", "")
        self._caller = caller
        self._pipe: Pipe | None = None
        self._first = b""
        self._reply: Answer | None = None
        self._end_watches: list[Callable[[], None]] = []
        self._end = end
        self._is_over = False
        self._lock = Lock()

    def begin(self, store: RemoteStore, asked: _Asked, *, media_type: str, limits: Limits) -> None:
        """Send the query, and wait until its answer has begun; see `RemotePool.run`."""
        wanted = GRAPH if media_type in GRAPH_FORMATS else TABLE
        told = bool(store.dialect.parameters(limits.query_seconds))
        seconds = limits.query_seconds + (_GRACE_SECONDS if told else 0)
        clock = Clock(seconds, "query_seconds", monotonic() + limits.answer_seconds)
        request = request_of(asked.text, asked.dataset, store.dialect, wanted, limits.query_seconds)
        try:
            self._reply = reply = store.wire.send(request, clock, watch=self._watch)
            if reply.status != 200:
                raise _error_of(reply, asked, limits)
            check_reply(reply, wanted, seconds=limits.query_seconds)
            incoming = Incoming(reply, dialect_of(reply.headers), most_bytes=limits.store_bytes)
            if incoming.read_ahead(_SMALL_BYTES):
                self._write_whole(incoming, wanted, media_type)
            else:
                self._write_in_pieces(incoming, wanted, media_type)
        except BackendError:
            if self._caller.has_left:
                raise DepartedError from None
            raise

    def __iter__(self) -> Iterator[bytes]:
        """Give the results in pieces; raises BackendError or LimitError where they break off."""
        try:
            piece = self._first
            while self._pipe is not None and piece:
                self._count.add(piece)
                yield piece
                piece = self._pipe.take()
            self.rows = str(self._count)
        finally:
            self.close()

    def close(self) -> None:
        """End the connection to the store if it is not done, and let the next query run."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
        if self._pipe is not None:
            self._pipe.close()
        for end_watch in self._end_watches:
            end_watch()
        if self._reply is not None:
            if self._pipe is None:
                self._reply.close()
            else:
                self._reply.cut()  # the thread that reads from it closes it
        self._end()

    def __del__(self) -> None:
        self.close()

    def _watch(self, cut: Callable[[], None]) -> None:
        self._end_watches.append(self._caller.watch(cut))

    def _write_whole(self, incoming: Incoming, wanted: str, media_type: str) -> None:
        output = BytesIO()
        self.kind = _write(incoming, output, wanted, media_type)
        self.whole = output.getvalue()
        count = RowCount(self.kind, media_type)
        count.add(self.whole)
        self.rows = str(count)
        self.close()

    def _write_in_pieces(self, incoming: Incoming, wanted: str, media_type: str) -> None:
        """Have the answer written by a thread of its own, and wait for its first piece."""
        self.kind = "graph" if wanted == GRAPH else "select"
        self._count = RowCount(self.kind, media_type)
        self._pipe = Pipe()
        arguments = (self._pipe, incoming, wanted, media_type)
        Thread(target=self._write_on, args=arguments, name="gcm-remote", daemon=True).start()
        self._first = self._pipe.take()

    def _write_on(self, pipe: Pipe, incoming: Incoming, wanted: str, media_type: str) -> None:
        """Read and write until the end, in a thread of its own: the engine's results stay in one."""
        failure: GcmError | None = None
        try:
            _write(incoming, cast(IO[bytes], _Passing(pipe, incoming)), wanted, media_type)
            pipe.end()
        except GcmError as error:
            failure = DepartedError() if self._caller.has_left else error
            log.warning("answer of the store broken off: %s", getattr(error, "reason", error))
        finally:
            pipe.fail(failure)
            incoming.close()


class _Passing:
    """A file whose pieces go on to the client."""

    def __init__(self, pipe: Pipe, incoming: Incoming) -> None:
        self._pipe = pipe
        self._incoming = incoming

    def write(self, piece: bytes) -> int:
        """Pass a piece on."""
        self._incoming.passed_on()
        self._pipe.put(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: each piece goes on at once."""


def _write(incoming: Incoming, output: IO[bytes], wanted: str, media_type: str) -> Kind:
    """Write what comes in the form that was asked for; raises BackendError if it is no answer."""
    if wanted == GRAPH:
        triples = (quad.triple for quad in read_statements(incoming))
        serialize(triples, output, format=GRAPH_FORMATS[media_type])
        return "graph"
    return _write_table(incoming, output, media_type)


def _write_table(incoming: Incoming, output: IO[bytes], media_type: str) -> Kind:
    """Write a table or yes and no.

    An error that is raised here goes into another thread, where the engine's results cannot be freed: so it
    carries no trace of them.
    """
    results = read_table(incoming)
    kind = kind_of(results)
    failure: GcmError | None = None
    try:
        write(results, output, media_type=media_type)
    except (SyntaxError, ValueError, MemoryError) as error:
        failure = BackendError(f"The answer of the store is broken: {error}")
    except GcmError as error:
        failure = bare(error)
    finally:
        del results
    if failure is not None:
        raise failure
    return kind


def _error_of(reply: Answer, asked: _Asked, limits: Limits) -> GcmError:
    """Say what an answer with an error status means for the query."""
    text = reply.text()
    fault = dialect_of(reply.headers).fault_of(reply.status, text)
    if fault == "time":
        return stopped(limits.query_seconds)
    if fault == "store":
        return BackendError(f"The store answers {reply.status}: {text[:200]}")
    if text.startswith("error at "):
        return _explained(text, asked)
    words = _PREAMBLE.sub("", text.strip().partition("\n")[0])[:300]
    return QueryError(f"The engine behind this server cannot run the query: {words}")


def _explained(text: str, asked: _Asked) -> QueryError:
    """Explain a mistake that the engine found in the query with our prologue before it."""
    error = explain(text.strip(), asked.text)
    if error.line == 1 and error.column is not None:
        column = max(error.column - asked.added, 1)
        message = str(error).replace(f"column {error.column}", f"column {column}", 1)
        return QueryError(message, line=1, column=column, near=error.near)
    return error
