"""PDF reader: words, drawn lines, ruled tables, and column tables whose rows wrap and go on over pages.

    from parsers.readers.pdf import ColumnLayout, Column, columns_from_headers, open_pdf, ruled_tables, stitch

    with open_pdf(content) as pdf:                     # PdfError: one sentence, with the page
        for page in pdf.pages():                       # streamed; each is freed in pdfium before it is given
            for table in ruled_tables(page):           # cells from drawn lines, as pdfplumber's "lines"
                table.texts()                          # [[text or None for each column] for each row]

    ALIASES = {"country": ["Country"], "category": ["USML Category"], "quantity": ["Quantity", "Qty"],
               "value": ["Value", "Licensed Value"]}
    with open_pdf(content) as pdf:
        layout = lambda page: columns_from_headers(page, ALIASES, anchors=["quantity", "value"])
        for row in stitch(pdf.pages(), layout):
            if row.kind == "line":                     # country line, sub-heading, page title
                country = row.text
            elif row.kind == "row":
                row["value"], row.cells["value"].bbox, row.page, row.row, row.bbox

Long documents on several cores: read_pages(content, worker, processes=2) -> worker(page) for each, in order.

Declared columns: ColumnLayout(columns=(Column("qty", 200, 230), ...), anchors=("qty",), wrap="both").
Coordinates are points from the top left corner of the displayed page (pdfplumber's). pdfplumber is the tests'
oracle; the differences from it, each with its reason, are listed in tests/parsers/readers/test_pdf_oracle.py.
"""

from __future__ import annotations

from parsers.readers.pdf_columns import columns_from_headers
from parsers.readers.pdf_document import PdfDocument, open_pdf
from parsers.readers.pdf_grid import ruled_tables
from parsers.readers.pdf_lines import squeeze
from parsers.readers.pdf_memory import TableMemory
from parsers.readers.pdf_pool import read_pages
from parsers.readers.pdf_rows import column_rows, declared_columns
from parsers.readers.pdf_stitch import stitch
from parsers.readers.pdf_types import (
    BBox,
    Cell,
    Column,
    ColumnLayout,
    Page,
    PdfError,
    PdfLimits,
    Rule,
    Table,
    TableRow,
    Word,
)

__all__ = [
    "BBox",
    "Cell",
    "Column",
    "ColumnLayout",
    "Page",
    "PdfDocument",
    "PdfError",
    "PdfLimits",
    "Rule",
    "Table",
    "TableMemory",
    "TableRow",
    "Word",
    "column_rows",
    "columns_from_headers",
    "declared_columns",
    "open_pdf",
    "read_pages",
    "ruled_tables",
    "squeeze",
    "stitch",
]
