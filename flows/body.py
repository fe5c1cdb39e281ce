"""The body of an answer: whole, decompressed, within its limit, or a FetchError that says what is wrong."""

from __future__ import annotations

import zlib

import httpx


class FetchError(Exception):
    """A report that could not be had: one sentence, the address without any key, and whether to try again.

    ``status`` is the HTTP status where there was one; ``retry_after`` the seconds the publisher asked for.
    """

    def __init__(
        self,
        sentence: str,
        url: str,
        *,
        retryable: bool,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{url}: {sentence}")
        self.sentence = sentence
        self.url = url
        self.retryable = retryable
        self.status = status
        self.retry_after = retry_after


def read_body(response: httpx.Response, url: str, limit: int) -> bytes:
    """The whole body, decompressed, at most ``limit`` bytes. Raises FetchError when too long or cut short."""
    too_long = FetchError(f"sent more than {limit} bytes", url, retryable=False)
    declared = response.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise too_long
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    inflate = _Inflate(encoding, limit, url)
    for piece in response.iter_raw():
        if not inflate.feed(piece):
            raise too_long
    content = inflate.finish()
    chunked = "chunked" in response.headers.get("transfer-encoding", "").lower()
    unframed = not declared and not chunked
    if unframed and content.startswith(b"%PDF-") and b"%%EOF" not in content[-2048:]:
        # Nothing but the file's own end tells whether such an answer is whole.
        raise FetchError("the PDF was cut short (no end mark)", url, retryable=True)
    return content


class _Inflate:
    """Bounded decompression of a body in pieces; a bomb stops at the limit, not in memory."""

    def __init__(self, encoding: str, limit: int, url: str) -> None:
        if encoding not in {"identity", "", "gzip", "x-gzip", "deflate"}:
            raise FetchError(f"is compressed as {encoding[:40]!r}, unasked", url, retryable=False)
        self._encoding = encoding.removeprefix("x-") or "identity"
        self._limit = limit
        self._url = url
        self._out = bytearray()
        self._engine = None if self._encoding == "identity" else self._new_engine(b"")

    def _new_engine(self, first: bytes) -> zlib._Decompress:
        if self._encoding == "gzip":
            return zlib.decompressobj(31)
        # "deflate" should be zlib-wrapped; some servers send it raw.
        raw = bool(first) and (first[0] & 0x0F) != 8
        return zlib.decompressobj(-15 if raw else 15)

    def feed(self, piece: bytes) -> bool:
        """Take one piece; False when the limit is exceeded. Raises FetchError when it is not readable."""
        if self._engine is None:
            self._out += piece
            return len(self._out) <= self._limit
        if self._encoding == "deflate" and not self._out and piece:
            self._engine = self._new_engine(piece)
        while piece:
            if self._engine.eof:  # gzip may hold several members
                self._engine = self._new_engine(piece)
            try:
                self._out += self._engine.decompress(piece, self._limit - len(self._out) + 1)
            except zlib.error:
                raise FetchError(
                    "sent a compressed answer that is damaged", self._url, retryable=True
                ) from None
            if len(self._out) > self._limit:
                return False
            piece = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail
        return True

    def finish(self) -> bytes:
        """All bytes. Raises FetchError when the compressed body ended before its end mark."""
        if self._engine is not None and not self._engine.eof:
            raise FetchError("the answer was cut short", self._url, retryable=True)
        return bytes(self._out)
