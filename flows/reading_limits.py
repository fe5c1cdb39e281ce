"""What the reading of one document may cost, and the sentence for a document that was ended for it."""

from __future__ import annotations

import signal
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from parsers.parsed import Parsed
from parsers.record import Reject

if TYPE_CHECKING:
    from flows.settings import Settings

MEMORY_CODE = 77
"""Exit code of a reading process that asked for more memory than it may have."""
PAGES_CODE = 78
"""Exit code of a reading process that lost one of the processes that read pages for it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For one document: seconds without progress, without a row, in all; MB of its processes; its bytes."""

    page_seconds: float = 8.0
    rowless_seconds: float = 20.0
    document_seconds: float = 900.0
    memory_mb: int = 600
    document_bytes: int = 200_000_000

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings ask for."""
        return cls(
            page_seconds=settings.max_page_seconds,
            rowless_seconds=settings.max_rowless_seconds,
            document_seconds=settings.max_document_seconds,
            memory_mb=settings.max_memory_mb,
            document_bytes=settings.max_fetch_bytes,
        )

    def as_dict(self) -> dict[str, float]:
        """The figures by name, to be kept beside a document that was ended under them."""
        return asdict(self)

    def standstill(self) -> str:
        """The sentence for a page or block that takes too long."""
        return (
            f"was not read within {self.page_seconds:g} s, the most for one page or block of rows;"
            " raise max_page_seconds if the report is sound"
        )

    def rowless(self) -> str:
        """The sentence for a document that is read for long and gives no row."""
        return (
            f"no row was found within {self.rowless_seconds:g} s; "
            "raise max_rowless_seconds if the report is sound"
        )

    def endless(self) -> str:
        """The sentence for a document that takes too long in all."""
        return (
            f"was not read to its end within {self.document_seconds:g} s; "
            "raise max_document_seconds if the report is sound"
        )

    def memory(self) -> str:
        """The sentence for a document that takes too much memory."""
        return (
            f"took more than {self.memory_mb} MB of memory to read; "
            "raise max_memory_mb if the report is sound"
        )

    def died(self, returncode: int) -> str:
        """The sentence for a reading process that ended by itself."""
        if returncode == MEMORY_CODE:
            return self.memory()
        if returncode == PAGES_CODE:
            return "a process that read its pages broke down; please report it with the document"
        how = f"with code {returncode}" if returncode >= 0 else f"by {_signal_name(-returncode)}"
        return f"the process that read it was ended {how}; please report it with the document"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def refusal(report_id: str, reason: str, page: int | None = None) -> Parsed:
    """A document refused whole: one Reject with the place, and the same sentence as the refusal."""
    return Parsed(report_id=report_id, rejects=[Reject(raw="", reason=reason, page=page)], refused=reason)
