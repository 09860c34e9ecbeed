"""The dataset that records publications: how it begins."""

import tomllib
from importlib import resources
from pathlib import Path

from gcm.desk import Desk
from gcm.desk.record import taken_away, touched
from gcm.desk.statements import read_statements
from gcm.desk.submission import PUBLICATIONS
from gcm.desk.values import Change
from gcm.turtle import canonical_text
from gcm.vocab import DATASET, PREFIXES, TERM, THING
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from tests.desk_world import NOTE, ONE, OTHER_PLEDGE, PLEDGE, THREE, TWO, add_note

ROOT = Path(__file__).parents[2]
TEXT = resources.files("gcm.desk").joinpath("publications.ttl").read_text("utf-8")


def test_its_beginning_is_canonical_and_of_this_version() -> None:
    assert canonical_text(TEXT, path=Path("publications.ttl")) == TEXT
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    conforms = NamedNode(PREFIXES["dcterms"] + "conformsTo")
    assert Triple(PUBLICATIONS, conforms, NamedNode(TERM + version)) in read_statements(TEXT)


def test_it_holds_handles_and_nothing_else_of_persons(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("new"), title="by somebody", comment="words")
    desk.approve(TWO, 1, comment="more words")
    desk.approve(THREE, desk.revert(TWO, 1).number)
    text = desk.texts().get(PUBLICATIONS, "")
    curators = {each.subject for each in read_statements(text) if "/curator/" in str(each.subject)}
    assert curators == {each.iri for each in (ONE, TWO, THREE)}
    assert "words" not in text
    assert "somebody" not in text


def test_a_publication_that_leaves_nothing_names_the_record() -> None:
    text = "<https://w3id.org/gcm/id/pledge/1> <http://www.w3.org/2004/02/skos/core#note> 'new' ."
    gone = Change(PUBLICATIONS, text, "")
    assert touched([gone]) == (PUBLICATIONS,)
    assert touched([Change(PUBLICATIONS, "", text)]) == (PUBLICATIONS, NamedNode(f"{THING}pledge/1"))


def test_what_no_dataset_says_more_of_is_taken_away() -> None:
    one, other = (NamedNode(DATASET + name) for name in ("one", "other"))
    first, second = (
        f"<{PLEDGE.value}> <{NOTE.value}> 'new' .",
        f"<{OTHER_PLEDGE.value}> <{NOTE.value}> 'new' .",
    )
    said = [(triple, one) for triple in read_statements(f"{first} {second}")]
    said += [(triple, other) for triple in read_statements(second)]
    store = Store()
    for each, graph in said:
        store.extend(
            Quad(each.subject, each.predicate, each.object, name) for name in (graph, DefaultGraph())
        )
    assert taken_away([Change(one, f"{first} {second}", "")], store) == (one, PLEDGE)
    assert taken_away([Change(one, f"{first} {second}", second)], store) == (PLEDGE,)
    moved = [Change(one, f"{first} {second}", second), Change(other, second, f"{first} {second}")]
    assert taken_away(moved, store) == ()
    less = f"{first} <{PLEDGE.value}> <{NOTE.value}> 'more' ."
    assert taken_away([Change(one, less, first)], store) == ()  # something is left of it
