"""Where requests are received: each is answered in the quickest way there is.

What has been asked before is kept; a plain query goes to a worker without the framework; all else is the
application's. Whichever way a request goes, one line is written of it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gcm.errors import BrokenAnswerError
from gcm.query import Caller
from gcm.web.bridge import Bridge, Environ
from gcm.web.clients import KEY as CALLER_KEY
from gcm.web.clients import Network, name_client
from gcm.web.exchange import Exchange, Message
from gcm.web.kept import KeptAnswers, Key, Whole
from gcm.web.manner import Manner, manner_of
from gcm.web.quick import Errand, Quick
from gcm.web.record import ID_HEADER, Record, read_id
from gcm.web.record import KEY as RECORD_KEY

log = logging.getLogger(__name__)

#: Requests that the application works on at the same time; more wait.
_AT_ONCE = 1_024

_ID_LINE = ID_HEADER.lower().encode() + b": %b\r\n"


@dataclass(slots=True)
class _Visit:
    """A request that is being answered, who asked, and what its answer rests on if it may be kept."""

    exchange: Exchange
    record: Record
    caller: Caller
    key: Key | None


class Reception:
    """Receives the requests of a server process. For the thread of its event loop only."""

    def __init__(
        self,
        bridge: Bridge,
        *,
        proxies: tuple[Network, ...] = (),
        note: Callable[[Record], None] = Record.end,
        kept: KeptAnswers | None = None,
        quick: Quick | None = None,
    ) -> None:
        self._bridge = bridge
        self._proxies = proxies
        self._note = note
        self._kept = kept
        self._quick = quick
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself does not hold them

    def receive(self, exchange: Exchange) -> None:
        """Answer a request, or have it answered."""
        scope = exchange.scope
        manner = manner_of(tuple(scope["headers"]))
        record = Record(scope["method"], scope["path"], read_id(manner.request_id))
        key = self._kept.key(scope, manner) if self._kept else None
        whole = self._kept.find(key) if self._kept and key else None
        if whole is not None:
            record.repeat(whole.record)
            self._answer(exchange, record, whole)
            return
        visit = _Visit(exchange, record, self._caller(scope, manner), key)
        plan = self._quick.plan(scope, manner) if self._quick else None
        if self._quick and plan:
            exchange.when_left(visit.caller.leave)
            stamp = key.stamp if key else None
            self._quick.begin(plan, visit.caller, stamp, partial(self._end_errand, visit))
        else:
            self._apply(visit, {})

    def _end_errand(self, visit: _Visit, errand: Errand) -> None:
        """Send what a worker has answered; what was not to be had at once, the application answers."""
        whole = errand.write(visit.record)
        if visit.exchange.has_left:
            errand.close()
            visit.record.is_broken = True
            self._note(visit.record)
        elif whole is None:
            self._apply(visit, errand.begun())
        else:
            self._keep(visit.key, whole)
            self._answer(visit.exchange, visit.record, whole)

    def _answer(self, exchange: Exchange, record: Record, whole: Whole) -> None:
        record.status, record.bytes = whole.status, len(whole.body)
        exchange.answer(whole.status, whole.head + _ID_LINE % record.id.encode(), whole.body)
        self._note(record)

    def _apply(self, visit: _Visit, begun: Environ) -> None:
        """Have the application answer."""
        task = asyncio.get_running_loop().create_task(self._run(visit, begun))
        self._tasks.add(task)
        task.add_done_callback(partial(self._end, visit))

    async def _run(self, visit: _Visit, begun: Environ) -> None:
        exchange, known = visit.exchange, {RECORD_KEY: visit.record, CALLER_KEY: visit.caller}
        async with self._room:
            whole = await self._bridge(exchange.scope, exchange.receive, exchange.send, begun | known)
        self._keep(visit.key, whole)

    def _end(self, visit: _Visit, task: asyncio.Task[None]) -> None:
        """Write the line of a request; break the connection if its answer is not whole."""
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, BrokenAnswerError):
            log.error("a request failed", exc_info=error)
        if not visit.exchange.is_over:
            visit.exchange.break_off()
        self._note(visit.record)

    def _keep(self, key: Key | None, whole: Whole | None) -> None:
        if self._kept and key and whole is not None:
            self._kept.keep(key, whole)

    def _caller(self, scope: Message, manner: Manner) -> Caller:
        return Caller(name_client(scope["client"][0], manner.forwarded, proxies=self._proxies))
