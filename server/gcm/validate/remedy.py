"""Mechanical remedies: what to change in a statement, before it is known where that is written."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple


@dataclass(frozen=True)
class ReplaceObject:
    """Write another value.

    As in all remedies, `title` says in words what it does, and `statement` is the statement to change: None
    for the one that the finding blames.
    """

    title: str
    new: NamedNode | Literal
    statement: Triple | None = None


@dataclass(frozen=True)
class ReplacePredicate:
    """Write another property."""

    title: str
    new: NamedNode
    statement: Triple | None = None


@dataclass(frozen=True)
class ReplaceSubject:
    """Say it, and all else that stands in the same block, of another thing."""

    title: str
    new: NamedNode
    statement: Triple | None = None


@dataclass(frozen=True)
class Remove:
    """Take the statement away."""

    title: str
    statement: Triple | None = None


@dataclass(frozen=True)
class Add:
    """Say one thing more of the node that the finding is about."""

    title: str
    predicate: NamedNode
    object: NamedNode | Literal


@dataclass(frozen=True)
class SwapValues:
    """Exchange the values of the statement and of `other`: an end and a beginning."""

    title: str
    other: Triple
    statement: Triple | None = None


@dataclass(frozen=True)
class TurnRound:
    """Exchange the subject and the value of the statement."""

    title: str
    statement: Triple | None = None


Remedy = ReplaceObject | ReplacePredicate | ReplaceSubject | Remove | Add | SwapValues | TurnRound
