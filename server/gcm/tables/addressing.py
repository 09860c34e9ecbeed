"""Which thing each row is about: the address that it names, or a new one by the rule of its class."""

from collections.abc import Sequence

from pyoxigraph import NamedNode

from gcm.fields.mint import CODE, Minter, Rule
from gcm.fields.names import Names
from gcm.tables.description import Description
from gcm.tables.problem import Problem
from gcm.tables.rows import Row
from gcm.vocab import expand, shorten


def address_rows(rows: Sequence[Row], description: Description, names: Names) -> None:
    """Find or make the address of each row, and say in its problems why there is none.

    Addresses that rows name are taken before any are made.
    """
    rule = Rule(description.kind, names.rule_of(description.cls) or "{number}")
    first: dict[NamedNode, Row] = {}
    for row in (each for each in rows if each.identifier):
        row.iri = _named(row, description)
        if row.iri is not None:
            _look_at(row, row.iri, rule, description, names, first.setdefault(row.iri, row))
    taken = names.addresses | {each.value for each in first}
    minter = Minter(rule, taken)
    for row in (each for each in rows if not each.identifier):
        row.iri = _made(row, rule, minter, taken=taken, description=description)
        if row.iri is not None:
            _look_at(row, row.iri, rule, description, names, first.setdefault(row.iri, row))


def _named(row: Row, description: Description) -> NamedNode | None:
    """Read the identifier of a row: the last step of an address, or the whole, in any way to write it."""
    kind = description.kind
    address = description.start
    starts = (address, address.replace("https:", "http:"), f"/id/{kind}/", f"{kind}:", f"{kind}/")
    text = row.identifier
    last = next((text.removeprefix(each) for each in starts if text.startswith(each)), text)
    if CODE.fullmatch(last):
        return NamedNode(description.start + last)
    row.problems.append(
        Problem(
            row.place,
            f"“{text}” is no identifier of this kind.",
            f"Write what stands behind {kind}/ in its address: letters, digits, hyphens and dots.",
            value=text,
        )
    )
    return None


def _made(
    row: Row, rule: Rule, minter: Minter, *, taken: frozenset[str], description: Description
) -> NamedNode | None:
    minted = minter.mint(row.values())
    if minted is None:
        expected = f"Write one, or fill in what it is made of, once: {_parts(rule, description)}."
        row.problems.append(Problem(row.place, "This row has no identifier, and none can be made.", expected))
        return None
    if not minted.is_number and minted.iri.value in taken:
        message = f"By its identifier, this row is about {shorten(minted.iri)}, which is there already."
        row.problems.append(Problem(row.place, message, severity="info", focus=minted.iri))
    return minted.iri


def _look_at(
    row: Row, iri: NamedNode, rule: Rule, description: Description, names: Names, first: Row
) -> None:
    """Say what is odd about the address of a row."""
    kinds = names.types(iri)
    if first is not row:
        row.problems.append(
            Problem(
                row.place,
                f"{shorten(iri)} is here twice: the other row is at {first.place}.",
                "Join the two rows, or give one another identifier.",
                focus=iri,
            )
        )
    elif kinds and kinds.isdisjoint(names.classes_below([description.cls])):
        labels = ", ".join(sorted(names.label_of(each) for each in kinds))
        message = f"{shorten(iri)} is there already, as: {labels}."
        row.problems.append(Problem(row.place, message, "Take another identifier.", focus=iri))
    elif not kinds and not rule.allows(iri, row.values()):
        expected = f"It is made of {_parts(rule, description)}: leave the cell empty to have one made."
        row.problems.append(
            Problem(row.place, f"{shorten(iri)} does not follow the rule.", expected, focus=iri)
        )


def _parts(rule: Rule, description: Description) -> str:
    """Say in words of what addresses are made: the columns, a running number, a public code."""
    words = {"number": "the next number", "code": "a public code"}
    predicates = {part: expand(part) for part in rule.parts}
    columns = {part: description.columns_of(each) for part, each in predicates.items() if each is not None}
    titles = {part: f"“{found[0].title}”" for part, found in columns.items() if found}
    return ", ".join(words.get(part) or titles.get(part, part) for part in rule.parts)
