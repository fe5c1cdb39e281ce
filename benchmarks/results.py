"""Runs the benchmarks of the reader and of a small warehouse, and writes RESULTS.md.

    python benchmarks/results.py --peers build/bench-peers/bin/python [--transfers 100000] [--note "..."]

The section `## Scale`, which comes from a run of its own (make bench-scale), is kept as it stands.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
OURS = ("pypdfium2", "pdfplumber", "numpy", "duckdb", "pyarrow")
SCALE = "\n## Scale"
ABOUT = """\
Processor time on one core, each method in a process of its own, imports not counted. Ratios are medians over
rounds of one run. A row is exact when each of its cells is as drawn. Pages are synthetic (reportlab,
tests/generators/pdf_reports.py): they say nothing about a publisher's own. `ours: rows` knows the titles of
the columns, as a source does; the peers are not told, nor tuned. extract_table (lines) finds no table
on pages without lines, and so is cheap there."""


def machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":")[1].strip() if names else model
    memory = ""
    if hasattr(os, "sysconf"):
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"
    return f"{model}, {os.cpu_count()} cores{memory}, {platform.system()} {platform.release()}"


def java() -> str:
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    return told.stderr.splitlines()[0]


def printed(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    return done.stdout.strip()


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--peers", required=True)
    reader.add_argument("--transfers", type=int, default=100_000)
    reader.add_argument("--note", default="", help="a sentence on the machine's state during the run")
    options = reader.parse_args()
    began, load = datetime.now(UTC), os.getloadavg()[0]
    pages = printed("benchmarks/pdf_reader.py", "--peers", options.peers)
    house = printed("benchmarks/scale.py", "--sizes", str(options.transfers), "--documents", "100")
    pins = [line for line in (ROOT / "benchmarks" / "peers.txt").read_text().splitlines() if line[:1] != "#"]
    ours = ", ".join(f"{name} {version(name)}" for name in OURS)
    kept = RESULTS.read_text("utf-8").partition(SCALE)[2] if RESULTS.exists() else ""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; not by hand.",
        "",
        f"* Date: {began:%Y-%m-%d}; load of the machine at the start: {load:.1f}. {options.note}".rstrip(),
        f"* Machine: {machine()}",
        f"* Python {platform.python_version()}; {ours}",
        f"* Peers: {', '.join(pins)}; {java()}",
        "",
        "## Reader",
        "",
        ABOUT,
        "",
        pages,
        "",
        "## A small warehouse",
        "",
        house,
    ]
    RESULTS.write_text("\n".join(lines) + "\n" + (SCALE + kept if kept else ""), "utf-8")


if __name__ == "__main__":
    main()
