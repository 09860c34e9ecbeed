"""How words, numbers and links are written in pages; what every template can use."""

from collections.abc import Callable, Sequence
from urllib.parse import quote, urlencode

from flask import Flask, g, request
from markupsafe import Markup, escape

from gcm.describe import DATES, Link, Origin, Text, designation_notes, is_noted
from gcm.errors import StoreError
from gcm.query import OpenVersion
from gcm.vocab import PREFIXES, path_of, shorten
from gcm.web.late import Late
from gcm.web.pinned import is_pinned, mount_point
from gcm.web.reading import PATH_SIGNS, graph, href, is_outside, language, local, with_query
from gcm.web.texts import LANGUAGES, texts_in
from gcm.web.versions import site

_XSD = PREFIXES["xsd"]

#: Datatypes of numbers, whose digits a page groups.
_NUMBERS = frozenset(_XSD + name for name in ("decimal", "integer", "double"))

#: Filters that only pages of proposals and histories use.
_OF_CHANGES = {
    "proposed": Late("change_words", "write_proposed"),
    "proposed_all": Late("change_words", "write_all_proposed"),
    "headline": Late("change_words", "write_headline"),
    "reveal": Late("in_words", "reveal"),
}


def write_text(text: Text) -> Markup:
    """Write words in their language; the language is shown if it is not the reader's."""
    words = text.text
    if text.datatype in DATES:
        return Markup(f'<time datetime="{escape(words)}">{escape(words)}</time>')  # escaped
    tag = f' lang="{escape(text.language)}"' if text.language else ""
    shown = f'<span{tag} dir="auto">{escape(_readable(text))}</span>{_mark(words)}'
    if text.is_fallback:
        shown += f' <span class="tag" aria-hidden="true">{escape(text.language)}</span>'
    return Markup(shown)  # every part is escaped


def write_link(link: Link) -> Markup:
    """Write a link to a thing, by its name."""
    return write_address(href(link.iri), link.name, is_external=is_outside(link.iri))


def write_address(address: str, name: Text, *, is_external: bool = False) -> Markup:
    """Write a link to an address; one to another host says so; without an address, only the words."""
    if not address:
        return write_text(name)
    relation = ' rel="external noopener" class="outside"' if is_external else ""
    return Markup(f'<a href="{escape(address)}"{relation}>{write_text(name)}</a>')  # escaped


def write_value(value: Link | Text) -> Markup:
    """Write the value of a property."""
    return write_link(value) if isinstance(value, Link) else write_text(value)


def write_origins(
    write: Callable[[Sequence[Origin], Sequence[Origin]], Markup],
    origins: Sequence[Origin],
    numbered: Sequence[Origin],
) -> Markup:
    """Write who says so, by a macro, once for each page: most of its statements have the same source."""
    written: dict[tuple[object, ...], Markup] = g.setdefault("origins", {})
    key = (bool(numbered), *(each.dataset.iri for each in origins))
    if key not in written:
        written[key] = write(origins, numbered)
    return written[key]


def fill(sentence: str, *places: object, **parts: object) -> Markup:
    """Write a sentence with its parts in their places; what is not markup is escaped."""
    return Markup(escape(sentence)).format(*places, **parts)  # escaped, and format escapes the parts


def grouped(number: str | int) -> str:
    """Write a number with its digits in groups of three, as the reader's language does."""
    whole, point, fraction = str(number).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if not digits.isdigit() or len(digits) < 4:
        return str(number)
    separator = "," if language() == "en" else "\u202f"
    return sign + f"{int(digits):,}".replace(",", separator) + point + fraction


def register(app: Flask) -> None:
    """Make all this, and the words of changes, known to the templates of the application."""
    app.add_template_filter(write_text, "text")
    app.add_template_filter(write_link, "link")
    app.add_template_filter(write_value, "value")
    app.add_template_filter(href)
    app.add_template_filter(fill)
    app.add_template_filter(grouped)
    app.add_template_filter(shorten)
    app.add_template_filter(path_of, "own_path")
    app.add_template_global(write_address, "address")
    app.add_template_global(write_origins, "once")
    app.context_processor(_context)
    for name, write in _OF_CHANGES.items():
        app.add_template_filter(write, name)


def _readable(text: Text) -> str:
    is_number = text.datatype is not None and text.datatype.value in _NUMBERS
    return grouped(text.text) if is_number else text.text


def _mark(words: str) -> str:
    """Give the mark of the designation note for words that need it, and have the page end with the note."""
    if not is_noted(graph(), words):
        return ""
    g.is_noted = True
    return "" if "*" in words else '<sup class="mark">*</sup>'


def _context() -> dict[str, object]:
    return {
        "language": language(),
        "languages": LANGUAGES,
        "local": local,
        "say": texts_in(language()),
        "version": _version(),
        "is_pinned": is_pinned(),
        "preview_number": request.environ.get("gcm.preview"),
        "mount": mount_point(),
        "newest": _newest,
        "notes": _notes,
        "in_language": _in_language,
    }


def _version() -> OpenVersion | None:
    """Give the version being served; None on the page that says that there is none."""
    try:
        return site().version()
    except StoreError:
        return None


def _notes() -> tuple[Text, ...]:
    """Give the designation notes if something above was marked; to be asked at the end of a page."""
    return designation_notes(graph(), language=language()) if g.get("is_noted") else ()


def _newest() -> str:
    """Give the address of this page in whichever version is the newest."""
    return with_query(mount_point() + quote(request.path, safe=PATH_SIGNS))


def _in_language(tag: str) -> str:
    """Give the address of this page in another language."""
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"?{urlencode([*arguments, ('lang', tag)])}"
