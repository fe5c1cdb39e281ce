"""Pages of one long document read by several processes at once, results in the order of the pages."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

from parsers.progress import Watcher, current, watch
from parsers.readers.pdf_basics import DEFAULT_LIMITS, PdfLimits
from parsers.readers.pdf_document import PdfDocument, open_pdf
from parsers.readers.pdf_types import Page

Result = TypeVar("Result")

# below this a pool's start (about half a second a process) costs more than it gains
WORTH_A_POOL = 200
_CHUNK = 25

_open: dict[str, Any] = {}
"""in a worker process: the document and the function, set once by `_begin`"""


def read_pages(
    content: bytes,
    worker: Callable[[Page], Result],
    processes: int = 2,
    limits: PdfLimits = DEFAULT_LIMITS,
    worth_a_pool: int = WORTH_A_POOL,
) -> Iterator[Result]:
    """`worker` of each page, in order; in `processes` processes when the document has enough pages.

    worker: a function at the top level of a module (it is sent by name to fresh processes); what it returns
    is pickled. PdfError comes through with its page; the pool ends with the iterator.
    """
    with open_pdf(content, limits) as pdf:
        count = pdf.page_count
        if processes < 2 or count < worth_a_pool:
            yield from map(worker, pdf.pages())
            return
    # spawned, not forked: pdfium and the caller's threads must not be inherited half way through something
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (content, worker, limits, current())) as pool:
        chunks = iter(range(1, count + 1, _CHUNK))
        waiting: deque[Future[list[Result]]] = deque()
        for start in chunks:
            waiting.append(pool.submit(_read_chunk, start, min(start + _CHUNK, count + 1)))
            if len(waiting) > 2 * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _begin(content: bytes, worker: Callable[[Page], Any], limits: PdfLimits, watcher: Watcher | None) -> None:
    watch(watcher)
    _open["pdf"], _open["worker"] = open_pdf(content, limits), worker


def _read_chunk(start: int, stop: int) -> list[Any]:
    pdf: PdfDocument = _open["pdf"]
    return [_open["worker"](page) for page in pdf.pages(range(start, stop))]
