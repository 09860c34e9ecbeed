"""How Turtle-like texts are built: sentences, their predicates, and the values of these."""

from dataclasses import dataclass, field

from gcm.syntax.trace import Span, Term


@dataclass(slots=True, eq=False)
class Block:
    """One subject and all that is said of it in one go: a sentence, or what stands in square brackets.

    `opening` is the token of its subject, `close` the token that ends it: the dot, or the bracket.
    `has_more_subject` if its subject is brackets with something in them; `graph` is the name of N-Quads.
    """

    subject: Term | None
    opening: Span
    is_bracket: bool
    verbs: "list[Verb]" = field(default_factory=list)
    close: Span | None = None
    has_more_subject: bool = False
    graph: str = ""


@dataclass(slots=True, eq=False)
class Verb:
    """A predicate, its values, and the semicolons behind them: Turtle allows any number."""

    block: Block
    predicate: Term
    span: Span
    values: "list[Value]" = field(default_factory=list)
    semicolons: list[Span] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Value:
    """One value of a predicate, and the comma behind it if there is one; `is_nested` if it is in brackets."""

    verb: Verb
    span: Span
    is_nested: bool = False
    comma: Span | None = None


@dataclass(slots=True, eq=False)
class Cells:
    """A collection that is being read: where it begins, its first cell and its last so far."""

    begin: int
    head: Term | None = None
    cell: Term | None = None


@dataclass(slots=True, eq=False)
class Member:
    """A member of a collection: it can be another, but neither go nor have another predicate."""

    span: Span
    is_nested: bool = False
