"""Files that a publisher, or someone in its place, might serve: for every source, in every format that it reads.

Each is made when it is needed. ``says`` is a part of the sentence with which it must be refused; None where what
is left of it is read row by row.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parsers.registry import load_source, source_ids
from tests.parsers.readers import test_pdf_hostile as pdfs
from tests.parsers.readers.test_pdf_hostile import (
    CATALOG,
    PAGES,
    TEXT,
    assembled,
    form,
    one_page,
    stream,
    with_forms,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
HTML = b"<!doctype html><html><body><h1>503 Service Unavailable</h1></body></html>"


@dataclass(frozen=True)
class Hostile:
    """One file: for which source, under which name, and what its refusal says. ``slow``: runs into a limit."""

    source_id: str
    name: str
    make: Callable[[], bytes]
    says: str | None
    slow: bool = False


# titles of this source's columns are compared by their letters alone
_READ_ALL_THE_SAME = {("us_bis_licences", "two marks")}


def corpus() -> list[Hostile]:
    """All files, by source."""
    return [one for source_id in source_ids() for one in _of(source_id)]


def _of(source_id: str) -> Iterator[Hostile]:
    def hostile(name: str, make: Callable[[], bytes], says: str | None, slow: bool = False) -> Hostile:
        return Hostile(source_id, name, make, says, slow)

    suffixes = {path.suffix for path in load_source(source_id).samples}
    for suffix in sorted(suffixes):
        sample = next(path for path in load_source(source_id).samples if path.suffix == suffix)
        for what, make, says, *slow in _BY_FORMAT[suffix](sample):
            if len(suffixes) > 1 and says and not slow:
                says = ""  # which of its formats the source takes it for decides on the words
            if (source_id, what) in _READ_ALL_THE_SAME:
                says = None
            yield hostile(f"{what.replace(' ', '_')}{suffix}", make, says, bool(slow))
    yield hostile("picture.png", lambda: PNG, "")
    yield hostile("bomb.xlsx", workbook_bomb, "")
    yield hostile("packed.gz", lambda: gzip.compress(bytes(1_000_000)), "")
    yield hostile("x..%2f..%2f..%2fetc%2fpasswd", lambda: b"root:x:0:0:root:/root:/bin/sh\n", "")
    yield hostile("x..\\..\\evil\x1b[2Jname\n.csv", lambda: b"one line of nothing in particular\n", "")


Made = tuple[str, Callable[[], bytes], str | None] | tuple[str, Callable[[], bytes], str | None, bool]
"""What it is, how it is made, what its refusal says, whether it runs into a limit."""


def _delimited(path: Path) -> Iterator[Made]:
    whole = path.read_bytes()
    header, _, rows = whole.partition(b"\n")
    first = rows.partition(b"\n")[0]
    comma = b";" if header.count(b";") > header.count(b",") else b","
    yield "empty", lambda: b"", "no header line"
    yield "blank", lambda: b"\r\n \r\n\r\n", "no header line"
    yield "truncated", lambda: header[: len(header) // 2], ""
    yield "only the header", lambda: header + b"\n", None
    yield "cut in a row", lambda: header + b"\n" + first + b"\n" + first[: len(first) // 2], None
    yield "html", lambda: HTML, ""
    yield "pdf", lambda: one_page(TEXT), ""
    yield "one giant cell", lambda: header + b'\n"' + b"x" * 30_000_000 + b'"\n', "field larger"
    yield "one giant line", lambda: header + b"\n" + comma * 3_000_000 + b"\n", None
    yield "giant header", lambda: b"column" + (comma + b"x") * 2_000_000, "columns; at most"
    yield "open quote", lambda: whole + b'\n"never closed', "unexpected end of data"
    yield "NUL", lambda: whole + b"\0\n", "NUL"
    yield "UTF-16", lambda: whole.decode("utf-8-sig").encode("utf-16"), "not utf-8"
    yield (
        "UTF-16 that says UTF-8",
        lambda: b"\xef\xbb\xbf" + whole.decode("utf-8-sig").encode("utf-16-le"),
        "",
    )
    yield "two marks", lambda: b"\xef\xbb\xbf\xef\xbb\xbf" + whole.removeprefix(b"\xef\xbb\xbf"), "header"
    yield "mixed encodings", lambda: whole + "M\xe9xico".encode("latin-1") + b"\n", "not utf-8"
    yield "invalid byte", lambda: whole + b"\xff\n", "in line"
    yield "surrogates", lambda: whole + b"\xed\xa0\x80\n", "not utf-8"
    yield "control characters", lambda: b"\x1b]0;owned\x07" + whole, ""
    yield "same column twice", lambda: header.rstrip(b"\r") + comma + header + b"\n", "more than once"
    yield "two million ragged rows", lambda: header + b"\n" + b"1\n" * 2_100_000, "", True


def _json(path: Path) -> Iterator[Made]:
    whole = path.read_bytes()
    yield "truncated", lambda: whole[: len(whole) // 2], ""
    yield "html", lambda: HTML, ""
    yield "blank object", lambda: b"{}", ""
    yield "blank array", lambda: b"[]", ""
    yield "deep arrays", lambda: b"[" * 2_000_000, ""
    yield "deep objects", lambda: b'{"a":' * 500_000, ""
    yield "deep in a row", lambda: b'[["a"],' + b"[" * 100_000 + b"]" * 100_000 + b"]", ""
    yield "giant number", lambda: b'[["a"],[' + b"9" * 100_000 + b"]]", ""
    yield "giant exponent", lambda: b'[["a"],[1e999999]]', ""
    yield "not a number", lambda: b'[["a"],[NaN]]', ""
    yield "half a character", lambda: b'["\\ud800"]', ""
    yield "half a character in an object", lambda: b'{"a": "\\udc00"}', ""
    yield "giant string", lambda: json.dumps([["x" * 5_000_000], [1]]).encode(), ""
    yield "UTF-16", lambda: whole.decode().encode("utf-16"), ""
    yield "invalid byte", lambda: whole + b"\xff", ""
    yield "NUL", lambda: whole + b"\0", ""
    yield "other things follow", lambda: whole + whole, ""
    yield "error of a service", lambda: b'{"error": "API rate limit exceeded \x1b[31m"}', ""


def _text(path: Path) -> Iterator[Made]:
    whole = path.read_bytes()
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">{laughs}]><l>&l9;</l>'
    outside = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'
    yield "empty", lambda: b"", ""
    yield "blank", lambda: b" \n" * 1000, ""
    yield "truncated", lambda: whole[: min(len(whole) // 3, 200)], ""
    yield "html", lambda: HTML, ""
    yield "pdf", lambda: one_page(TEXT), ""
    yield "laughs", lambda: bomb.encode(), ""
    yield "entity from outside", lambda: outside.encode(), ""
    yield "deep tags", lambda: b"<div>" * 900_000, ""
    yield "tag without an end", lambda: b"<" + b"a" * 5_000_000, ""
    yield "comments without an end", lambda: b"<!--" * 200_000, ""
    yield "one giant line", lambda: b"x " * 5_000_000, ""
    yield "NUL", lambda: whole + b"\0", "NUL"
    yield "invalid byte", lambda: whole + b"\xff", "byte"
    yield "UTF-16", lambda: whole.decode("utf-8-sig").encode("utf-16"), ""
    yield "million lines", lambda: b"a\n" * 1_200_000, ""


def _pdf(path: Path) -> Iterator[Made]:
    whole = path.read_bytes()
    for name, (content, words) in pdfs.REFUSED.items():
        yield name.replace("'", ""), lambda content=content: content, words  # type: ignore[misc]
    yield "truncated", lambda: whole[: len(whole) // 3], ""
    yield "csv", lambda: b"a,b\n1,2\n", "expected %PDF-"
    yield "no table in it", lambda: one_page(TEXT), ""
    yield "half characters", lambda: _half_characters(), ""
    yield "giant picture", lambda: _giant_picture(), ""
    yield (
        "two thousand million pages",
        lambda: one_page(TEXT, pages=b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"),
        "",
    )
    yield "hundred thousand pages", lambda: _many_pages(), ""
    yield "memory", _memory, "took more than 600 MB of memory", True
    yield "many forms", _many_forms, "raise max_", True
    yield "time", _time, "was not read within 8 s", True


def _memory() -> bytes:
    """A content bomb in a file that mentions encryption: pdfium is the first to unpack it."""
    machine = zlib.compressobj(9)
    packed = b"".join(machine.compress(b"q " * 5_000_000) for _ in range(120)) + machine.flush()
    return one_page(packed, b"/Filter/FlateDecode") + b"\n%/Encrypt"


def _time() -> bytes:
    """A page that sets five thousand graphics parameters a million times: much to do, nothing to keep."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</ExtGState<</G 5 0 R>>>>>>"
    state = b"<<" + b" ".join(b"/a%d 0" % number for number in range(5_000)) + b">>"
    return assembled([CATALOG, PAGES, page, stream(b"", b"/G gs " * 1_000_000), state])


def _many_forms() -> bytes:
    """Forms that draw each other ten million times, in a file that mentions encryption."""
    forms = (form(b"/X Do " * 10, 6 + depth) for depth in range(7))
    return with_forms(b"/X Do " * 10, *forms, form(b"0 0 1 1 re f", None)) + b"\n%/Encrypt"


def _half_characters() -> bytes:
    """A font whose ToUnicode says that its letters are halves of a surrogate pair."""
    cmap = (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap /CMapName/X def 1 begincodespacerange"
        b"<00><FF>endcodespacerange 1 beginbfrange<00><FF><D800>endbfrange endcmap end end"
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    return assembled([CATALOG, PAGES, page, stream(b"", TEXT), font, stream(b"", cmap)])


def _giant_picture() -> bytes:
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    )
    picture = stream(
        b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8"
        b"/Filter/FlateDecode",
        zlib.compress(bytes(10_000_000), 9),
    )
    return assembled([CATALOG, PAGES, page, stream(b"", b"q 600 0 0 600 0 0 cm /X Do Q"), picture])


def _many_pages() -> bytes:
    pages = b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000>>"
    return assembled([CATALOG, pages, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"])


@cache
def workbook_bomb() -> bytes:
    """A workbook of half a megabyte whose sheet unpacks to five hundred."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container,
        container.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(50):
            sheet.write(b"<row><c><v>1</v></c></row>" * 400_000)
    return buffer.getvalue()


_BY_FORMAT: dict[str, Callable[[Path], Iterator[Made]]] = {
    ".csv": _delimited,
    ".json": _json,
    ".pdf": _pdf,
    ".txt": _text,
    ".htm": _text,
    ".html": _text,
    ".xml": _text,
}
