"""The quick way to the answer of a short query: on the event loop, without the framework.

It takes the most frequent requests alone: GET /sparql with one plain query, whose answer is short and comes
at once. It answers as the long way does, field for field (a test holds both equal), and leaves all else to
it: whatever is unusual, wrong or slow. What a worker has begun is not lost by that: the long way goes on.
"""

import asyncio
import re
from binascii import a2b_qp
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from gcm.errors import GcmError, NotAcceptableError
from gcm.limits import Limits
from gcm.query import QUICK_SECONDS, Answer, Caller, Outline, Pool, Question, Ticket, outline_at_a_glance
from gcm.web import SECURITY_HEADERS
from gcm.web.compression import ENCODERS, LEAST_BYTES, encode_whole, marked
from gcm.web.kept import Whole
from gcm.web.memento import relations
from gcm.web.negotiate import Offer, choose, choose_coding
from gcm.web.protocol import BODY_TYPES, Asked
from gcm.web.reading import REPEATED_BYTES, written_query
from gcm.web.record import Record
from gcm.web.requests import is_host
from gcm.web.sharing import SHARED
from gcm.web.sparql import BEGUN, OFFERS, prefers_page, table_type, tag_of, usable_offers
from gcm.web.versions import SERVING, Serving, Site

Fields = Mapping[bytes, bytes]
Environ = MutableMapping[str, Any]  # Any: as in WSGI

PATH = b"/sparql"

#: A sign of percent-encoding that begins none, and what no address holds.
_NOT_ENCODED = re.compile(rb"%(?![0-9A-Fa-f]{2})|[\x00-\x20]")

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
_CONSTANT = tuple(
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
class Plan:
    """A plain query and the form of its answer."""

    asked: Asked
    outline: Outline
    offer: Offer
    coding: str | None
    query_string: bytes


class Quick:
    """Answers plain queries on the event loop."""

    def __init__(self, site: Site, limits: Limits) -> None:
        self._site = site
        self._limits = limits

    def plan(self, scope: MutableMapping[str, Any]) -> Plan | None:
        """Read a request; None if the long way must answer it."""
        if scope["raw_path"] != PATH or scope["method"] != "GET":
            return None
        fields = dict(scope["headers"])
        if len(fields) != len(scope["headers"]) or not _UNUSUAL.isdisjoint(fields):
            return None
        if not is_host(fields.get(b"host", b"").decode("latin-1")):
            return None
        length = sum(len(name) + len(value) for name, value in fields.items())
        return None if length > self._limits.header_bytes else self._plan(scope["query_string"], fields)

    def _plan(self, query_string: bytes, fields: Fields) -> Plan | None:
        text = _only_query(query_string)
        outline = outline_at_a_glance(text, limits=self._limits)
        accept = fields[b"accept"].decode("latin-1") if b"accept" in fields else None
        if outline is None or prefers_page(accept):
            return None
        try:
            offer = choose(accept, usable_offers(OFFERS[outline.kind]))
        except NotAcceptableError:
            return None
        coding = choose_coding(fields.get(b"accept-encoding", b"").decode("latin-1"), tuple(ENCODERS))
        return Plan(Asked(text), outline, offer, coding, query_string)

    async def answer(self, plan: Plan, caller: Caller, record: Record, environ: Environ) -> Whole | None:
        """Have a worker answer, if one is free soon and it does so soon.

        If not, None, and `environ` holds what the long way needs to go on.
        """
        serving = self._site.ready()
        pool = serving.pool if serving else None
        answer = await self._ask(plan, caller, pool) if isinstance(pool, Pool) else None
        if serving is None or answer is None:
            return None
        record.ask(plan.asked.text)
        if await _hear(answer):
            return self._write(plan, serving, answer, record)
        environ[SERVING], environ[BEGUN] = serving, answer
        return None

    async def _ask(self, plan: Plan, caller: Caller, pool: Pool) -> Answer | None:
        question = Question(plan.asked.text, table_type(plan.offer, plan.outline))
        try:
            ticket = await _turn(pool, caller)
        except GcmError:
            return None  # the long way says which limit it is
        return pool.ask_served(ticket, question) if ticket else None

    def _write(self, plan: Plan, serving: Serving, answer: Answer, record: Record) -> Whole:
        rows = answer.rows  # not the answer itself, which the record would keep
        record.route, record.version, record.rows = "/sparql", serving.version.id, lambda: rows
        body = answer.whole or b""
        tag = tag_of(serving.version.id, plan.asked, plan.offer)
        coding = plan.coding if len(body) >= LEAST_BYTES else None
        if coding:
            body, tag = encode_whole(body, coding), marked(tag, coding)
        headers = [
            (b"content-type", plan.offer.content_type.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"etag", tag.encode()),
            (b"gcm-version", serving.version.id.encode()),
            *_CONSTANT,
            *_links(plan),
            *([(b"content-encoding", coding.encode())] if coding else []),
        ]
        return Whole(200, headers, body, record)


def _only_query(query_string: bytes) -> str:
    """Give the query of an address that holds nothing else; "" if there is more, or less.

    Percent-encoding differs from quoted-printable (RFC 2045 section 6.7) by its sign alone, and that is
    decoded in a fifth of the time.
    """
    if not query_string.startswith(b"query=") or b"&" in query_string or not query_string.isascii():
        return ""
    encoded = query_string.removeprefix(b"query=")
    if _NOT_ENCODED.search(encoded):
        return ""
    spaced = encoded.replace(b"+", b" ").replace(b"=", b"%3D")
    try:
        return a2b_qp(spaced.replace(b"%", b"=")).decode()
    except UnicodeDecodeError:
        return ""


def _links(plan: Plan) -> list[tuple[bytes, bytes]]:
    if len(plan.query_string) > REPEATED_BYTES:
        return []
    query = written_query(plan.query_string)
    link = relations(f"/sparql?{query}", f"/timemap/sparql?{query}")
    return [
        (b"content-location", f"/sparql.{plan.offer.suffix}?{query}".encode()),
        (b"link", link.encode()),
    ]


async def _turn(pool: Pool, caller: Caller) -> Ticket | None:
    """Wait a moment for a worker. Raises LimitError if the caller asks too much, or too many wait."""
    loop = asyncio.get_running_loop()
    turn: asyncio.Future[bool] = loop.create_future()

    def ring() -> None:
        loop.call_soon_threadsafe(_settle, turn, True)

    ticket = pool.stand_in_line(caller, ring)
    if ticket.is_served:
        return ticket
    timer = loop.call_later(QUICK_SECONDS, _settle, turn, False)
    try:
        await turn
    finally:
        timer.cancel()
        has_left = pool.step_out(ticket)
    return None if has_left else ticket


async def _hear(answer: Answer) -> bool:
    """Wait a moment for an answer; tell whether all of it is there."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[bool] = loop.create_future()
    source = answer.source

    def listen() -> None:
        loop.remove_reader(source)  # before the worker may be somebody else's
        is_whole = None if outcome.done() else answer.listen()
        if is_whole is None:
            loop.add_reader(source, listen)
        else:
            _settle(outcome, is_whole)

    loop.add_reader(source, listen)
    timer = loop.call_later(QUICK_SECONDS, _settle, outcome, False)
    try:
        return await outcome
    finally:
        timer.cancel()
        if answer.whole is None:
            loop.remove_reader(source)


def _settle(future: "asyncio.Future[bool]", result: bool) -> None:
    if not future.done():
        future.set_result(result)
