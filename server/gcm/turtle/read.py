"""Reading files of triples, and the line on which each triple stands."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, QuadParser, RdfFormat, Triple, parse

from gcm.errors import SourceError
from gcm.vocab import BASE, DATASET, PREFIXES

#: The files that can be read, by the end of their name.
FORMATS: Mapping[str, RdfFormat] = MappingProxyType(
    {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML}
)

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_DATASET = NamedNode(PREFIXES["dcat"] + "Dataset")
_MARK = b"\xef\xbb\xbf"  # some editors begin a UTF-8 file with these three bytes; they mean nothing
_HEADER = f'<{DATASET}my-data> a <{_DATASET.value}> ; <{PREFIXES["dcterms"]}title> "My data"@en .'


@dataclass(frozen=True)
class LocatedTriple:
    """A triple and the line of its file on which it ends, counted from 1."""

    triple: Triple
    line: int


class LineByLine(io.BytesIO):
    """Bytes that hand out at most one line per read, so that the parser never runs ahead of its triples."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.line = 0
        self._begins_line = True

    def read(self, size: int | None = -1, /) -> bytes:
        """Read the rest of the line, or `size` bytes of it."""
        piece = self.readline(-1 if size is None else size)
        if piece:
            self.line += self._begins_line
            self._begins_line = piece.endswith(b"\n")
        return piece


def read_triples(path: Path) -> tuple[LocatedTriple, ...]:
    """Read the triples of a file in the order in which they stand, each with its line.

    Raises SourceError if the file cannot be read, or is not what the end of its name says.
    """
    if path.suffix not in FORMATS and not path.is_dir():
        raise SourceError(
            f"only files that end in {', '.join(FORMATS)} can be read; save it as Turtle.", path=path
        )
    data = read_text(path).encode()
    return parse_triples(data, path=path)


def read_text(path: Path) -> str:
    """Read a text file exactly as it is, without the byte order mark that some editors put first.

    Raises SourceError if there is no such file, it cannot be opened, or its bytes are not UTF-8.
    """
    data = read_bytes(path).removeprefix(_MARK)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            "this line is not UTF-8; save the file with that encoding.", path=path, line=line
        ) from None


def read_bytes(path: Path) -> bytes:
    """Read a file. Raises SourceError if there is no such file, or it cannot be opened."""
    if path.is_dir():
        raise SourceError("this is a folder; name a file in it.", path=path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError("there is no such file; check the name.", path=path) from None
    except OSError as error:
        raise SourceError(
            f"the file cannot be read ({error.strerror}); check its permissions.", path=path
        ) from None


def parse_triples(data: bytes, *, path: Path) -> tuple[LocatedTriple, ...]:
    """Parse the content of the file `path` in the format that the end of its name says (else Turtle).

    Raises SourceError with the line that is not in that format, or says more than RDF 1.1 can.
    """
    lines = LineByLine(data)
    form = FORMATS.get(path.suffix, RdfFormat.TURTLE)
    parser = parse(lines, format=form, without_named_graphs=True, rename_blank_nodes=True)
    return tuple(_located(parser, lines, path))


def _located(parser: QuadParser, lines: LineByLine, path: Path) -> Iterator[LocatedTriple]:
    try:
        for quad in parser:
            triple = quad.triple
            if is_beyond_rdf_11(triple):
                message = "triple terms and base directions are RDF 1.2; say it in RDF 1.1."
                raise SourceError(message, path=path, line=lines.line)
            yield LocatedTriple(triple=triple, line=lines.line)
    except SyntaxError as error:
        message = f"{error.msg}; mend this line, or the one before it."
        raise SourceError(message, path=path, line=error.lineno or lines.line or 1) from None


def is_beyond_rdf_11(triple: Triple) -> bool:
    """Tell whether a triple says what RDF 1.1 cannot: a triple term, or a text with a base direction."""
    value = triple.object
    return isinstance(value, Triple) or (isinstance(value, Literal) and value.direction is not None)


def dataset_of(triples: Iterable[LocatedTriple], *, path: Path) -> NamedNode:
    """Find the dataset that the file is: the one node that its header types as dcat:Dataset.

    Raises SourceError if the file has no such header, or several.
    """
    headers = [each for each in triples if each.triple.predicate == _TYPE and each.triple.object == _DATASET]
    if not headers:
        message = f"the file does not say which dataset it is; begin it with a header such as: {_HEADER}"
        raise SourceError(message, path=path, line=1)
    datasets = {each.triple.subject for each in headers}
    if len(datasets) > 1:
        message = "this is a second dataset in one file; give each dataset its own file."
        raise SourceError(message, path=path, line=headers[1].line)
    dataset = headers[0].triple.subject
    if not isinstance(dataset, NamedNode):
        message = f"the dataset has no IRI; name it, such as <{BASE}data/my-data>."
        raise SourceError(message, path=path, line=headers[0].line)
    return dataset


def read_term(text: str) -> NamedNode | Literal:
    """Read a value as Turtle writes it, with our prefixes (place:MDA, "Moldova"@en, 7); all else is text."""
    written = f"<{text}>" if re.match(r"https?://\S+$", text) else text
    prefixes = "".join(f"@prefix {name}: <{iri}> . " for name, iri in PREFIXES.items())
    try:
        triples = [*parse(f"{prefixes}<x:s> <x:p> {written} .", format=RdfFormat.TURTLE)]
    except SyntaxError:
        return Literal(text)
    value = triples[0].object
    return value if len(triples) == 1 and isinstance(value, NamedNode | Literal) else Literal(text)
