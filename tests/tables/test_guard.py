"""Hostile workbooks and text tables are refused before they cost anything, with what to do instead."""

import io
import struct
import tracemalloc
import zipfile

import pytest
from gcm.errors import SourceError
from gcm.given import Form, Given, TableAbout
from gcm.limits import Limits
from gcm.tables import Surroundings, read_table

from tests.tables.tables import bytes_of, workbook_of

SHEET = "xl/worksheets/sheet1.xml"
MEGABYTE = 1 << 20


def plain() -> bytes:
    return bytes_of(workbook_of(("pledge identifier", "name [en]"), (901, "One"))[0])


def with_part(name: str, content: bytes) -> bytes:
    """Make a workbook with one of its parts replaced, or added."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain())) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, content)
    return packed.getvalue()


def sheet_with(replaced: str, by: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(plain())) as archive:
        text = archive.read(SHEET).decode()
    assert replaced in text
    return with_part(SHEET, text.replace(replaced, by, 1).encode())


def lying_bomb() -> bytes:
    """Make a bomb whose directory says that it is small."""
    data = bytearray(with_part("xl/bomb.xml", b"\x20" * (80 * MEGABYTE)))
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/bomb.xml"))
    data[entry + 24 : entry + 28] = struct.pack("<I", 1_000)
    return bytes(data)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'

HOSTILE = [
    pytest.param(b"", "no workbook", id="empty"),
    pytest.param(b"PK\x03\x04 and nothing more", "no workbook", id="no-archive"),
    pytest.param(b"\xd0\xcf\x11\xe0" + b"\x00" * 600, r"not \.xls", id="old-format"),
    pytest.param(with_part("xl/bomb.xml", b"\x20" * (80 * MEGABYTE)), "unpacks to", id="bomb"),
    pytest.param(lying_bomb(), "no workbook", id="lying-bomb"),
    pytest.param(b"\x00" * (17 * MEGABYTE), "upload_bytes", id="too-many-bytes"),
    pytest.param(sheet_with("<worksheet", ENTITIES), "declares entities", id="billion-laughs"),
    pytest.param(
        sheet_with("<worksheet", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet'),
        "declares entities",
        id="external-entity",
    ),
    pytest.param(
        with_part("xl/sharedStrings.xml", ENTITIES.replace("<worksheet", "<sst/>").encode("utf-16")),
        "not UTF-8",
        id="entities-in-another-encoding",
    ),
    pytest.param(
        with_part("xl/sharedStrings.xml", ENTITIES.replace("<worksheet", "<sst/>").encode("utf-16-le")),
        "not UTF-8",
        id="entities-in-another-encoding-without-mark",
    ),
    pytest.param(
        with_part("xl/hidden.bin", b"\n\xff\xfe" + ENTITIES.encode("utf-16-le")),
        "not UTF-8|declares entities",
        id="entities-in-a-part-of-another-name",
    ),
    pytest.param(
        with_part("xl/styles.xml", b'<?xml version="1.0" encoding="UTF-7"?><styleSheet/>'),
        "not UTF-8",
        id="declared-encoding",
    ),
    pytest.param(
        sheet_with("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merges more cells",
        id="billions-merged",
    ),
    pytest.param(with_part(SHEET, b"<worksheet><sheetData>"), "damaged", id="broken-xml"),
    pytest.param(with_part("xl/workbook.xml", b"<workbook/>"), "damaged|no row", id="no-sheets"),
]


#: How Excel saves a list to choose from that stands on another sheet.
EXTENSION = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    '<x14:dataValidation type="list">'
    "<x14:formula1><xm:f>Lists!$A$2:$A$4</xm:f></x14:formula1><xm:sqref>B2:B9</xm:sqref>"
    "</x14:dataValidation></x14:dataValidations></ext></extLst>"
)


def test_what_only_excel_knows_is_passed_over_in_silence(surroundings: Surroundings) -> None:
    data = sheet_with("</worksheet>", EXTENSION + "</worksheet>")
    reading = read_table(Given("saved.xlsx", data, Form.XLSX, TableAbout("pledge")), surroundings)
    assert [str(each.triple.object) for each in reading.statements if each.text] == ['"One"@en']


@pytest.mark.parametrize(("data", "reason"), HOSTILE)
def test_hostile_workbooks_are_refused(surroundings: Surroundings, data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_table(Given("bad.xlsx", data, Form.XLSX, TableAbout("pledge")), surroundings)


def test_a_bomb_is_refused_without_being_unpacked(surroundings: Surroundings) -> None:
    given = Given(
        "bad.xlsx", with_part("xl/bomb.xml", b"\x20" * (80 * MEGABYTE)), Form.XLSX, TableAbout("pledge")
    )
    tracemalloc.start()
    with pytest.raises(SourceError, match="workbook_bytes"):
        read_table(given, surroundings)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * MEGABYTE


def test_cells_far_apart_do_not_cost_what_lies_between(surroundings: Surroundings) -> None:
    workbook, sheet = workbook_of(("pledge identifier", "name [en]"), (901, "One"))
    sheet["XFD1048576"] = "far"
    given = Given("wide.xlsx", bytes_of(workbook), Form.XLSX, TableAbout("pledge"))
    reading = read_table(given, surroundings)
    assert len(reading.rows) == 1


def test_too_many_cells_are_refused(surroundings: Surroundings) -> None:
    rows = [("pledge identifier", "name [en]"), *((str(number), "x") for number in range(60))]
    few = Limits(table_cells=100)
    text = "\n".join(",".join(row) for row in rows).encode()
    for given in (
        Given("big.csv", text, Form.CSV, TableAbout("pledge")),
        Given("big.xlsx", bytes_of(workbook_of(*rows)[0]), Form.XLSX, TableAbout("pledge")),
    ):
        with pytest.raises(SourceError, match="table_cells"):
            read_table(given, surroundings, limits=few)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfen\x00a\x00m\x00e\x00", ":1: .*not UTF-8"),
        (b"identifier,name [en]\r\n1,\xe9t\xe9\r\n", ":2: .*not UTF-8"),
        (b"identifier,name [en]\n1,a\x00b\n", ":2: .*zero byte"),
        (b'identifier,name [en]\n1,x\n2,"never closed\n3,y\n', ":3: .*quotation marks"),
        (b"x" * (17 * MEGABYTE), "upload_bytes"),
    ],
)
def test_broken_text_tables_are_refused_at_their_line(
    surroundings: Surroundings, data: bytes, reason: str
) -> None:
    with pytest.raises(SourceError, match=reason):
        read_table(Given("bad.csv", data, Form.CSV, TableAbout("pledge")), surroundings)
