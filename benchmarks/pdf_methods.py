"""One way of reading one PDF, timed in a process of its own; run by pdf_reader.py, by either environment.

    python benchmarks/pdf_methods.py METHOD FILE.pdf [--repeat 3]

Prints one line of JSON: pages, seconds of processor time of each repetition (imports and a Java machine's
start are not counted), peak memory in MB, and what was read: a list of rows, each a list of cell texts, or
the number of words.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
Rows = list[list[str]]
ALIASES = {
    "country": ["Country"],
    "category": ["USML Category"],
    "subcategory": ["Subcategory"],
    "description": ["Description"],
    "commodity": ["Commodity"],
    "quantity": ["Quantity"],
    "value": ["Value"],
}


def texts(rows: Any) -> Rows:
    """Cells as text, white space as one space, empty cells as empty texts."""
    return [[" ".join(str(cell or "").split()) for cell in row] for row in rows]


# Each maker imports what it needs and gives a function from a file's path to rows, or to a number of words.


def ours_tables() -> Callable[[Path], Rows]:
    from parsers.readers.pdf import open_pdf, ruled_tables

    def read(path: Path) -> Rows:
        with open_pdf(path.read_bytes()) as pdf:
            return [row for page in pdf.pages() for table in ruled_tables(page) for row in table.texts()]

    return read


def ours_rows() -> Callable[[Path], Rows]:
    from parsers.readers.pdf import columns_from_headers, open_pdf, stitch

    def read(path: Path) -> Rows:
        with open_pdf(path.read_bytes()) as pdf:
            rows = stitch(
                pdf.pages(), lambda page: columns_from_headers(page, ALIASES, ("quantity", "value"))
            )
            return [[cell.text for cell in row.cells.values()] for row in rows if row.kind == "row"]

    return read


def ours_words() -> Callable[[Path], int]:
    from parsers.readers.pdf import open_pdf

    def read(path: Path) -> int:
        with open_pdf(path.read_bytes()) as pdf:
            return sum(len(page.words) for page in pdf.pages())

    return read


def pdfplumber_tables(strategy: str) -> Callable[[], Callable[[Path], Rows]]:
    def make() -> Callable[[Path], Rows]:
        import pdfplumber

        settings = {"vertical_strategy": strategy, "horizontal_strategy": strategy}

        def read(path: Path) -> Rows:
            rows = []
            with pdfplumber.open(path) as pdf:
                for page in pdf.pages:
                    rows += page.extract_table(settings) or []
                    page.close()
            return rows

        return read

    return make


def pdfplumber_words() -> Callable[[Path], int]:
    import pdfplumber

    def read(path: Path) -> int:
        count = 0
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                count += len(page.extract_words())
                page.close()
        return count

    return read


def camelot_tables(flavor: str) -> Callable[[], Callable[[Path], Rows]]:
    def make() -> Callable[[Path], Rows]:
        import camelot

        def read(path: Path) -> Rows:
            found = camelot.read_pdf(str(path), pages="all", flavor=flavor)
            return [row for table in found for row in table.df.values.tolist()]

        return read

    return make


def tabula_tables(**options: bool) -> Callable[[], Callable[[Path], Rows]]:
    def make() -> Callable[[Path], Rows]:
        import tabula

        def read(path: Path) -> Rows:
            found = tabula.read_pdf(
                path, pages="all", pandas_options={"header": None, "dtype": str}, **options
            )
            return [row for table in found for row in table.fillna("").values.tolist()]

        return read

    return make


def pymupdf_tables() -> Callable[[Path], Rows]:
    import pymupdf

    def read(path: Path) -> Rows:
        with pymupdf.open(path) as pdf:
            return [row for page in pdf for table in page.find_tables() for row in table.extract()]

    return read


def pymupdf_words() -> Callable[[Path], int]:
    import pymupdf

    def read(path: Path) -> int:
        with pymupdf.open(path) as pdf:
            return sum(len(page.get_text("words")) for page in pdf)

    return read


METHODS: dict[str, Callable[[], Callable[[Path], Rows | int]]] = {
    "ours: ruled_tables": ours_tables,
    "ours: rows below a header": ours_rows,
    "ours: words": ours_words,
    "pdfplumber: extract_table (lines)": pdfplumber_tables("lines"),
    "pdfplumber: extract_table (text)": pdfplumber_tables("text"),
    "pdfplumber: extract_words": pdfplumber_words,
    "camelot: lattice": camelot_tables("lattice"),
    "camelot: stream": camelot_tables("stream"),
    "tabula: lattice": tabula_tables(lattice=True),
    "tabula: stream": tabula_tables(stream=True),
    "PyMuPDF: find_tables": pymupdf_tables,
    "PyMuPDF: words": pymupdf_words,
}


def cpu_seconds() -> float:
    """Processor time of this process and of those that it started and that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def peak_mb() -> float:
    """Most memory held at once, of this process or of one that it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # the system hands a new process its parent's record in getrusage; the kernel's own account begins anew
    status = Path("/proc/self/status")
    if not status.exists():
        return max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children) / 1024
    own = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return max(int(own.split()[1]), children) / 1024


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("method", choices=METHODS)
    reader.add_argument("path", type=Path)
    reader.add_argument("--repeat", type=int, default=1)
    options = reader.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sys.path.insert(0, str(ROOT))
    # what a library prints of itself must not get between the lines that are read here
    with contextlib.redirect_stdout(sys.stderr):
        read = METHODS[options.method]()
        seconds: list[float] = []
        found: Rows | int = 0
        for _ in range(options.repeat):
            began = cpu_seconds()
            found = read(options.path)
            seconds.append(cpu_seconds() - began)
    told = found if isinstance(found, int) else texts(found)
    print(json.dumps({"seconds": seconds, "peak": peak_mb(), "found": told}))


if __name__ == "__main__":
    main()
