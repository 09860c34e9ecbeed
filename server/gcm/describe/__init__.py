"""Everything said about one IRI, as a page shows it and as a program reads it; what a version holds."""

from gcm.describe.affected import Affected, AffectedPages, Reach, affected_pages
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
from gcm.describe.changed import (
    ActorChanges,
    Deed,
    PropertyChange,
    Sides,
    ThingChange,
    Topics,
    changed_things,
    describe_changes,
)
from gcm.describe.coverage import Coverage, coverage_of
from gcm.describe.dumps import Dump, DumpFacts, Written, dump_facts, dumps_of, make_dumps, open_dump
from gcm.describe.entity import Assertion, Entity, Property, Section, describe
from gcm.describe.figures import (
    Figure,
    FigureChange,
    Figures,
    Measure,
    Subject,
    compare_figures,
    figures_of,
)
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
from gcm.describe.origin import Citation, Origin, Passage
from gcm.describe.overlay import Difference, Overlay
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
from gcm.describe.statistics import Statistics, statistics_of, things_of

__all__ = [
    "DATES",
    "FORMATS",
    "ActorChanges",
    "Affected",
    "AffectedPages",
    "Assertion",
    "Citation",
    "ClassCount",
    "Coverage",
    "DatasetEntry",
    "Deed",
    "Difference",
    "Dump",
    "DumpFacts",
    "Entity",
    "Figure",
    "FigureChange",
    "Figures",
    "Graph",
    "Group",
    "Link",
    "Listing",
    "Measure",
    "Origin",
    "Overlay",
    "Page",
    "Passage",
    "Property",
    "PropertyChange",
    "Reach",
    "Reported",
    "Section",
    "ShapeEntry",
    "Sides",
    "Statistics",
    "Subject",
    "TermEntry",
    "Text",
    "ThingChange",
    "Topics",
    "Written",
    "affected_pages",
    "changed_things",
    "choose_text",
    "class_counts",
    "class_entries",
    "compare_figures",
    "contents_of",
    "coverage_of",
    "dataset_entries",
    "describe",
    "describe_as_quads",
    "describe_changes",
    "designation_notes",
    "document_of",
    "dump_facts",
    "dumps_of",
    "figures_of",
    "fold",
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
    "things_of",
    "value_entries",
    "write_dataset",
    "write_quads",
    "write_table",
]
