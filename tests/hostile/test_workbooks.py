"""Workbooks that no source reads yet, and none may be harmed by: XLSX files made part by part."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.document import Document
from parsers.readers.spreadsheet import SpreadsheetLimits, read_sheets
from parsers.record import DocumentError
from tests.hostile.corpus import workbook_bomb

NAMES = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def workbook(sheet: str, *, before: str = "", more: dict[str, str] | None = None) -> bytes:
    """A workbook with one sheet of these rows; ``more`` are further parts by their name."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{NAMES}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Licences" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
        f' Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{NAMES}"><sheetData>{sheet}</sheetData></worksheet>',
        **(more or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return buffer.getvalue()


def cells(content: bytes, **limits: int) -> list[tuple[str, ...]]:
    (sheet,) = read_sheets(
        Document(content=content, media_type="", name="w.xlsx"), SpreadsheetLimits(**limits)
    )
    return list(sheet.rows)


ROW = '<row r="1"><c r="A1"><v>7</v></c></row>'


def test_a_sound_workbook_is_read() -> None:
    assert cells(workbook(ROW)) == [("7",)]


LAUGHS = '<!DOCTYPE l [<!ENTITY a "9">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REFUSED = {
    "bomb": (workbook_bomb, "unpacks to"),
    "bomb of many parts": (lambda: workbook(ROW, more={f"xl/p{n}.bin": "" for n in range(6000)}), "parts"),
    "a cell a million rows down": (
        lambda: workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "spans more than",
    ),
    "part outside of it": (lambda: workbook(ROW, more={"../../etc/cron.d/x": "evil"}), "outside of it"),
    "part at a root": (lambda: workbook(ROW, more={"/etc/passwd": "evil"}), "outside of it"),
    "part on a drive": (lambda: workbook(ROW, more={"C:\\evil": "evil"}), "outside of it"),
    "formula without a value": (
        lambda: workbook('<row r="1"><c r="A1"><f>SUM(B1:B9)</f></c></row>'),
        "formula without its saved value",
    ),
    "shared formula without a value": (
        lambda: workbook('<row r="1"><c r="A1"><f t="shared" si="0"/><v></v></c></row>'),
        "formula without its saved value",
    ),
    "truncated": (lambda: workbook(ROW)[:300], "not a readable workbook"),
    "no zip": (lambda: b"PK\x03\x04" + bytes(500), "not a readable workbook"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence(name: str) -> None:
    make, says = REFUSED[name]
    with pytest.raises(DocumentError, match=says) as caught:
        cells(make())
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize("before", [LAUGHS, OUTSIDE])
def test_entities_are_neither_resolved_nor_fetched(before: str) -> None:
    content = workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>x&a;&i;</t></is></c></row>', before=before)
    try:
        shown = str(cells(content))
    except DocumentError as error:
        shown = error.reason
    assert "root:" not in shown
    assert "99" not in shown


def test_a_part_that_lies_about_its_size_is_found_out() -> None:
    content = bytearray(workbook(ROW + " " * 5000))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/worksheets/sheet1.xml"))
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(DocumentError, match="not a readable workbook"):
        cells(bytes(content))


def test_nesting_without_an_end_is_survived_and_gives_no_row() -> None:
    assert cells(workbook("<a>" * 300_000)) == []


def test_a_link_to_another_workbook_gives_the_value_that_was_saved() -> None:
    linked = '<row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>41</v></c></row>'
    outside = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/externalLinkPath"'
    outside += ' Target="http://127.0.0.1:9/x.xlsx" TargetMode="External"/></Relationships>'
    more = {"xl/externalLinks/_rels/externalLink1.xml.rels": outside, "xl/vbaProject.bin": "Auto_Open"}
    assert cells(workbook(linked, more=more)) == [("41",)]
