"""One document to records, totals and rejects: parsed, reconciled, and safe against a parser's defects."""

from __future__ import annotations

import logging

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Reject
from parsers.registry import Source

logger = logging.getLogger(__name__)


def read_document(source: Source, document: Document) -> Parsed:
    """Parse a document and compare its printed totals with its rows.

    Never raises for what a document holds: where a parser has a defect the document is refused whole, with a
    sentence that says so, the trace goes to the log, and other documents are not touched.
    """
    try:
        parsed = source.parse(document)
        reconcile(parsed.records, parsed.totals, source.meta.totals)
    except Exception as error:  # the edge where one document fails alone
        logger.exception("defect while reading %s (%s)", document.name, document.sha256)
        reason = f"the parser failed on this document ({type(error).__name__}: {error}); please report it"
        return Parsed(
            report_id=f"{source.source_id}/{document.report_key or document.sha256[:12]}",
            rejects=[Reject(raw="", reason=reason)],
            refused=reason,
        )
    return parsed
