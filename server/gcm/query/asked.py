"""A question on its way from the server to a worker."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from gcm.process import frames

#: Any text of Python's crosses as it is, also one that is no Unicode: whether it is a query, the engine says.
_CODEC = ("utf-8", "surrogatepass")


class Question(NamedTuple):
    """A query, the form of its answer, and the graphs that it is asked of."""

    text: str
    media_type: str
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()

    def to_frame(self, *, is_alone: bool = False) -> bytes:
        """Write it as a worker reads it: the media type, the graphs if there are any, and the text.

        JSON alone would be as good, and takes four times as long for the text.
        """
        graphs = ""
        if self.default_graphs or self.named_graphs:
            graphs = json.dumps([[*self.default_graphs], [*self.named_graphs]])
        kind = frames.LONE_QUERY if is_alone else frames.QUERY
        return frames.frame(kind, f"{self.media_type}\n{graphs}\n{self.text}".encode(*_CODEC))


def read_question(payload: bytes) -> Question:
    """Give the question that was sent: the reverse of `Question.to_frame`."""
    media_type, graphs, text = payload.decode(*_CODEC).split("\n", 2)
    return Question(text, media_type, *json.loads(graphs)) if graphs else Question(text, media_type)
