"""Opening a PDF and streaming its pages.

Every error is a PdfError of one sentence. What pdfium does inside one call cannot be stopped from here: a
caller that reads untrusted files runs the parse in a child process with limits of its own.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterable, Iterator
from types import TracebackType

import numpy as np

from parsers.progress import tick
from parsers.readers import pdf_native as c
from parsers.readers.pdf_fonts import FontBook
from parsers.readers.pdf_glyphs import page_frame, read_glyphs, with_spaces
from parsers.readers.pdf_guard import check_bytes
from parsers.readers.pdf_rules import read_objects
from parsers.readers.pdf_types import DEFAULT_LIMITS, Page, PdfError, PdfLimits

_NO_EDGES = np.empty((0, 3))


class PdfDocument:
    """An open PDF: a context manager with `page_count` and `pages()`; close it before its bytes go."""

    def __init__(self, content: bytes, limits: PdfLimits) -> None:
        check_bytes(content, limits)
        self._content: bytes | None = content  # pdfium reads from these bytes until the document is closed
        self.limits = limits
        with c.LOCK:
            handle = c.load_document(
                ctypes.cast(ctypes.c_char_p(content), ctypes.c_void_p), len(content), None
            )
            error = c.last_error() if handle is None else 0
        if handle is None:
            if error == c.ERROR_PASSWORD:
                raise PdfError("the file is encrypted and needs a password; expected an open document")
            raise PdfError("the file is broken: no readable cross-reference table and page tree were found")
        self._handle: int | None = handle
        self._book = FontBook(content)
        self.page_count = int(c.page_count(handle))
        if not 0 < self.page_count <= limits.max_pages:
            count = self.page_count
            self.close()
            raise PdfError(f"the file says it has {count} pages; expected 1 to {limits.max_pages}")

    def __enter__(self) -> PdfDocument:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._handle is not None:
            with c.LOCK:
                c.close_document(self._handle)
            self._handle = None
            self._content = None

    def pages(self, numbers: Iterable[int] | None = None) -> Iterator[Page]:
        """The pages one after the other (all, or those numbers from 1), each freed in pdfium before it is
        given.
        """
        for number in range(1, self.page_count + 1) if numbers is None else numbers:
            yield self.page(number)

    def page(self, number: int) -> Page:
        """One page, counted from 1. PdfError names the page that cannot be read or passes a limit."""
        if self._handle is None:
            raise PdfError("the document is closed already")
        if not 1 <= number <= self.page_count:
            raise PdfError(f"no such page, the file has {self.page_count}", number)
        tick(page=number)
        with c.LOCK:
            return self._read(self._handle, number)

    def _read(self, handle: int, number: int) -> Page:
        began = time.monotonic()
        page = c.load_page(handle, number - 1)
        if page is None:
            raise PdfError("the page cannot be loaded; its dictionary or content is broken", number)
        try:
            self._check_time(began, number)
            frame = page_frame(page)
            text_page = c.load_text(page)
            if text_page is None:
                raise PdfError("the page's text cannot be loaded", number)
            try:
                self._check_time(began, number)
                glyphs, inked = read_glyphs(text_page, frame, number, self.limits, self._book)
                painted = read_objects(page, frame, number, self.limits, inked)
                glyphs = with_spaces(glyphs, painted.spaces)
            finally:
                c.close_text(text_page)
        finally:
            c.close_page(page)
        self._check_time(began, number)
        if glyphs.unreadable > self.limits.max_unreadable_share * max(1, len(glyphs)):
            raise PdfError(
                f"{glyphs.unreadable} of {len(glyphs)} glyphs have no Unicode value (missing ToUnicode); "
                "expected readable text",
                number,
            )
        return Page(
            number=number,
            width=round(frame.width, 3),
            height=round(frame.height, 3),
            glyphs=glyphs,
            across=np.concatenate([_NO_EDGES, *painted.across]),
            down=np.concatenate([_NO_EDGES, *painted.down]),
            limits=self.limits,
        )

    def _check_time(self, began: float, number: int) -> None:
        if (took := time.monotonic() - began) > self.limits.max_page_seconds:
            raise PdfError(
                f"took {took:.1f} s; at most {self.limits.max_page_seconds:g} s are allowed", number
            )


def open_pdf(content: bytes, limits: PdfLimits = DEFAULT_LIMITS) -> PdfDocument:
    """Open a PDF from its bytes; PdfError for anything that is no readable, open, bounded PDF."""
    return PdfDocument(content, limits)
