"""Sheets as text cells: values only, rows where a person sees them, bounded before anything is unpacked."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from parsers.document import Document
from parsers.readers.spreadsheet import Sheet, SpreadsheetLimits, read_sheets, table_rows, text_of_cell
from parsers.record import DocumentError, Reject, Row

SHARED = Path(__file__).parents[4] / "shared" / "data"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(
    rows: dict[int, str], *, state: str = "visible", extra: dict[str, bytes] | None = None
) -> Document:
    """A workbook with two sheets; ``rows`` are the second's cells by row number, in the file's own XML."""
    body = "".join(f'<row r="{number}">{cells}</row>' for number, cells in rows.items())
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="Notes" sheetId="1" state="hidden" r:id="r1"/><sheet name="2023" sheetId="2" state="{state}" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{REL}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>',
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in parts.items():
            container.writestr(name, text)
        for name, content in (extra or {}).items():
            container.writestr(name, content)
    return document(file.getvalue())


def document(content: bytes) -> Document:
    return Document(content=content, media_type="application/octet-stream", name="t.xlsx")


def text(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


TABLE = {
    2: text("A2", "Exports of arms"),
    4: text("A4", "Country") + text("B4", "Value  USD"),
    5: text("A5", "Mexico") + '<c r="B5"><v>1500</v></c>',
    7: text("A7", "Spain") + '<c r="B7"><f>SUM(B5,B5)</f><v>3000.5</v></c>',
}


def test_rows_keep_the_number_that_a_person_sees_and_formulas_their_saved_value() -> None:
    (sheet,) = read_sheets(workbook(TABLE))
    assert sheet.name == "2023"
    rows = list(table_rows(sheet, required=["Country"], known=["Country", "Value USD"]))
    assert [(r.row, r.cells) for r in rows if isinstance(r, Row)] == [
        (5, {"Country": "Mexico", "Value USD": "1500"}),
        (7, {"Country": "Spain", "Value USD": "3000.5"}),
    ]


def test_hidden_sheets_are_left_out() -> None:
    assert read_sheets(workbook(TABLE, state="veryHidden")) == []


def test_macros_are_not_looked_at() -> None:
    assert read_sheets(workbook(TABLE, extra={"xl/vbaProject.bin": b"macro"})) == read_sheets(workbook(TABLE))


def test_an_unknown_a_missing_and_a_repeated_column_refuse_the_sheet_by_name() -> None:
    sheet = Sheet("S", (("Country", "Value"), ("Mexico", "1")))
    with pytest.raises(DocumentError, match="unknown column Value"):
        list(table_rows(sheet, required=["Country"], known=["Country"]))
    with pytest.raises(DocumentError, match="no row within the first 40 holds Year"):
        list(table_rows(sheet, required=["Year"], known=["Country", "Value"]))
    with pytest.raises(DocumentError, match="Value stands twice"):
        list(table_rows(Sheet("S", (("Value", "Value"),)), required=["Value"], known=["Value"]))


def test_text_beyond_the_header_rejects_its_row() -> None:
    sheet = Sheet("S", (("Country", ""), ("Mexico", "stray")))
    (row,) = table_rows(sheet, required=["Country"], known=["Country"])
    assert isinstance(row, Reject) and row.row == 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (True, "TRUE"), (12.0, "12"), (0.1, "0.1"), (-3.0, "-3"), ("a b", "a b"), (7, "7")],
)
def test_values_become_text_without_a_guess(value: object, shown: str) -> None:
    assert text_of_cell(value) == shown


def test_a_number_that_the_file_cannot_hold_exactly_is_refused() -> None:
    with pytest.raises(DocumentError, match="too large to be exact"):
        text_of_cell(1e17)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"Country;Value\n", b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_is_no_workbook_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(DocumentError, match="not a readable workbook"):
        read_sheets(document(content))


def test_limits_hold_before_anything_is_unpacked() -> None:
    bomb = workbook(TABLE, extra={"xl/media/bomb.bin": b"\0" * 5_000_000})
    with pytest.raises(DocumentError, match="unpacks to"):
        read_sheets(bomb, SpreadsheetLimits(max_inflated_bytes=1_000_000))
    with pytest.raises(DocumentError, match="more than 3 parts"):
        read_sheets(bomb, SpreadsheetLimits(max_parts=3))
    far = {1: text("A1", "x"), 900_000: text("ZZ900000", "y")}
    with pytest.raises(DocumentError, match="more than 3000000 cells"):
        read_sheets(workbook(far))
    with pytest.raises(DocumentError, match="more than 3000000 cells"):
        read_sheets(
            workbook({1: text("A1", "x"), 1_048_576: '<c t="n"><v>1</v></c>' * 200 + text("XFD1048576", "z")})
        )


def test_other_zip_files_are_no_workbooks() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        container.writestr("content.xml", "<office/>")
    with pytest.raises(DocumentError, match="no sheet of an XLSX file"):
        read_sheets(document(file.getvalue()))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real files is not beside this checkout")
def test_a_real_workbook_has_the_rows_of_its_published_csv() -> None:
    (sheet, *_) = read_sheets(Document.from_file(SHARED / "ch_seco" / "elic.xlsx"))
    assert len(sheet.rows) >= 874
