"""Files that a publisher, or someone in its place, might serve: one sentence each, soon, and no crash."""

from __future__ import annotations

import io
import pickle
import random
import zlib

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from parsers.readers.pdf import PdfError, PdfLimits, open_pdf, ruled_tables
from tests.generators.pdf_reports import ReportSpec, report

TEXT = b"BT /F1 12 Tf 72 700 Td (Hello World) Tj ET"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def assembled(objects: list[bytes]) -> bytes:
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    size = len(objects) + 1
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def stream(dictionary: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (dictionary, len(data), data)


def one_page(content: bytes, filters: bytes = b"", pages: bytes = PAGES) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return assembled([CATALOG, pages, page, stream(filters, content), FONT])


def with_forms(content: bytes, *forms: bytes) -> bytes:
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    )
    return assembled([CATALOG, PAGES, page, stream(b"", content), *forms])


def form(calls: bytes, target: int | None, resources: bytes | None = None) -> bytes:
    if resources is None:
        resources = b"/Resources<</XObject<</X %d 0 R>>>>" % target if target else b""
    return stream(b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]" + resources, calls)


def encrypted() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("secret", ownerPassword="other", strength=128))
    canvas.drawString(72, 700, "Hello")
    canvas.save()
    return buffer.getvalue()


BOMB = zlib.compress(b" " * 200_000_000, 9)
REFUSED = {
    "no bytes": (b"", "0 bytes"),
    "html": (b"<!DOCTYPE html><html><body>Not found</body></html>", "an HTML page; expected %PDF-"),
    "html after blank lines": (b"\n\n  <html>", "an HTML page"),
    "plain text": (b"hello", "begins with b'hello'; expected %PDF-"),
    "zeros": (bytes(5000), "expected %PDF-"),
    "only the first line": (b"%PDF-1.7\n", "broken"),
    "truncated early": (one_page(TEXT)[:300], "broken"),
    "password": (encrypted(), "encrypted"),
    "content bomb": (one_page(BOMB, b"/Filter/FlateDecode"), "unpacks to more than"),
    "content bomb by a spelled-out name": (one_page(BOMB, b"/Filter/Fl#61teDecode"), "unpacks to more than"),
    "bomb in a bomb": (
        one_page(zlib.compress(BOMB, 9), b"/Filter[/FlateDecode/FlateDecode]"),
        "unpacks to more than",
    ),
    "filter in its own object": (one_page(BOMB, b"/Filter 9 0 R"), "unpacks to more than"),
    "five filters": (one_page(b"41>", b"/Filter[" + b"/ASCIIHexDecode" * 5 + b"]"), "packed 5 times over"),
    "packed in LZW": (one_page(b"\x80", b"/Filter[/LZWDecode/FlateDecode]"), "inside LZW"),
    "run length bomb": (one_page(b"\x81a" * 3_000_000, b"/Filter/RunLengthDecode"), "unpacks to more than"),
    "form draws itself": (with_forms(b"/X Do", form(b"/X Do /X Do", 5)), "object 5 draws itself"),
    "form draws itself, page's names": (with_forms(b"/X Do", form(b"/X Do", None, b"")), "draws itself"),
    "two forms draw each other": (with_forms(b"/X Do", form(b"/X Do", 6), form(b"/X Do", 5)), "draws itself"),
    "ten to the seven": (
        with_forms(
            b"/X Do " * 10, *(form(b"/X Do " * 10, 6 + i) for i in range(6)), form(b"0 0 1 1 re f", None)
        ),
        "expand",
    ),
    "page tree in a loop": (
        assembled([CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]),
        "cannot be loaded",
    ),
    "300,000 boxes": (one_page(b"0 0 10 10 re f " * 300_000), "drawn objects"),
    "400,000 glyphs": (
        one_page(b"BT /F1 1 Tf 72 700 Td " + b"(aaaaaaaaaa) Tj " * 40_000 + b" ET"),
        "400000 characters",
    ),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_sentence(name: str) -> None:
    content, words = REFUSED[name]
    with pytest.raises(PdfError) as caught, open_pdf(content) as pdf:
        list(pdf.pages())
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        one_page(TEXT),
        one_page(TEXT).replace(b"xref\n0", b"xref\n9"),
        one_page(TEXT).replace(b"startxref", b"startxxxx"),
        one_page(TEXT, pages=b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"),
        one_page(TEXT, pages=b"<</Type/Pages/Kids[3 0 R]/Count -5>>"),
        one_page(b"q " * 100_000 + TEXT),
        one_page(zlib.compress(TEXT), b"/Filter/FlateDecode"),
    ],
    ids=[
        "sound",
        "broken table",
        "no startxref",
        "two thousand million pages",
        "minus five pages",
        "deep q",
        "packed",
    ],
)
def test_damage_that_hides_nothing_is_read(content: bytes) -> None:
    with open_pdf(content) as pdf:
        assert [[w.text for w in page.words] for page in pdf.pages()] == [["Hello", "World"]]


def test_more_pages_than_allowed() -> None:
    content = report(ReportSpec(pages=4)).content
    with pytest.raises(PdfError, match="expected 1 to 2"):
        open_pdf(content, PdfLimits(max_pages=2))


def test_more_bytes_than_allowed() -> None:
    with pytest.raises(PdfError, match="at most 100 are allowed"):
        open_pdf(one_page(TEXT), PdfLimits(max_bytes=100))


def test_page_that_takes_too_long_is_named() -> None:
    with (
        open_pdf(one_page(TEXT), PdfLimits(max_page_seconds=0.0)) as pdf,
        pytest.raises(PdfError, match="PDF page 1: took"),
    ):
        pdf.page(1)


def test_grid_of_too_many_cells_is_refused_with_its_page() -> None:
    lines = b"".join(
        b"0 %d m 600 %d l S %d 0 m %d 790 l S " % (i * 4, i * 4, i * 4, i * 4) for i in range(150)
    )
    with open_pdf(one_page(lines), PdfLimits(max_cells_per_page=500)) as pdf:
        page = pdf.page(1)
        with pytest.raises(PdfError, match=r"PDF page 1: .* cells"):
            ruled_tables(page)


def test_reading_after_close_and_beyond_the_end_is_an_error() -> None:
    with open_pdf(one_page(TEXT)) as pdf, pytest.raises(PdfError, match="no such page, the file has 1"):
        pdf.page(2)
    with pytest.raises(PdfError, match="closed already"):
        pdf.page(1)


def test_error_survives_a_process_boundary() -> None:
    error = pickle.loads(pickle.dumps(PdfError("too many characters", 7)))
    assert (str(error), error.reason, error.page) == (
        "PDF page 7: too many characters",
        "too many characters",
        7,
    )


@pytest.mark.parametrize("seed", range(12))
def test_bytes_changed_at_random_give_a_page_or_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(report(ReportSpec(seed=seed, pages=1, rules="lines")).content)
    for _ in range(30):
        content[chance.randrange(len(content))] = chance.randrange(256)
    try:
        with open_pdf(bytes(content)) as pdf:
            for page in pdf.pages():
                ruled_tables(page)
    except PdfError as error:
        assert str(error).startswith("PDF")
