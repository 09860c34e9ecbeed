"""What runs strangers' queries on a version: our own workers, or an engine elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from gcm.query.caller import Caller
from gcm.query.engine import Kind
from gcm.query.turns import Turns


class Reply(Protocol):
    """The serialized results of one query: iterate over them once, or close them.

    `kind` says what they are; `whole` holds all of them if they came at once; `rows` says at the end how many
    there were. An error after the first piece is raised by the iteration: what was given out before must then
    not be ended like an answer.
    """

    kind: Kind
    whole: bytes | None
    rows: str

    def __iter__(self) -> Iterator[bytes]:
        """Give the results in pieces."""

    def close(self) -> None:
        """End the query if it is not done: nobody waits for the rest."""


class Runner(Protocol):
    """Runs strangers' queries, within their limits; safe to use from several threads."""

    turns: Turns

    def run(
        self,
        text: str,
        *,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        caller: Caller | None = None,
    ) -> Reply:
        """Start a query and wait for the first piece of its answer, in `media_type`."""

    def count_workers(self) -> tuple[int, int]:
        """Count the queries that run, and how many more could."""

    def is_answering(self) -> bool:
        """Tell whether strangers' queries can be run."""

    @property
    def close(self) -> Callable[[], object]:
        """What ends it."""
