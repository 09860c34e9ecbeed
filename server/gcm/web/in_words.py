"""Changes as sentences, in the reader's language: for pages and as plain text.

What is proposed is written by people who may mean harm: characters that cannot be seen, or that turn the
direction of what follows (Unicode Standard Annex 9), are written out, so that who decides sees them.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from gcm.describe import Link, Text
from gcm.describe.changed import ActorChanges, Deed, ThingChange, Topics
from gcm.vocab import TERM

Words = Mapping[str, str]

#: Letters of some scripts are joined or kept apart by these.
_JOINERS = "\u200c\u200d"

#: Where the pictures of control characters begin in Unicode.
_PICTURES = 0x2400

_SENTENCES = {Deed.NEW: "new_thing", Deed.CHANGED: "changed_thing", Deed.REMOVED: "removed_thing"}


def reveal(text: str) -> str:
    """Give a text with what cannot be seen written out: `⟨U+202E⟩`, `␀`; lines and tabulators stay."""
    return "".join(map(_reveal, text)) if not text.isprintable() else text


def _reveal(sign: str) -> str:
    kind = unicodedata.category(sign)
    if sign in "\n\t" or sign in _JOINERS or kind not in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp"):
        return sign
    if ord(sign) < ord(" "):
        return chr(_PICTURES + ord(sign))
    return f"⟨U+{ord(sign):04X}⟩"


def revealed(value: Link | Text) -> Link | Text:
    """Give a value to be shown, with what cannot be seen written out."""
    if isinstance(value, Link):
        return Link(value.iri, replace(value.name, text=reveal(value.name.text)))
    return replace(value, text=reveal(value.text))


def headline(
    thing: ThingChange, say: Words, *, show: Callable[[Link | Text], str], fill: Callable[..., str]
) -> str:
    """Say in a sentence what happens to a thing; `show` writes a name, `fill` puts parts into a sentence."""
    kind = " · ".join(reveal(each.name.text).lower() for each in thing.kinds) or say["thing_word"]
    topics = [_on(each, say, show=show, fill=fill) for each in thing.topics]
    sentence = say[_SENTENCES[thing.deed]]
    return fill(
        sentence, kind=kind, name=show(revealed(thing.thing)), topics=fill("{}" * len(topics), *topics)
    )


def _on(topics: Topics, say: Words, *, show: Callable[[Link | Text], str], fill: Callable[..., str]) -> str:
    parts = [show(revealed(each)) for each in topics.links]
    is_objective = topics.are_numbers and topics.kind.iri.value == f"{TERM}Objective"
    key = ("on_objectives" if len(parts) > 1 else "on_objective") if is_objective else "on_topics"
    return fill(say[key], topics=join(parts, say, fill=fill))


def join(parts: Sequence[str], say: Words, *, fill: Callable[..., str]) -> str:
    """Join parts as people do: 4, 5 and 7."""
    if len(parts) < 2:
        return fill("{}" * len(parts), *parts)
    separators = ["", *[", "] * (len(parts) - 2), f" {say['and']} "]
    pairs = [part for pair in zip(separators, parts, strict=True) for part in pair]
    return fill("{}" * len(pairs), *pairs)


def in_plain_words(groups: Iterable[ActorChanges], say: Words) -> str:
    """Write changes as lines of text: an actor, what happens to its things, and their properties."""
    return "".join(f"{line}\n" for group in groups for line in _group(group, say))


def _group(group: ActorChanges, say: Words) -> Iterable[str]:
    yield join([_plain(each) for each in group.actors], say, fill=str.format) or say["others"]
    for thing in group.things:
        yield "  " + headline(thing, say, show=_quoted, fill=str.format)
        for each in thing.properties:
            arrow = "→" if each.old and each.new else "+" if each.new else "−"
            sides = [", ".join(map(_quoted, values)) for values in (each.old, each.new) if values]
            yield f"    {arrow} {_plain(each.name)}: {' → '.join(sides)}"
        if thing.restated:
            yield f"    {say['restated']}"


def _plain(value: Link | Text) -> str:
    """Write a name or a value on one line."""
    shown = revealed(value)
    return " ".join((shown.name.text if isinstance(shown, Link) else shown.text).split())


def _quoted(value: Link | Text) -> str:
    is_word = isinstance(value, Link) or not value.datatype
    return f"“{_plain(value)}”" if is_word and not _plain(value).isdigit() else _plain(value)
