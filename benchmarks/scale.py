"""Time and memory of the warehouse against its size: build, checks, publish, nights, queries.

    python benchmarks/scale.py [--folder DIR] [--sizes 100000 1000000 10000000] [--documents 2000]
                               [--mexico-share 0.002] [--keep] [--reuse] [--skip-matcher]

Prints one Markdown table. Each size is measured in a process of its own, whose peak memory is the figure
shown. The archive comes from archive_generator.py: documents' bytes are stand-ins and their parsed records
are written directly; parsing is timed by itself on lists in the UK's shape: each row costs the same.
``--reuse`` measures homes that an earlier run with ``--keep`` left in the folder.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

QUERY_TRIES = 20
PARSED_ROWS = 100_000


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def prepare(folder: Path, size: int, options: argparse.Namespace) -> tuple[Path, Path]:
    from benchmarks.archive_generator import Size, adopt, generate
    from warehouse.home import Home

    home, reports = folder / f"home-{size}", folder / f"reports-{size}"
    if options.reuse and home.exists():
        adopt(Home(home))
        return home, reports
    for path in (home, reports):
        shutil.rmtree(path, ignore_errors=True)
    made = Size(documents=options.documents, transfers=size, mexico_share=options.mexico_share)
    generate(Home(home), made, reports)
    return home, reports


def uk_list(rows: int, number: int) -> bytes:
    """A list in the shape of the UK compilation, one licence a row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["licence_group", "date", "rating", "count", "value", "country", "refused"])
    countries = ("Chile", "Peru", "Brazil", "Canada", "France", "Kenya", "Japan")
    for row in range(rows):
        code = f"ML{1 + row % 22}"
        day = f"20{10 + number % 10}-0{1 + row % 9}-10"
        writer.writerow([number * 1_000_000 + row, day, code, 1, row * 7, countries[row % 7], 0])
    return text.getvalue().encode()


def measure(home: Path, reports: Path) -> dict[str, Any]:
    """All steps on one home, in this process."""
    from flows.run import Run, run_nightly
    from flows.settings import Settings

    settings = Settings(home=home, reports=str(reports))
    told: dict[str, Any] = {}
    run = Run(settings, lambda *_: None)
    try:
        told["inputs"], inputs = timed(run.inputs)
        told["build"], built = timed(lambda: run.build(inputs))
        told["check"], verdict = timed(lambda: run.check(built, inputs))
        if not verdict.is_publishable:
            raise RuntimeError(f"a fatal check failed: {verdict.failed[0].message}")
        told["publish"], _ = timed(lambda: run.publish(built, inputs.build_id))
        run.remember_flags()
    finally:
        run.close()
    told["rebuild"] = told["build"] + told["check"] + told["publish"]
    told["peak_gb"] = peak_gb()
    told["file_gb"] = (home / "published" / "armswatch.duckdb").stat().st_size / 1e9
    told["first_night"], _ = timed(lambda: run_nightly(settings, lambda *_: None))  # mails the baseline
    told["quiet_night"], night = timed(lambda: run_nightly(settings, lambda *_: None))
    if night.is_new_build:
        raise RuntimeError("a quiet night built: was the code edited while this ran?")
    told["queries"] = latencies(home)
    target = reports / "gb_ecju_licences" / f"new-{int(time.time())}.csv"
    target.write_bytes(uk_list(1_000, 90))
    told["one_new_document"], _ = timed(lambda: run_nightly(settings, lambda *_: None))
    return told


def latencies(home: Path) -> dict[str, float]:
    """Median milliseconds of each example on the published file, fetched whole."""
    import duckdb

    from flows.examples import examples

    answers = {}
    with duckdb.connect(str(home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for example in examples():
            sql = example.sql
            tries = [timed(lambda sql=sql: connection.execute(sql).fetchall())[0] for _ in range(QUERY_TRIES)]
            answers[example.name] = 1000 * statistics.median(tries)
    return answers


def measure_parsing() -> dict[str, float]:
    """Seconds for PARSED_ROWS rows of real UK lists, from bytes to the parsed store, in one process."""
    from parsers.document import Document
    from parsers.registry import load_source
    from warehouse.parsed_store import ParsedStore

    source = load_source("gb_ecju_licences")
    with tempfile.TemporaryDirectory() as name:
        store = ParsedStore(Path(name))
        began = time.perf_counter()
        for number in range(20):
            content = uk_list(PARSED_ROWS // 20, number)
            document = Document(content=content, media_type="text/csv", name=f"{number}.csv")
            store.put(source.source_id, document.sha256, source.parser_version, source.parse(document))
        return {"parsing": time.perf_counter() - began}


def measure_matcher() -> dict[str, float]:
    """A million end users to Mexico, 50,000 of them distinct, through warehouse.matching; twice."""
    import duckdb

    from warehouse import matching
    from warehouse.catalog import tables
    from warehouse.units.registry import load_registry

    registry = load_registry()
    names = sorted({alias.alias for alias in registry.aliases})
    rows = (ROOT / "benchmarks" / "matcher_rows.sql").read_text("utf-8")
    told: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for which in ("match_first", "match_again"):
            connection = duckdb.connect()
            connection.execute("CREATE SCHEMA core; SET memory_limit = '600MB'")
            for table in ("core.transfers", "core.unit_matches", "core.party_readings"):
                connection.execute(tables()[table].create_statement())
            connection.execute(rows, {"names": names})
            cache = Path(folder) / "matches.sqlite"
            told[which], _ = timed(partial(matching.match_parties, connection, registry, cache))
            connection.close()
    told["match_peak_gb"] = peak_gb()
    return told


def in_own_process(*arguments: str) -> dict[str, Any]:
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, "--one", *arguments], check=True, stdout=subprocess.PIPE
    )
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def table(columns: dict[int, dict[str, Any]]) -> str:
    rows = {
        "inputs (s)": "inputs", "build (s)": "build", "check (s)": "check", "publish (s)": "publish",
        "**build + check + publish (s)**": "rebuild", "peak memory (GB)": "peak_gb", "file (GB)": "file_gb",
        "first night, all flags to tell (s)": "first_night", "quiet night (s)": "quiet_night",
        "night with one new document (s)": "one_new_document",
    }  # fmt: skip
    lines = [
        "| | " + " | ".join(f"{size:,} transfers" for size in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for title, name in rows.items():
        lines.append(f"| {title} | " + " | ".join(f"{told[name]:.2f}" for told in columns.values()) + " |")
    for name in next(iter(columns.values()))["queries"]:
        cells = " | ".join(f"{told['queries'][name]:.0f}" for told in columns.values())
        lines.append(f"| query `{name}`, median (ms) | {cells} |")
    return "\n".join(lines)


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "armswatch-scale")
    reader.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    reader.add_argument("--documents", type=int, default=2_000)
    reader.add_argument(
        "--mexico-share", type=float, default=0.002, help="0.075 raises 750,000 flags of 10,000,000"
    )
    reader.add_argument("--keep", action="store_true")
    reader.add_argument("--reuse", action="store_true")
    reader.add_argument("--skip-matcher", action="store_true")
    reader.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    options = reader.parse_args()
    if options.one:
        work = {"parsing": measure_parsing, "matcher": measure_matcher}.get(options.one[0])
        print(json.dumps(work() if work else measure(Path(options.one[0]), Path(options.one[1]))))
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    columns = {}
    for size in options.sizes:
        home, reports = prepare(options.folder, size, options)
        columns[size] = in_own_process(str(home), str(reports))
        if not options.keep:
            shutil.rmtree(home)
            shutil.rmtree(reports)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    versions = f"Python {platform.python_version()}, DuckDB {version('duckdb')}, pyarrow {version('pyarrow')}"
    print(f"{machine}; {versions}; {options.documents} documents\n")
    print(table(columns))
    if not options.skip_matcher:
        parsing, matcher = in_own_process("parsing"), in_own_process("matcher")
        print(f"\nParsing {PARSED_ROWS:,} rows of UK lists: {parsing['parsing']:.1f} s in one process.")
        print(f"Matching 1,000,000 texts, 50,000 distinct: {matcher['match_first']:.1f} s first,"
              f" {matcher['match_again']:.1f} s again, peak {matcher['match_peak_gb']:.2f} GB.")  # fmt: skip


if __name__ == "__main__":
    main()
