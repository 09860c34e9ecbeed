"""XML before it is read as RDF: well-formed, not too deep, and without a document type."""

from pathlib import Path
from xml.parsers import expat

from gcm.errors import SourceError
from gcm.given import Given

#: What the XML parser says (its codes), and our words for it.
_WORDS = {
    expat.errors.XML_ERROR_TAG_MISMATCH: "this end tag does not fit the open element; close that first.",
    expat.errors.XML_ERROR_NO_ELEMENTS: "there is no element here; an RDF/XML file begins with <rdf:RDF …>.",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "the tag that begins here has no end; close it with >.",
    expat.errors.XML_ERROR_INVALID_TOKEN: "this sign cannot stand here; write &lt; for < and &amp; for & in "
    "a text, and values of attributes in quotation marks.",
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "this attribute is there twice; keep one of them.",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "this & names no entity that XML knows; write the letter "
    "itself, or &amp; for &.",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "the file goes on after its last element; "
    "put everything inside <rdf:RDF>.",
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: "this CDATA section has no end; close it with ]]>.",
    expat.errors.XML_ERROR_MISPLACED_XML_PI: "<?xml …?> can only be the very first thing of a file; "
    "take away what is before it.",
}
_UNENDED = "the file ends before its elements do; close them."


def refuse_broken_xml(given: Given, text: str, *, nesting: int) -> None:
    """Refuse what is no XML, has elements deeper in each other than `nesting`, or a document type.

    A document type can declare entities, which grow without bound or read other files (XML 1.0 section 4.2).
    """
    _Check(Path(given.name), nesting).run(text)


class _Check:
    def __init__(self, path: Path, nesting: int) -> None:
        self._path = path
        self._nesting = nesting
        self._depth = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def run(self, text: str) -> None:
        try:
            self._parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            says = _WORDS.get(expat.errors.messages[error.code])
            says = says or f"this is no XML ({expat.errors.messages[error.code]}); mend this line."
            nothing = expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]
            is_end = error.code == nothing and text.strip()
            self._refuse(_UNENDED if is_end else says, error.lineno, error.offset + 1)

    def _start(self, _name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._nesting:
            self._refuse(
                f"elements stand more than {self._nesting} deep in each other (limit nesting); flatten them.",
                self._parser.CurrentLineNumber,
                self._parser.CurrentColumnNumber + 1,
            )

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, *_: object) -> None:
        self._refuse(
            "a document type (<!DOCTYPE …>) is never read: it can hold entities; take it away, and write "
            "the addresses that its entities stand for in full.",
            self._parser.CurrentLineNumber,
            self._parser.CurrentColumnNumber + 1,
        )

    def _refuse(self, message: str, line: int, column: int) -> None:
        raise SourceError(message, path=self._path, line=line, column=column)
