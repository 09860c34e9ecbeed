"""What a request to /validate brings: files, and how they are to be checked.

Files come as the body itself, named by its media type, or as parts of multipart/form-data (RFC 7578) with
the file names that they have; parameters come in the address or as other parts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from types import MappingProxyType

from flask import request
from pyoxigraph import NamedNode
from werkzeug.datastructures import FileStorage, MultiDict

from gcm.errors import QueryError, SourceError, UnsupportedBodyError
from gcm.given import SUFFIXES, Form, Given, Place, TableAbout
from gcm.syntax import form_of
from gcm.validate.mend import with_edit
from gcm.validate.options import PROFILES, STRICT, Options
from gcm.validate.report import Result, problem
from gcm.vocab import expand
from gcm.web import carrying
from gcm.web.knowledge import fields, proposed_forms
from gcm.web.protocol import FORM
from gcm.web.requests import check_coding
from gcm.web.versions import site

MULTIPART = "multipart/form-data"

#: Media types that say nothing of the syntax: it is told by the name, or by how the text begins.
_UNTOLD = frozenset({"", "text/plain", "application/octet-stream"})

#: What pasted text is called where it has no name, before the end that tells its syntax.
PASTED = "pasted"

#: The media types of a body, for Accept-Post (W3C Linked Data Platform section 7.1).
BODY_TYPES = ", ".join([*(form.value for form in Form), MULTIPART, FORM])

_SUFFIX_OF: Mapping[Form, str] = MappingProxyType({form: end for end, form in reversed([*SUFFIXES.items()])})

_CHARSETS: Mapping[str, str] = MappingProxyType({"utf-8": "", "utf8": "", "us-ascii": ""})


@dataclass(frozen=True)
class Submission:
    """The files to be checked, how, and what is wrong with those whose syntax nobody can tell."""

    given: tuple[Given, ...]
    options: Options
    unknown: tuple[Result, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    is_edited: bool = False


def read_submission() -> Submission:
    """Read what this request brings; nothing may be there yet.

    Raises QueryError for a parameter that means nothing, UnsupportedBodyError for a body of another type.
    """
    limit = int(site().limits.upload_bytes)
    request.max_content_length = request.max_form_memory_size = limit
    check_coding(request.headers)
    parameters, is_edited = MultiDict(request.args), False
    if request.mimetype in (MULTIPART, FORM):
        parameters.update(request.form)
        now = carried_files(parameters)
        found = [*now, *_uploaded(parameters), *_pasted(parameters)]
        is_edited = now != tuple(_carried(parameters))
    else:
        found = [*_raw(parameters)]
    given = tuple(each for each in found if isinstance(each, Given))
    unknown = tuple(each for each in found if isinstance(each, Result))
    return Submission(_with_names(given), _options(parameters), unknown, parameters.to_dict(), is_edited)


def _with_names(given: tuple[Given, ...]) -> tuple[Given, ...]:
    """Give each file a name of its own: `a.ttl`, `a (2).ttl`."""
    seen: dict[str, int] = {}
    named = []
    for each in given:
        seen[each.name] = seen.get(each.name, 0) + 1
        path, number = PurePath(each.name), seen[each.name]
        named.append(each if number == 1 else replace(each, name=f"{path.stem} ({number}){path.suffix}"))
    return tuple(named)


def _raw(parameters: MultiDict[str, str]) -> Iterator[Given]:
    """Read a body that is one file. Raises UnsupportedBodyError if it is in no syntax that we read."""
    data = request.get_data()
    if not data.strip():
        return
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in _CHARSETS:
        raise UnsupportedBodyError("The charset of the body is another one. Send UTF-8.")
    name = parameters.get("name", "")
    try:
        if request.mimetype in _UNTOLD:
            form = form_of(name, None, data)
        else:
            form = form_of("", request.mimetype, b"")
    except SourceError:
        message = f"This address does not read such a body. Send one of these types: {BODY_TYPES}."
        raise UnsupportedBodyError(message) from None
    yield Given(name or "body", data, form, table_about(form, parameters))


def _uploaded(parameters: MultiDict[str, str]) -> Iterator[Given | Result]:
    for part in request.files.getlist("file"):
        if part.filename:
            yield _part(part, parameters)


def _part(part: FileStorage, parameters: MultiDict[str, str]) -> Given | Result:
    """Read one part; a browser's guess at the type of a file counts less than the end of its name."""
    data, name = part.read(), part.filename or ""
    try:
        form = form_of(name, None if part.mimetype in _UNTOLD else part.mimetype, data)
    except SourceError as error:
        return problem(error.reason, Place(name))
    return Given(name, data, form, table_about(form, parameters))


def _pasted(parameters: MultiDict[str, str]) -> Iterator[Given]:
    """Read the text of a form, whose lines browsers end with CR LF (HTML Standard section 4.10.22.4).

    A text that looks like nothing is read as Turtle, so that its first mistake is shown in it.
    """
    text = parameters.get("text", "").replace("\r\n", "\n")
    if text.strip():
        name, data = parameters.get("name", ""), text.encode()
        try:
            form = form_of(name, parameters.get("syntax") or None, data)
        except SourceError:
            form = Form.TURTLE
        yield Given(name or f"{PASTED}{_SUFFIX_OF[form]}", data, form, table_about(form, parameters))


def _carried(parameters: MultiDict[str, str]) -> Iterator[Given]:
    """Read the files that an earlier page carries; together they must not be too large either."""
    left = int(site().limits.upload_bytes)
    for written in parameters.getlist("kept"):
        file = carrying.unpack(written, at_most=left)
        left -= len(file.data)
        yield replace(file, about=table_about(file.form, parameters))


def carried_files(parameters: MultiDict[str, str]) -> tuple[Given, ...]:
    """Read the files that an earlier page carries, as they were changed in its text areas.

    Raises QueryError for a damaged one, LimitError if they are too large.
    """
    return tuple(_edited(each, number, parameters) for number, each in enumerate(_carried(parameters)))


def _edited(file: Given, number: int, parameters: MultiDict[str, str]) -> Given:
    """Take what was changed in the text area of a file that a page carries."""
    text = parameters.get(f"edited-{number}")
    return file if text is None else with_edit(file, text)


def table_about(form: Form, parameters: MultiDict[str, str]) -> TableAbout | None:
    """Say what a table does not say of itself: its class, and the header of its dataset."""
    kind = parameters.get("as", "")
    if kind and fields().named(kind) is None:
        known = ", ".join(each.name for each in proposed_forms())
        raise QueryError(f"There is no kind “{kind}” of things. Take one of: {known}.")
    header = parameters.get("header", "").strip()
    return TableAbout(kind, header) if form.is_table and (kind or header) else None


def _options(parameters: MultiDict[str, str]) -> Options:
    profile = parameters.get("profile") or STRICT
    if profile not in PROFILES:
        raise QueryError(f"There is no profile “{profile}”. Take one of: {', '.join(PROFILES)}.")
    return Options(
        profile=profile,
        shapes=tuple(_iri(each) for each in parameters.getlist("shape") if each),
        nodes=tuple(_node(each) for each in parameters.getlist("node") if each),
        with_datasets=False,
    )


def _node(written: str) -> str:
    try:
        return NamedNode(_iri(written)).value
    except ValueError:
        raise QueryError(f"“{written}” is no IRI. Write one as “node”, or leave it out.") from None


def _iri(written: str) -> str:
    """Read an IRI that may be written with one of our prefixes; a name of a check stays what it is."""
    found = expand(written)
    return found.value if found else written
