"""What somebody gives to be read: its name, its bytes, its syntax, places in it, and changes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Form(Enum):
    """The syntaxes that can be read, each named by its media type."""

    TURTLE = "text/turtle"
    TRIG = "application/trig"
    N_TRIPLES = "application/n-triples"
    N_QUADS = "application/n-quads"
    RDF_XML = "application/rdf+xml"
    JSON_LD = "application/ld+json"
    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    @property
    def is_table(self) -> bool:
        """Whether it holds rows and columns rather than statements."""
        return self in (Form.CSV, Form.XLSX)


#: The syntax by the end of a file's name.
SUFFIXES: Mapping[str, Form] = MappingProxyType(
    {
        ".ttl": Form.TURTLE,
        ".trig": Form.TRIG,
        ".nt": Form.N_TRIPLES,
        ".nq": Form.N_QUADS,
        ".rdf": Form.RDF_XML,
        ".xml": Form.RDF_XML,
        ".owl": Form.RDF_XML,
        ".jsonld": Form.JSON_LD,
        ".json": Form.JSON_LD,
        ".csv": Form.CSV,
        ".tsv": Form.CSV,
        ".xlsx": Form.XLSX,
    }
)


@dataclass(frozen=True)
class Given:
    """One file, pasted text or standard input; nothing of it is trusted.

    `name` is what its giver calls it ("my.ttl", "pasted text"). `about` says what a table cannot say of
    itself: None for all other forms, and for tables that name their class.
    """

    name: str
    data: bytes
    form: Form
    about: "TableAbout | None" = None


@dataclass(frozen=True)
class TableAbout:
    """What the rows of a table are: the class by its name in addresses (`pledge`), and their dataset.

    `header` is a Turtle text that holds the header of the dataset; "" if the table brings its own.
    """

    kind: str
    header: str = ""


@dataclass(frozen=True)
class Place:
    """Where something stands in what was given: what an editor jumps to and what a person looks for.

    Lines and columns count from 1; columns are characters (Unicode code points), and `end_column` is the
    first behind it, on `end_line`. `pointer` is a JSON pointer (RFC 6901). `cell` is `Pledges!C4` or, in
    CSV, `C4`, with the heading of its column in `heading`.
    """

    file: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    pointer: str | None = None
    cell: str | None = None
    heading: str | None = None

    def __str__(self) -> str:
        """Write it as compilers do: `my.ttl:9:5`; a cell as `my.xlsx:Pledges!C4`."""
        if self.cell and self.line is None:
            return f"{self.file}:{self.cell}"
        steps = (self.file, self.line, self.column if self.line else None)
        return ":".join(str(each) for each in steps if each is not None)


@dataclass(frozen=True)
class Edit:
    """A replacement in one given file: the characters from `start` up to `end` become `text`.

    Positions count characters (Unicode code points) of the decoded text from 0, after a byte order mark. In a
    workbook `cell` names the cell whose content becomes `text`, and both positions are 0.
    """

    file: str
    start: int
    end: int
    text: str
    cell: str | None = None
