"""How pages write what is proposed or was changed: names and values of others, made visible, with links."""

from collections.abc import Sequence

from flask import g
from markupsafe import Markup

from gcm.describe import Link, Text, document_of
from gcm.describe.changed import ThingChange
from gcm.vocab import path_of
from gcm.web.in_words import headline, join, revealed
from gcm.web.reading import graph, href, is_outside, language
from gcm.web.texts import texts_in
from gcm.web.words import fill, write_address, write_text


def write_proposed(value: Link | Text) -> Markup:
    """Write a name or value; what the graph does not know leads into the preview, if there is one."""
    shown = revealed(value)
    if isinstance(shown, Text):
        return write_text(shown)
    return write_address(_address(shown), shown.name, is_external=is_outside(shown.iri))


def _address(link: Link) -> str:
    path = path_of(document_of(link.iri))
    if path is None or graph().knows(link.iri):
        return href(link.iri)
    root = g.get("preview_root", "")
    return f"{root}{path}" if root else ""


def write_all_proposed(values: Sequence[Link | Text]) -> Markup:
    """Write names or values with commas, and “and” before the last."""
    return Markup(join([write_proposed(each) for each in values], texts_in(language()), fill=fill))  # escaped


def write_headline(thing: ThingChange) -> Markup:
    """Write in a sentence what happens to a thing."""
    return Markup(
        headline(thing, texts_in(language()), show=write_proposed, fill=fill)
    )  # every part is escaped
