"""What bytes are, by their own first marks, whatever a server calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_HTML = re.compile(
    rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*"
    rb"<(!doctype\s+html|html|head|body|title|meta|script|style|link|table|div|pre|center|h1|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_KINDS = {
    "application/pdf": "pdf",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "text",
    "text/plain": "text",
    "text/tab-separated-values": "text",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "zip",
    "application/vnd.oasis.opendocument.spreadsheet": "zip",
    "application/vnd.ms-excel": "ole",
}


def kind_of(content: bytes) -> str:
    """``pdf``, ``zip``, ``ole``, ``gzip``, ``html``, ``xml``, ``json``, ``text`` or ``binary``."""
    head = content[:4096]
    if _HTML.match(head.lstrip()):  # before the PDF's mark, which a page may mention
        return "html"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for mark, kind in ((b"PK\x03\x04", "zip"), (b"\xd0\xcf\x11\xe0", "ole"), (b"\x1f\x8b", "gzip")):
        if head.startswith(mark):
            return kind
    wide = head.startswith(_BOMS[1:])
    if b"\0" in head and not wide:
        return "binary"
    if wide:
        head = head.decode("utf-16", "replace").encode()
    return _text_kind(head.removeprefix(_BOMS[0]).lstrip())


def _text_kind(head: bytes) -> str:
    if _HTML.match(head):
        return "html"
    if head.startswith(b"<?xml"):
        return "xml"
    if head[:1] in {b"{", b"["}:
        return "json"
    return "text"


def kinds_of(media_types: Iterable[str]) -> frozenset[str]:
    """The kinds that these media types stand for. Raises ValueError for a type that is not known here."""
    media_types = list(media_types)
    unknown = sorted(set(media_types) - set(_KINDS))
    if unknown or not media_types:
        raise ValueError(f"fetch.accept names media types that cannot be checked: {unknown}")
    return frozenset(_KINDS[media_type] for media_type in media_types)


def fits(kind: str, wanted: frozenset[str]) -> str | None:
    """The wanted kind that these bytes are, or None. Plain text may begin with a bracket or an XML tag."""
    if kind in wanted:
        return kind
    return "text" if kind in {"json", "xml"} and "text" in wanted else None


def media_type_for(kind: str, declared: str, expected: Sequence[str]) -> str:
    """The expected media type for these bytes: the declared one where it fits, else the first that does."""
    fitting = [media_type for media_type in expected if _KINDS[media_type] == kind]
    essence = declared.partition(";")[0].strip().lower()
    return essence if essence in fitting else fitting[0]
