"""Turtle as this project reads and writes it: the line of every triple, and one canonical form per graph."""

from gcm.turtle.canonical import canonical_text
from gcm.turtle.comments import count_comments
from gcm.turtle.read import (
    FORMATS,
    LocatedTriple,
    dataset_of,
    parse_triples,
    read_term,
    read_text,
    read_triples,
)

__all__ = [
    "FORMATS",
    "LocatedTriple",
    "canonical_text",
    "count_comments",
    "dataset_of",
    "parse_triples",
    "read_term",
    "read_text",
    "read_triples",
]
