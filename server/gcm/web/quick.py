"""The quick way to the answer of a short query: on the event loop, without the framework.

It takes the most frequent requests alone: GET /sparql with one plain query, whose answer is short and comes
at once. It answers as the long way does, field for field (a test holds both equal), and leaves all else to
it: whatever is unusual, wrong or slow. What a worker has begun is not lost by that: the long way goes on.
"""

import asyncio
from binascii import a2b_qp
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import get_ident
from typing import NamedTuple

from gcm.errors import GcmError, NotAcceptableError
from gcm.limits import Limits
from gcm.query import QUICK_SECONDS, Answer, Caller, Kind, Pool, Question, Ticket, outline_at_a_glance
from gcm.web import SECURITY_HEADERS
from gcm.web.awake import Awake
from gcm.web.compression import ENCODERS, LEAST_BYTES, encode_whole, marked
from gcm.web.exchange import Message, write_fields
from gcm.web.kept import Whole
from gcm.web.manner import Manner
from gcm.web.memento import relations
from gcm.web.negotiate import Offer, choose, choose_coding
from gcm.web.protocol import BODY_TYPES, Asked
from gcm.web.reading import REPEATED_BYTES, written_query
from gcm.web.record import Record
from gcm.web.requests import is_host
from gcm.web.sharing import SHARED
from gcm.web.sparql import BEGUN, OFFERS, prefers_page, table_type, tag_of, usable_offers
from gcm.web.versions import SERVING, Serving, Site, Stamp

PATH = b"/sparql"

#: Fields that make a request more than plain.
_UNUSUAL = frozenset(
    {
        b"accept-datetime",
        b"content-length",
        b"expect",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"if-unmodified-since",
        b"range",
        b"transfer-encoding",
    }
)

#: What every answer of the endpoint says, whatever was asked.
_CONSTANT = write_fields(
    (name.lower().encode(), value.encode())
    for name, value in {
        "Accept-Post": BODY_TYPES,
        "Accept-Query": BODY_TYPES,
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Encoding, Accept-Datetime",
        **SECURITY_HEADERS,
        **SHARED,
    }.items()
)


@dataclass(frozen=True)
class Form:
    """The form of an answer: what is on offer, its coding, and the header fields that follow from it."""

    offer: Offer
    coding: str | None
    media_type: str  # as the engine calls it
    head: bytes


class Plan(NamedTuple):
    """A plain query and the form of its answer."""

    asked: Asked
    form: Form
    query_string: bytes


class Quick:
    """Answers plain queries on the event loop."""

    def __init__(self, site: Site, limits: Limits) -> None:
        self._site = site
        self._limits = limits
        self._awake = Awake()

    def plan(self, scope: Message, manner: Manner) -> Plan | None:
        """Read a request; None if the long way must answer it."""
        if scope["raw_path"] != PATH or scope["method"] != "GET" or manner.size > self._limits.header_bytes:
            return None
        if not _is_plain(manner):
            return None
        text = _only_query(scope["query_string"])
        outline = outline_at_a_glance(text, limits=self._limits)
        form = _form(manner, outline.kind) if outline else None
        return Plan(Asked(text), form, scope["query_string"]) if form else None

    def begin(self, plan: Plan, caller: Caller, stamp: Stamp | None, end: Callable[["Errand"], None]) -> None:
        """Have a worker answer; `end` is told when it has, or when that takes too long."""
        serving = self._site.ready(stamp or self._site.stamp())
        errand = Errand(plan, caller, serving, self._awake, end)
        if serving is not None and isinstance(serving.pool, Pool):
            errand.ask(serving.pool)
        else:
            errand.end()


class Errand:
    """A plain query on its way to a worker and back. For the thread of the event loop only.

    What takes longer than a moment the long way goes on with, from where it has come.
    """

    def __init__(
        self,
        plan: Plan,
        caller: Caller,
        serving: Serving | None,
        awake: Awake,
        end: Callable[["Errand"], None],
    ) -> None:
        self._plan = plan
        self._caller = caller
        self._serving = serving
        self._awake = awake
        self._end = end
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._timer: asyncio.TimerHandle | None = None
        self._ticket: Ticket | None = None  # there while it stands in line; it knows the errand, too
        self._answer: Answer | None = None
        self._source = -1  # the descriptor that is listened to
        self._is_over = False

    def ask(self, pool: Pool) -> None:
        """Ask a worker, or stand in line for one."""
        try:
            self._ticket = pool.stand_in_line(self._caller, lambda: self._ring(pool))
        except GcmError:
            self.end()  # the long way says which limit it is
            return
        self._timer = self._loop.call_later(QUICK_SECONDS, self._give_up, pool)
        if self._ticket.is_served:
            self._ask_served(pool)

    def _ring(self, pool: Pool) -> None:
        """Learn, in any thread, that a worker is free; most often in this one, as it has just answered."""
        here = get_ident() == self._thread
        (self._loop.call_soon if here else self._loop.call_soon_threadsafe)(self._ask_served, pool)

    def _ask_served(self, pool: Pool) -> None:
        ticket, self._ticket = self._ticket, None
        question = Question(self._plan.asked.text, self._plan.form.media_type)
        self._answer = pool.ask_served(ticket, question, is_alone=self._awake.is_free) if ticket else None
        if self._answer is None:
            self.end()
            return
        self._source = self._answer.source
        self._loop.add_reader(self._source, self._listen, self._answer)
        self._awake.begin(self._loop)

    def _listen(self, answer: Answer) -> None:
        if answer.listen() is not None:  # no other errand can have its worker before the loop turns
            self.end()

    def _give_up(self, pool: Pool) -> None:
        if self._ticket is None or pool.step_out(self._ticket):
            self._ticket = None
            self.end()
        else:  # its turn has come just now
            self._timer = self._loop.call_later(QUICK_SECONDS, self._give_up, pool)

    def end(self) -> None:
        """Say that this is as far as it goes."""
        if self._is_over:
            return
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()
        if self._source >= 0:
            self._loop.remove_reader(self._source)
            self._awake.end()
        self._end(self)

    @property
    def is_answered(self) -> bool:
        """Whether all of the answer is here."""
        return self._answer is not None and self._answer.whole is not None

    def close(self) -> None:
        """Throw away what has been answered: the client has gone."""
        if self._answer is not None:
            self._answer.close()

    def begun(self) -> dict[str, object]:
        """Give what the long way needs to go on."""
        return {} if self._answer is None else {SERVING: self._serving, BEGUN: self._answer}

    def write(self, record: Record) -> Whole | None:
        """Write the answer; None if it is not here."""
        if self._serving is None or self._answer is None:
            return None
        record.ask(self._plan.asked.text)
        if self._answer.whole is None:
            return None
        plan, rows = self._plan, self._answer.rows  # not the answer itself, which the record would keep
        version = self._serving.version.id
        record.route, record.version, record.rows = "/sparql", version, lambda: rows
        body, tag = self._answer.whole, tag_of(version, plan.asked, plan.form.offer)
        coding = plan.form.coding if len(body) >= LEAST_BYTES else None
        if coding:
            body, tag = encode_whole(body, coding), marked(tag, coding)
        own = f"content-length: {len(body)}\r\netag: {tag}\r\ngcm-version: {version}\r\n"
        own += f"content-encoding: {coding}\r\n" if coding else ""
        head = own.encode() + plan.form.head + _links(plan)
        return Whole(200, head, body, record, has_validator=True)


@lru_cache(maxsize=256)
def _is_plain(manner: Manner) -> bool:
    """Tell whether nothing in the header fields is unusual."""
    fields = dict(manner.fields)
    is_single = len(fields) == len(manner.fields) and _UNUSUAL.isdisjoint(fields)
    return is_single and is_host(manner.value(b"host"))


@lru_cache(maxsize=256)
def _form(manner: Manner, kind: Kind | None) -> Form | None:
    """Choose the form of an answer; None if the reader prefers a page, or accepts none of what there is."""
    accept = dict(manner.fields).get(b"accept")
    wanted = None if accept is None else accept.decode("latin-1")
    if prefers_page(wanted):
        return None
    try:
        offer = choose(wanted, usable_offers(OFFERS[kind]))
    except NotAcceptableError:
        return None
    coding = choose_coding(manner.value(b"accept-encoding"), tuple(ENCODERS))
    head = write_fields([(b"content-type", offer.content_type.encode())]) + _CONSTANT
    return Form(offer, coding, table_type(offer, kind), head)


def _only_query(query_string: bytes) -> str:
    """Give the query of an address that holds nothing else; "" if there is more, or less.

    Percent-encoding differs from quoted-printable (RFC 2045 section 6.7) by its sign alone, and that is
    decoded in a fifth of the time. Line breaks, which mean something there, no address holds.
    """
    if not query_string.startswith(b"query=") or b"&" in query_string or not query_string.isascii():
        return ""
    encoded = query_string.removeprefix(b"query=").replace(b"+", b" ").replace(b"=", b"%3D")
    decoded = a2b_qp(encoded.replace(b"%", b"="))
    if len(decoded) != len(encoded) - 2 * encoded.count(b"%"):  # some sign of encoding begins none
        return ""
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        return ""


def _links(plan: Plan) -> bytes:
    if len(plan.query_string) > REPEATED_BYTES:
        return b""
    query = written_query(plan.query_string)
    link = relations(f"/sparql?{query}", f"/timemap/sparql?{query}")
    return f"content-location: /sparql.{plan.form.offer.suffix}?{query}\r\nlink: {link}\r\n".encode()
