"""Everything said about one IRI, as a page shows it and as a program reads it; what a version holds.

What changes from one version to the next is in `changed`, `affected`, `figures` and `overlay`.
"""

from gcm.describe.catalogue import (
    DatasetEntry,
    ShapeEntry,
    TermEntry,
    class_entries,
    dataset_entries,
    property_entries,
    shape_entries,
    value_entries,
)
from gcm.describe.coverage import Coverage, coverage_of
from gcm.describe.dumps import Dump, DumpFacts, Written, dump_facts, dumps_of, make_dumps, open_dump
from gcm.describe.entity import Assertion, Entity, Property, Section, describe
from gcm.describe.forms import (
    FORMATS,
    describe_as_quads,
    document_of,
    write_dataset,
    write_quads,
    write_table,
)
from gcm.describe.graph import Graph
from gcm.describe.incoming import Listing
from gcm.describe.lists import Page
from gcm.describe.naming import DATES, Link, Text, choose_text, link_to, name_of, text_of
from gcm.describe.numbers import has_numbers, write_numbers
from gcm.describe.origin import Citation, Origin, Passage
from gcm.describe.overview import (
    ClassCount,
    class_counts,
    contents_of,
    designation_notes,
    instances_of,
    is_noted,
    kind_listed_at,
)
from gcm.describe.reported import Reported, reported_figure, reported_of
from gcm.describe.search import Group, fold, search
from gcm.describe.statistics import Statistics, statistics_of, things_in_mixed_case, things_of

__all__ = [
    "DATES",
    "FORMATS",
    "Assertion",
    "Citation",
    "ClassCount",
    "Coverage",
    "DatasetEntry",
    "Dump",
    "DumpFacts",
    "Entity",
    "Graph",
    "Group",
    "Link",
    "Listing",
    "Origin",
    "Page",
    "Passage",
    "Property",
    "Reported",
    "Section",
    "ShapeEntry",
    "Statistics",
    "TermEntry",
    "Text",
    "Written",
    "choose_text",
    "class_counts",
    "class_entries",
    "contents_of",
    "coverage_of",
    "dataset_entries",
    "describe",
    "describe_as_quads",
    "designation_notes",
    "document_of",
    "dump_facts",
    "dumps_of",
    "fold",
    "has_numbers",
    "instances_of",
    "is_noted",
    "kind_listed_at",
    "link_to",
    "make_dumps",
    "name_of",
    "open_dump",
    "property_entries",
    "reported_figure",
    "reported_of",
    "search",
    "shape_entries",
    "statistics_of",
    "text_of",
    "things_in_mixed_case",
    "things_of",
    "value_entries",
    "write_dataset",
    "write_numbers",
    "write_quads",
    "write_table",
]
