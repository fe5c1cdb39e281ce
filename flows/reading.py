"""One document to records, totals and rejects: parsed, reconciled, and safe against a parser's defects.

Here is what is done in the reading process (``reading_worker``). A run calls ``reading_pool``, which starts
such processes and ends them when a document costs too much.
"""

from __future__ import annotations

import logging
from concurrent.futures import BrokenExecutor
from pathlib import Path

from checks.reconcile import reconcile
from flows.reading_limits import refusal
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.progress import tick
from parsers.registry import Source, load_source
from warehouse.archive import Archive, ArchiveError, Entry
from warehouse.parsed_store import ParsedStore, Summary, write_parsed

logger = logging.getLogger(__name__)


def read_document(source: Source, document: Document) -> Parsed:
    """Parse a document and compare its printed totals with its rows.

    Never raises for what a document holds: where a parser has a defect the document is refused whole, with a
    sentence that says so, the trace goes to the log, and other documents are not touched. Raises MemoryError
    and BrokenExecutor (a process that reads pages is gone): those say nothing about the document's structure.
    """
    try:
        parsed = source.parse(document)
        tick(page=0)
        reconcile(parsed.records, parsed.totals, source.meta.totals)
    except (MemoryError, BrokenExecutor):
        raise
    except Exception as error:  # noqa: BLE001 - the edge where one document fails alone
        return _defect(source, document, error)
    return parsed


def read_into(folder: Path, source: Source, document: Document) -> None:
    """Read a document and write what was read into a folder, as the parsed store keeps it.

    What cannot be written (a figure finer than the warehouse keeps) refuses the document as a defect does.
    """
    parsed = read_document(source, document)
    try:
        write_parsed(folder, parsed)
    except (MemoryError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - the same edge: the rows are there and do not fit
        write_parsed(folder, _defect(source, document, error))


def parse_entry(archive_folder: Path, store_folder: Path, entry: Entry) -> Summary | str:
    """Parse an archived document in this very process, without any limit: for documents one has made oneself.

    Answers a sentence where its bytes are damaged.
    """
    source, store = load_source(entry.source_id), ParsedStore(store_folder)
    try:
        document = Archive(archive_folder).document(entry)
    except ArchiveError as error:
        return str(error)
    folder = store.stage(entry.source_id)
    read_into(folder, source, document)
    return store.adopt(folder, entry.source_id, entry.sha256, source.parser_version)


def report_id_of(source_id: str, report_key: str | None, sha256: str) -> str:
    """The report of a document that could not be read: by its key, else it is a report of its own."""
    return f"{source_id}/{report_key or sha256[:12]}"


def _defect(source: Source, document: Document, error: Exception) -> Parsed:
    logger.error("defect while reading %s (%s)", document.name, document.sha256, exc_info=error)
    said = " ".join(str(error).split())[:500]
    reason = f"the parser failed on this document ({type(error).__name__}: {said}); please report it"
    return refusal(report_id_of(source.source_id, document.report_key, document.sha256), reason)
