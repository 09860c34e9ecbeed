"""What a curator sends: a file as the body, or files and text in a form; and what they say of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from gcm.errors import DeskError, LimitError, SourceError, SubmissionError
from gcm.given import Given
from gcm.syntax import form_of
from gcm.web.protocol import FORM
from gcm.web.submission import MULTIPART, carried_files, table_about
from gcm.web.versions import site

#: Digits of a number of a proposal that is looked for.
_LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Sent:
    """Files, and what is said of them."""

    given: tuple[Given, ...]
    title: str
    comment: str
    replaces: int | None


def read_submission() -> Sent:
    """Read the body of the request, and its parameters: fields of the form, or of the address.

    Raises SubmissionError if the syntax of a file cannot be told, DeskError if there is none, LimitError if
    one is too large.
    """
    given = tuple(_read_files())
    if not given:
        raise DeskError("Nothing was sent. Send a file as the body, or in a form as “file” or “text”.")
    return Sent(given, _said("title"), _said("comment"), _number("replaces"))


def _read_files() -> Iterator[Given]:
    if request.mimetype not in (MULTIPART, FORM):
        data = request.get_data()
        if data:
            yield _given(_said("name") or "body", request.mimetype, data)
        return
    yield from carried_files(MultiDict(request.form))  # of the report on which they were checked
    for files in request.files.listvalues():
        for each in files:
            data = each.read()
            if each.filename or data:
                yield _given(each.filename or "file", each.mimetype, data)
    text = request.form.get("text", "")
    if text.strip():
        yield _given("pasted text", request.form.get("syntax") or "text/turtle", text.encode())


def _given(name: str, media_type: str, data: bytes) -> Given:
    most = site().limits.upload_bytes
    if len(data) > most:
        raise LimitError(f"{name} has more than {most:,.0f} bytes. Send less.", limit="upload_bytes")
    try:
        form = form_of(name, media_type, data)
    except SourceError as error:
        raise SubmissionError(error.reason, file=name) from None
    return Given(
        name, data, form, table_about(form, MultiDict({each: _said(each) for each in ("as", "header")}))
    )


def _said(name: str) -> str:
    return request.form.get(name, "") or request.args.get(name, "")


def _number(name: str) -> int | None:
    text = _said(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise DeskError(f"“{name}” is the number of a proposal; “{text[:20]}” is none.")
    return int(text)
