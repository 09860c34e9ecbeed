"""Turtle as this project reads and writes it: the line of every triple, and one canonical form per graph."""

from gcm.turtle.canonical import canonical_text, write_triples
from gcm.turtle.comments import count_comments
from gcm.turtle.read import (
    FORMATS,
    LineByLine,
    LocatedTriple,
    dataset_of,
    is_beyond_rdf_11,
    parse_triples,
    read_bytes,
    read_term,
    read_text,
    read_triples,
)

__all__ = [
    "FORMATS",
    "LineByLine",
    "LocatedTriple",
    "canonical_text",
    "count_comments",
    "dataset_of",
    "is_beyond_rdf_11",
    "parse_triples",
    "read_bytes",
    "read_term",
    "read_text",
    "read_triples",
    "write_triples",
]
