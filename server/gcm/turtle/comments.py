"""What is lost when a Turtle file is written in its canonical form."""

import re

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r'|<[^<>"{}|^`\s]*>'
    r"|\\."
    r"|(?P<comment>\#[^\n\r]*)",
    re.DOTALL,
)


def count_comments(text: str) -> int:
    """How many comments a Turtle text has: what does not survive its canonical form."""
    return sum(1 for token in _TOKEN.finditer(text) if token["comment"] is not None)
