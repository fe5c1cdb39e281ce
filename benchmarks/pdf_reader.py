"""Speed, cells and memory of the PDF reader and its peers on the same generated pages, in one run.

    python benchmarks/pdf_reader.py [--pages 20] [--long 500] [--rounds 3] [--peers PYTHON]

Every method has a process of its own, held to one core; figures are processor time without imports. Rounds
are interleaved, so that ratios come from one and the same minute: a ratio is the median over the rounds.
Prints Markdown. Without --peers only pdfplumber is compared. The pages are synthetic, from one generator:
they say nothing about a publisher's own.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pdfplumber  # noqa: E402

from parsers.readers.pdf import open_pdf, ruled_tables  # noqa: E402
from tests.generators.pdf_reports import DrawnReport, ReportSpec, report  # noqa: E402

LAYOUTS = {"lines": "drawn lines", "boxes": "a box a cell", "bars": "thin filled bars", "none": "no lines"}
PLUMBER = (
    "pdfplumber: extract_table (lines)",
    "pdfplumber: extract_table (text)",
    "pdfplumber: extract_words",
)
PEERS = ("camelot: lattice", "camelot: stream", "tabula: lattice", "tabula: stream", "PyMuPDF: find_tables",
         "PyMuPDF: words")  # fmt: skip
RULED_ONLY = {"camelot: lattice", "tabula: lattice"}
UNRULED_ONLY = {"pdfplumber: extract_table (text)", "camelot: stream", "tabula: stream"}


def ours(layout: str) -> str:
    return "ours: rows below a header" if layout == "none" else "ours: ruled_tables"


def run(python: str, method: str, path: Path, repeat: int = 1) -> dict[str, Any]:
    command = [
        python,
        str(ROOT / "benchmarks" / "pdf_methods.py"),
        method,
        str(path),
        "--repeat",
        str(repeat),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{method} failed on {path.name}: {done.stderr[-800:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@dataclass
class Score:
    rows: float
    cells: float


def score(drawn: DrawnReport, found: list[list[str]]) -> Score:
    """Shares of the drawn rows found with every cell as drawn, and of drawn cells found in the best row.

    Columns that a method adds and leaves empty do not count against it, nor do rows that it adds.
    """
    wanted = [list(row.texts().values()) for row in drawn.rows if row.kind in ("row", "total")]
    left = Counter(tuple(filter(None, row)) for row in found)
    exact = cells = 0
    missing = []
    for row in wanted:
        key = tuple(filter(None, row))
        if left[key]:
            left[key] -= 1
            exact, cells = exact + 1, cells + len(key)
        else:
            missing.append(key)
    for key in missing:
        best = max(
            left, key=lambda row: sum((Counter(row) & Counter(key)).values()) if left[row] else -1, default=()
        )
        cells += sum((Counter(best) & Counter(key)).values())
        left[best] -= 1
    return Score(exact / len(wanted), cells / sum(len(list(filter(None, row))) for row in wanted))


def box_gaps(content: bytes) -> tuple[float, float]:
    """How far a word's, and a cell's, edge lies from pdfplumber's at most, in points."""
    words = cells = 0.0
    with open_pdf(content) as pdf, pdfplumber.open(io.BytesIO(content)) as other:
        for page, theirs in zip(pdf.pages(), other.pages, strict=True):
            for word, twin in zip(page.words, theirs.extract_words(), strict=True):
                if word.text != twin["text"]:
                    raise RuntimeError(f"page {page.number}: {word} is {twin} in pdfplumber")
                words = max(words, apart(word.bbox, [twin[side] for side in ("x0", "top", "x1", "bottom")]))
            for table, found in zip(ruled_tables(page), theirs.find_tables(), strict=True):
                for row, line in zip(table.rows, found.rows, strict=True):
                    for cell, box in zip(row, line.cells, strict=True):
                        if (cell is None) != (box is None):
                            raise RuntimeError(f"page {page.number}: a cell that only one of both has")
                        if cell is not None and cell.bbox:
                            cells = max(cells, apart(cell.bbox, box))
            theirs.close()
    return words, cells


def apart(ours: Any, theirs: Any) -> float:
    return max(abs(a - b) for a, b in zip(ours, theirs, strict=True))


def compared(layout: str, options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """The table of one layout: all methods on one file."""
    drawn = report(ReportSpec(pages=options.pages, rules=layout, size=8, padding=2))
    path = folder / f"{layout}.pdf"
    path.write_bytes(drawn.content)
    quick = [ours(layout), "ours: words", *(m for m in PLUMBER if layout == "none" or m not in UNRULED_ONLY)]
    told: dict[str, list[dict[str, Any]]] = {method: [] for method in quick}
    for _ in range(options.rounds):
        for method in quick:
            told[method].append(run(sys.executable, method, path, 3 if method.startswith("ours") else 1))
    for method in PEERS if options.peers and layout in ("lines", "none") else ():
        if method not in (UNRULED_ONLY if layout == "lines" else RULED_ONLY):
            told[method] = [run(str(options.peers), method, path)]
    words, cells = box_gaps(drawn.content)
    reading = seconds_of(told[ours(layout)])
    yield f"\n### {LAYOUTS[layout].capitalize()}, {drawn.page_count} pages\n"
    yield "| method | pages/s | ours is faster by | rows exact | cells exact | peak MB |"
    yield "|---|---|---|---|---|---|"
    for method, runs in told.items():
        seconds = seconds_of(runs)
        base = seconds_of(told["ours: words"]) if "words" in method else reading
        ratio = statistics.median(theirs / mine for theirs, mine in zip(seconds, base, strict=False))
        found = runs[0]["found"]
        share = Score(0, 0) if isinstance(found, int) else score(drawn, found)
        marks = ("", "") if isinstance(found, int) else (f"{share.rows:.1%}", f"{share.cells:.1%}")
        speed = drawn.page_count / statistics.median(seconds)
        faster = "" if method.startswith("ours") else f"{ratio:.1f}"
        peak = max(one["peak"] for one in runs)
        yield f"| {method} | {speed:.1f} | {faster} | {marks[0]} | {marks[1]} | {peak:.0f} |"
    boxes = f"Words' boxes lie at most {words:.2f} pt from pdfplumber's"
    yield f"\n{boxes}{f', cells at most {cells:.3f} pt' if layout != 'none' else ''}."


def seconds_of(runs: list[dict[str, Any]]) -> list[float]:
    return [statistics.median(one["seconds"]) for one in runs]


def long_report(pages: int, folder: Path) -> Iterator[str]:
    yield f"\n### One report of {pages} pages\n"
    for layout in ("lines", "none"):
        path = folder / "long.pdf"
        path.write_bytes(report(ReportSpec(pages=pages, rules=layout, size=8, padding=2)).content)
        told = run(sys.executable, ours(layout), path)
        took = told["seconds"][0]
        yield (
            f"* {LAYOUTS[layout]}: {len(told['found']):,} rows in {took:.1f} s ({pages / took:.0f} pages/s), "
            f"peak {told['peak']:.0f} MB with all rows held"
        )


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--pages", type=int, default=20)
    reader.add_argument("--long", type=int, default=500)
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--peers", type=Path, help="the Python of an environment with benchmarks/peers.txt")
    options = reader.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for layout in LAYOUTS:
            for line in compared(layout, options, Path(name)):
                print(line, flush=True)
        if options.long:
            for line in long_report(options.long, Path(name)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
