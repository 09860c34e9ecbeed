"""How pages write what is proposed or was changed: names and values of others, made visible, with links."""

from collections.abc import Sequence

from flask import Blueprint, g
from markupsafe import Markup

from gcm.describe import Link, Text, ThingChange, document_of
from gcm.vocab import path_of
from gcm.web.in_words import headline, join, reveal, revealed
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


def register(blueprint: Blueprint) -> None:
    """Make all this known to the templates of the application."""
    blueprint.add_app_template_filter(write_proposed, "proposed")
    blueprint.add_app_template_filter(write_all_proposed, "proposed_all")
    blueprint.add_app_template_filter(write_headline, "headline")
    blueprint.add_app_template_filter(reveal, "reveal")
    blueprint.add_app_template_filter(path_of, "own_path")
