"""What an error says to the person at the terminal: one sentence, and the exit code."""

from __future__ import annotations

import logging

from flows.ingest import UsageError
from flows.lock import RunLockedError
from parsers.registry import UnknownSourceError
from warehouse.archive import ArchiveError
from warehouse.home import HomeError
from warehouse.state import StateError

logger = logging.getLogger(__name__)


def sentence_and_code(error: Exception) -> tuple[str, int]:
    """One sentence and 2 for bad usage, 1 for anything that failed. A defect leaves its trace in the log."""
    if isinstance(error, UsageError | UnknownSourceError):
        return str(error), 2
    if isinstance(error, RunLockedError | ArchiveError | HomeError | StateError):
        return str(error), 1
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}", 1
    return _by_name(error)


def _by_name(error: Exception) -> tuple[str, int]:
    """Errors of libraries and floors that are not imported before they are needed."""
    first_line = (str(error).splitlines() or [""])[0]
    match type(error).__name__:
        case "ConfigurationError":
            return first_line, 2
        case "RuleError" | "RegistryError" | "EvidenceError" | "WorkbookError":
            return str(error), 1
    if type(error).__module__.startswith(("duckdb", "_duckdb")):
        return f"the query failed: {first_line}", 2
    logger.error("defect", exc_info=error)
    return f"unexpected {type(error).__name__}: {first_line}; please report it with the log", 1
