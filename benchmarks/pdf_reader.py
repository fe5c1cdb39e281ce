"""Speed of the PDF reader against pdfplumber, on the same generated pages, in one process on one core.

    python benchmarks/pdf_reader.py [--pages 40] [--memory-pages 500]

Prints pages a second of processor time and ratios: words, ruled tables and unruled rows, each against
pdfplumber's extract_words and extract_table(lines); whether every cell agrees and how far boxes lie apart;
and the peak memory of reading one long report. Figures drift; ratios come from one run.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pdfplumber

from parsers.readers.pdf import columns_from_headers, open_pdf, ruled_tables, stitch

ROOT = Path(__file__).resolve().parents[1]
ALIASES = {
    "country": ["Country"],
    "category": ["USML Category"],
    "subcategory": ["Subcategory"],
    "description": ["Description"],
    "quantity": ["Quantity"],
    "value": ["Value"],
}


def generator() -> ModuleType:
    path = ROOT / "tests" / "generators" / "pdf_reports.py"
    spec = importlib.util.spec_from_file_location("pdf_reports", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pdf_reports"] = module
    spec.loader.exec_module(module)
    return module


def timed(read: Callable[[], Any], best_of: int) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(best_of):
        began = time.process_time()
        result = read()
        best = min(best, time.process_time() - began)
    return best, result


def our_words(content: bytes) -> int:
    with open_pdf(content) as pdf:
        return sum(len(page.words) for page in pdf.pages())


def our_tables(content: bytes) -> list[list[list[str | None]]]:
    with open_pdf(content) as pdf:
        return [table.texts("\n") for page in pdf.pages() for table in ruled_tables(page)]


def our_rows(content: bytes) -> list[tuple[str, ...]]:
    with open_pdf(content) as pdf:
        rows = stitch(pdf.pages(), lambda page: columns_from_headers(page, ALIASES, ("quantity", "value")))
        return [tuple(c.text for c in row.cells.values()) for row in rows if row.kind == "row"]


def their_words(content: bytes) -> int:
    count = 0
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            count += len(page.extract_words())
            page.close()
    return count


def their_tables(content: bytes, strategy: str = "lines") -> list[list[list[str | None]]]:
    found = []
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            found += page.extract_tables({"vertical_strategy": strategy, "horizontal_strategy": strategy})
            page.close()
    return found


def box_gap(content: bytes) -> float:
    """Largest distance between a word's edge here and in pdfplumber, over all pages."""
    gap = 0.0
    with open_pdf(content) as ours, pdfplumber.open(io.BytesIO(content)) as theirs:
        for page, other in zip(ours.pages(), theirs.pages, strict=True):
            for word, twin in zip(page.words, other.extract_words(), strict=True):
                assert word.text == twin["text"], (word, twin)
                sides = zip(word[1:], (twin["x0"], twin["top"], twin["x1"], twin["bottom"]), strict=True)
                gap = max(gap, *(abs(a - b) for a, b in sides))
            other.close()
    return gap


def peak_memory(pages: int) -> str:
    """Peak resident memory of a child process that only reads a report of so many pages (not its making)."""
    path = Path(sys.argv[0]).resolve()
    made = generator().report(generator().ReportSpec(pages=pages, rules="lines"))
    child = subprocess.run(
        [sys.executable, str(path), "--read-stdin"],
        input=made.content,
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    return child.stdout.decode().strip()


def read_stdin() -> None:
    content = sys.stdin.buffer.read()
    began = time.process_time()
    with open_pdf(content) as pdf:
        cells = sum(len(row) for page in pdf.pages() for table in ruled_tables(page) for row in table.rows)
        pages = pdf.page_count
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{pages} pages, {cells} cells: {took:.1f} s, {pages / took:.0f} pages/s, peak {peak:.0f} MB")


def line(name: str, ours: float, theirs: float, pages: int) -> str:
    return f"{name:34} {pages / ours:8.1f} {pages / theirs:12.1f} {theirs / ours:8.1f}x"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=40)
    options.add_argument("--memory-pages", type=int, default=500)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--read-stdin", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.read_stdin:
        read_stdin()
        return
    made = generator()
    print(f"{'pages a second':34} {'ours':>8} {'pdfplumber':>12} {'ratio':>9}")
    for rules in ("lines", "boxes", "bars", "none"):
        report = made.report(made.ReportSpec(pages=chosen.pages, rules=rules, size=8, padding=2))
        content, pages = report.content, report.page_count
        words, _ = timed(lambda content=content: our_words(content), chosen.repeat)
        other_words, _ = timed(lambda content=content: their_words(content), 1)
        other_tables, theirs = timed(lambda content=content: their_tables(content), 1)
        if rules == "none":
            rows, got = timed(lambda content=content: our_rows(content), chosen.repeat)
            drawn = [tuple(r.texts().values()) for r in report.rows if r.kind in ("row", "total")]
            by_text, _ = timed(lambda content=content: their_tables(content, "text"), 1)
            print(line("unruled: rows / extract_table(text)", rows, by_text, pages))
            print(line("unruled: rows / (lines; finds none)", rows, other_tables, pages))
            print(line("unruled: rows / extract_words", rows, other_words, pages))
            print(f"{'':34} rows as drawn: {sum(map(tuple.__eq__, got, drawn))} of {len(drawn)}")
        else:
            tables, got = timed(lambda content=content: our_tables(content), chosen.repeat)
            print(line(f"ruled ({rules}): tables / extract_table", tables, other_tables, pages))
            print(f"{'':34} tables equal to pdfplumber's: {got == theirs}")
        print(line(f"{rules}: words / extract_words", words, other_words, pages))
        print(f"{'':34} word boxes at most {box_gap(content):.3f} pt apart")
    if chosen.memory_pages:
        print(peak_memory(chosen.memory_pages))


if __name__ == "__main__":
    main()
