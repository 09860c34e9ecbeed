"""What is looked at before a workbook is opened: that it is a small and honest archive of plain XML.

A workbook is a ZIP archive of XML (ECMA-376). A few kilobytes of it can become gigabytes; its XML can declare
entities; one merged area can name billions of cells. Each is refused here. That no part unpacks to more than
the directory says, zipfile sees to.
"""

import io
import re
import zipfile
import zlib
from pathlib import Path

from gcm.errors import SourceError
from gcm.limits import Limits
from gcm.tables.grid import number_of

_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_AREA = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*ref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_XML = (".xml", ".rels", ".vml")
_BEFORE_XML = b" \t\r\n\x00\xff\xfe\xef\xbb\xbf"  # space, and byte order marks

#: An archive with more parts than this is none that a spreadsheet writes.
_MOST_PARTS = 2_000

_NO_WORKBOOK = (
    "this is no workbook in the XLSX format; save it as .xlsx (not .xls or .xlsb), or as CSV in UTF-8."
)


def check_workbook(data: bytes, *, name: str, limits: Limits) -> None:
    """Refuse what must not be opened as a workbook.

    Raises SourceError that says what is wrong and what to do.
    """
    path = Path(name)
    if len(data) > limits.upload_bytes:
        raise SourceError(
            f"the file has {len(data)} bytes, the limit is {limits.upload_bytes:.0f} (upload_bytes); "
            "send it in parts.",
            path=path,
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, path=path, limits=limits)
            for part in archive.infolist():
                content = archive.read(part)
                if _is_xml(part.filename, content):
                    _check_xml(content, part.filename, path, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise SourceError(_NO_WORKBOOK, path=path) from None


def _check_directory(archive: zipfile.ZipFile, *, path: Path, limits: Limits) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise SourceError(_NO_WORKBOOK, path=path)
    size = sum(part.file_size for part in parts)
    if size > limits.workbook_bytes or len(parts) > _MOST_PARTS or len(names) < len(parts):
        raise SourceError(
            f"the workbook unpacks to {size} bytes in {len(parts)} parts, the limit is "
            f"{limits.workbook_bytes:.0f} (workbook_bytes); copy the cells alone into a new workbook.",
            path=path,
        )


def _is_xml(name: str, content: bytes) -> bool:
    """Tell whether a part may be read as XML: by its name, or by its first sign whatever its name."""
    return name.lower().endswith(_XML) or content.lstrip(_BEFORE_XML).startswith(b"<")


def _check_xml(text: bytes, part: str, path: Path, limits: Limits) -> None:
    if text[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in text or _ENCODING.search(text[:200]):
        raise SourceError(f"{part} in the workbook is not UTF-8; save it anew.", path=path)
    if _DECLARATION.search(text):
        raise SourceError(
            f"{part} in the workbook declares entities or a document type, which no spreadsheet does; it is "
            "not opened.",
            path=path,
        )
    if sum(_size(area) for area in _AREA.findall(text)) > limits.table_cells:
        raise SourceError("the workbook merges more cells than a table may have; unmerge them.", path=path)


def _size(area: tuple[bytes, bytes, bytes, bytes]) -> int:
    left, top, right, bottom = area
    width = abs(number_of(right.decode()) - number_of(left.decode())) + 1
    return (abs(int(bottom) - int(top)) + 1) * width
