"""What can be refused before pdfium sees a byte: not a PDF, too large, streams that unpack without end."""

from __future__ import annotations

from parsers.readers.pdf_types import PdfError, PdfLimits


def check_bytes(content: bytes, limits: PdfLimits) -> None:
    """PdfError unless the bytes look like a PDF within the limits."""
    if not content:
        raise PdfError("the file is empty (0 bytes)")
    if len(content) > limits.max_bytes:
        raise PdfError(f"{len(content)} bytes; at most {limits.max_bytes} are allowed")
    head = content[:1024]
    if b"%PDF-" not in head:
        shown = head.lstrip()[:15]
        kind = "an HTML page" if shown.lower().startswith((b"<!doctype", b"<html")) else f"{shown!r}"
        raise PdfError(f"no PDF: the file begins with {kind}; expected %PDF-")
