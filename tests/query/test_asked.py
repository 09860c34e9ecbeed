"""Questions: what the server asks is what a worker reads."""

from gcm.process.frames import LONE_QUERY, QUERY, frame
from gcm.query import Question
from gcm.query.asked import read_question
from hypothesis import given
from hypothesis import strategies as st

#: Any text of Python's, halves of characters (surrogates) too.
TEXTS = st.text(st.characters())
GRAPHS = st.lists(TEXTS, max_size=3)


@given(TEXTS, st.sampled_from(["text/csv", "application/sparql-results+json"]), GRAPHS, GRAPHS, st.booleans())
def test_question_arrives_as_asked(
    text: str, media_type: str, default: list[str], named: list[str], is_alone: bool
) -> None:
    asked = Question(text, media_type, default, named)
    sent = asked.to_frame(is_alone=is_alone)
    payload = sent[len(frame(QUERY)) :]
    assert sent == frame(LONE_QUERY if is_alone else QUERY, payload)
    read = read_question(payload)
    assert (read.text, read.media_type) == (text, media_type)
    assert ([*read.default_graphs], [*read.named_graphs]) == (default, named)
