"""``armswatch sources`` and ``armswatch parse``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.commands.printing import print_table, published
from flows.ingest import UsageError
from flows.reading_limits import Limits
from flows.reading_pool import Reader
from flows.settings import load_settings
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import PUBLISHED_FIELDS, Record, Reject, Total
from parsers.registry import load_source, source_ids
from warehouse.sql import sql_beside
from warehouse.table_files import csv_lines, plain_json

_sql = sql_beside(__file__, "../queries")


_TOTAL_FIELDS = (
    "scope", "measure", "stage", "unit", "printed", "computed", "agrees", "explanation", "period_start",
    "period_end", "page", "row", "bbox", "raw",
)  # fmt: skip
_REJECT_FIELDS = ("page", "row", "bbox", "raw", "reason")
_CSV_FIELDS = ("kind", *dict.fromkeys((*PUBLISHED_FIELDS, *_TOTAL_FIELDS, *_REJECT_FIELDS)))


def sources(arguments: argparse.Namespace) -> int:
    """All sources; with a published file also their newest document and late reports."""
    with published(arguments.home, missing_ok=True) as connection:
        if connection is not None:
            answer = connection.execute(_sql("sources"))
            columns = [column[0] for column in answer.description or []]
            rows = answer.fetchall()
        else:
            columns = ["source_id", "title", "publisher", "frequency", "layout"]
            metas = [(name, load_source(name).meta) for name in source_ids()]
            rows = [(name, m.title, m.publisher.name, m.frequency, m.layout) for name, m in metas]
    print_table(columns, rows, as_json=arguments.json)
    return 0


def parse(arguments: argparse.Namespace) -> int:
    """Parse one file. Raises UsageError for a file that cannot be read, UnknownSourceError for the source."""
    source = load_source(arguments.source)
    try:
        document = Document.from_file(Path(arguments.file))
    except OSError as error:
        raise UsageError(f"{arguments.file}: {error.strerror}") from None
    with Reader(Limits.of(load_settings())) as reader:
        parsed = reader.read(source, document)
    lines = (as_line(outcome) for outcome in parsed)
    if arguments.format == "csv":
        sys.stdout.writelines(csv_lines(list(_CSV_FIELDS), (_csv_row(line) for line in lines)))
    else:
        for line in lines:
            print(json.dumps(line, default=plain_json, ensure_ascii=False))
    for sentence in _last_words(arguments.file, parsed):
        print(sentence, file=sys.stderr)
    is_unread = parsed.refused is not None or (
        bool(parsed.rejects) and not parsed.records and not parsed.totals
    )
    return 1 if is_unread else 0


def as_line(outcome: Record | Reject | Total) -> dict[str, Any]:
    """One outcome with its ``kind`` and the field names of the record, the total or the reject."""
    match outcome:
        case Record():
            return {
                "kind": "record",
                **{name: getattr(outcome, name) for name in PUBLISHED_FIELDS},
                "verbatim": dict(outcome.verbatim),
            }
        case Total():
            return {
                "kind": "total",
                **{name: getattr(outcome, name) for name in _TOTAL_FIELDS},
                "scope": dict(outcome.scope),
            }
        case Reject():
            return {"kind": "reject", **{name: getattr(outcome, name) for name in _REJECT_FIELDS}}


def _csv_row(line: dict[str, Any]) -> tuple[Any, ...]:
    cells = (line.get(name) for name in _CSV_FIELDS)
    return tuple(
        json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list | tuple) else cell
        for cell in cells
    )


def _last_words(file: str, parsed: Parsed) -> Iterator[str]:
    if parsed.refused is not None:
        reject = parsed.rejects[0]
        place = "".join(
            f", {name} {value}" for name, value in (("page", reject.page), ("row", reject.row)) if value
        )
        yield f"{file}{place}: refused: {parsed.refused}"
        return
    counts = parsed.row_counts()
    ignored = ", ".join(f"{rule} {count}" for rule, count in parsed.ignored_by_rule().items())
    yield (
        f"seen {counts['seen']} rows: {counts['records']} kept ({len(parsed.records)} records),"
        f" {counts['rejects']} rejected, {counts['totals']} totals ({len(parsed.totals)} sums),"
        f" {counts['ignored']} ignored{f' ({ignored})' if ignored else ''}"
    )
    for total in parsed.totals:
        if total.agrees is False:
            place = f"page {total.page}, row {total.row}" if total.page else f"row {total.row}"
            scope = (
                ", ".join(f"{k} {v}" for k, v in total.scope.items() if not k.endswith("_raw")) or "all rows"
            )
            yield (
                f"{place}: printed {total.stage} {total.measure} of {scope} is {total.printed},"
                f" the rows give {total.computed}. {total.explanation or ''}".rstrip()
            )
