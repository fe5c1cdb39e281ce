"""What can be refused before pdfium sees a byte: not a PDF, too large, streams that unpack without end.

pdfium unpacks a stream whole before anything can be asked of it, up to a gigabyte each. So every stream that
could pass the limit is unpacked here first, in pieces that are thrown away. Streams of encrypted files
cannot be looked into; for those the limits of the parsing process are the only ones.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from parsers.readers.pdf_basics import PdfError, PdfLimits
from parsers.readers.pdf_forms import Unpacked, check_forms, objects_of, packed_objects

_STREAM = re.compile(rb"(?<!end)stream\r?\n?")
_FILTERS = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]{0,400}\]|/[A-Za-z0-9]+)")
_NAME = re.compile(rb"/([A-Za-z0-9]+)")
_OBJECT_NUMBER = re.compile(rb"(\d+)\s+\d+\s+$")
_HASHED = re.compile(rb"#([0-9A-Fa-f]{2})")
_SHORT = {b"Fl": b"FlateDecode", b"LZW": b"LZWDecode", b"A85": b"ASCII85Decode", b"AHx": b"ASCIIHexDecode"}
_SHORT[b"RL"] = b"RunLengthDecode"
_PICTURES = {b"DCTDecode", b"JPXDecode", b"JBIG2Decode", b"CCITTFaxDecode", b"DCT", b"CCF"}
# no input of n bytes unpacks to more than this many times n
_MAX_RATIO = {
    b"FlateDecode": 1032,
    b"LZWDecode": 3000,
    b"RunLengthDecode": 64,
    b"ASCII85Decode": 4,
    b"ASCIIHexDecode": 1,
}
_POWERS_OF_85 = np.array([85**4, 85**3, 85**2, 85, 1])
_ZLIB_STARTS = tuple(bytes((b,)) for b in range(0x08, 0x80, 0x10))
_CHUNK = 1 << 20
_DICTIONARY_REACH = 4096


@dataclass(frozen=True)
class Stream:
    """One stream: object number (-1 unknown), dictionary as written, filters in order, packed bytes."""

    number: int
    dictionary: bytes
    filters: tuple[bytes, ...]
    packed: bytes


def check_bytes(content: bytes, limits: PdfLimits) -> None:
    """PdfError unless the bytes look like a PDF whose streams stay within the limits."""
    if not content:
        raise PdfError("the file is empty (0 bytes); expected a PDF")
    if len(content) > limits.max_bytes:
        raise PdfError(f"the file has {len(content)} bytes; at most {limits.max_bytes} are allowed")
    head = content[:1024]
    if b"%PDF-" not in head:
        shown = head.lstrip()[:15]
        html = shown.lower().startswith((b"<!doctype", b"<html", b"<head", b"<body"))
        kind = "an HTML page" if html else f"{shown!r}"
        raise PdfError(f"no PDF: the file begins with {kind}; expected %PDF-")
    if b"/Encrypt" not in content:
        _check_streams(content, limits)


def _check_streams(content: bytes, limits: PdfLimits) -> None:
    total = 0
    has_forms = False
    for number, stream in enumerate(streams(content), 1):
        has_forms = has_forms or b"/Form" in stream.dictionary
        if len(stream.filters) > limits.max_stream_filters:
            raise PdfError(
                f"stream {number} is packed {len(stream.filters)} times over; at most "
                f"{limits.max_stream_filters} filters are allowed"
            )
        if b"LZWDecode" in stream.filters[:-1]:
            raise PdfError(f"stream {number} is packed again inside LZW, which no known producer does")
        if _PICTURES.intersection(stream.filters):
            continue
        total += _checked_size(stream, number, limits)
        if total > limits.max_inflated_bytes:
            raise PdfError(f"the streams unpack to more than {limits.max_inflated_bytes} bytes together")
    if has_forms:
        _check_forms(content, limits)


def _check_forms(content: bytes, limits: PdfLimits) -> None:
    forms: dict[int, Unpacked] = {}
    others: list[Unpacked] = []
    objects = objects_of(content)
    for stream in streams(content):
        if _PICTURES.intersection(stream.filters) or b"/Image" in stream.dictionary:
            continue
        unpacked = Unpacked(stream.number, stream.dictionary, b"".join(_contents(stream, limits)))
        if b"/ObjStm" in stream.dictionary:
            objects.update(packed_objects(stream.dictionary, unpacked.content))
        elif unpacked.is_form:
            forms[stream.number] = unpacked
        elif b" Do" in unpacked.content or b"\nDo" in unpacked.content:
            others.append(unpacked)
    check_forms(forms, others, objects, limits)


def streams(content: bytes) -> Iterator[Stream]:
    """Streams in file order, found by their keywords: a broken cross-reference table hides none."""
    at = 0
    while match := _STREAM.search(content, at):
        begin = match.end()
        end = content.find(b"endstream", begin)
        end = len(content) if end < 0 else end
        head = content[max(at, match.start() - _DICTIONARY_REACH) : match.start()]
        start = head.rfind(b"obj")
        numbers = _OBJECT_NUMBER.search(head[: max(0, start)])
        dictionary = _HASHED.sub(_plain, head[start + 3 :] if start >= 0 else head)
        packed = content[begin:end]
        number = int(numbers.group(1)) if numbers else -1
        yield Stream(number, dictionary, _filters(dictionary, packed), packed)
        at = end + 9 if end < len(content) else end


def _plain(hashed: re.Match[bytes]) -> bytes:
    # names may hide their letters: /Fl#61teDecode
    return bytes((int(hashed.group(1), 16),))


def _filters(dictionary: bytes, packed: bytes) -> tuple[bytes, ...]:
    found = _FILTERS.search(dictionary)
    if found:
        return tuple(_SHORT.get(n, n) for n in _NAME.findall(found.group(1)))
    # a filter that stands in an object of its own: what begins like zlib is taken for it
    looks_packed = b"/Filter" in dictionary and packed[:1] in _ZLIB_STARTS
    return (b"FlateDecode",) if looks_packed else ()


def _checked_size(stream: Stream, number: int, limits: PdfLimits) -> int:
    """Unpacked size; PdfError past the limit. Streams that cannot unpack to much are not unpacked."""
    most = len(stream.packed)
    for name in stream.filters:
        most *= _MAX_RATIO.get(name, 1)
    if most * 50 <= limits.max_stream_bytes:
        return most
    size = 0
    for piece in _contents(stream, limits):
        size += len(piece)
        if size > limits.max_stream_bytes:
            raise PdfError(f"stream {number} unpacks to more than {limits.max_stream_bytes} bytes")
    return size


def _contents(stream: Stream, limits: PdfLimits) -> Iterator[bytes]:
    pieces: Iterator[bytes] = iter((stream.packed,))
    for name in stream.filters:
        pieces = _unpacked(pieces, name, limits.max_stream_bytes)
    return pieces


def _unpacked(pieces: Iterator[bytes], name: bytes, most: int) -> Iterator[bytes]:
    if name == b"FlateDecode":
        return _inflated(pieces)
    if name == b"ASCII85Decode":
        return _ascii(pieces, _ascii85, most)
    if name == b"ASCIIHexDecode":
        return _ascii(pieces, _ascii_hex, most)
    if name == b"RunLengthDecode":
        return _run_lengths(pieces, most)
    if name == b"LZWDecode":
        return _lzw_sized(pieces, most)
    return pieces


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Inflate in pieces of at most 1 MB; what is no zlib data ends silently, pdfium will say so."""
    machine = zlib.decompressobj()
    for piece in pieces:
        left = piece
        while left and not machine.eof:
            try:
                out = machine.decompress(left, _CHUNK)
            except zlib.error:
                return
            if out:
                yield out
            left = machine.unconsumed_tail


def _ascii(pieces: Iterator[bytes], decode: Callable[[bytes], bytes], most: int) -> Iterator[bytes]:
    yield decode(b"".join(_limited(pieces, most)))


def _limited(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        yield piece
        if size > most:
            return


def _ascii85(data: bytes) -> bytes:
    packed = data.split(b"~")[0].translate(None, b" \t\r\n\x00\x0c")
    if b"z" not in packed:  # the usual case, fifty times faster than the library's loop
        packed += b"u" * (-len(packed) % 5)
        digits = np.frombuffer(packed, np.uint8).reshape(-1, 5).astype(np.int64) - 33
        return bytes((digits @ _POWERS_OF_85 & 0xFFFFFFFF).astype(">u4").tobytes())
    try:
        return base64.a85decode(packed)
    except ValueError:
        return data


def _ascii_hex(data: bytes) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", data.split(b">")[0])
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])


def _run_lengths(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    data = b"".join(_limited(pieces, most))
    at = 0
    while at < len(data) and data[at] != 128:
        length = data[at]
        if length < 128:
            yield data[at + 1 : at + 2 + length]
            at += length + 2
        else:
            yield data[at + 1 : at + 2] * (257 - length)
            at += 2


def _lzw_sized(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Zero bytes, as many as LZW data unpacks to: only lengths are followed, not contents."""
    data = b"".join(_limited(pieces, most))
    lengths = [1] * 256 + [0, 0]
    width, held, bits, previous = 9, 0, 0, 0
    for byte in data:
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == 257:
            return
        if code == 256:
            lengths, width, previous = [1] * 256 + [0, 0], 9, 0
            continue
        length = lengths[code] if code < len(lengths) else previous + 1
        if previous and len(lengths) < 4096:
            lengths.append(previous + 1)
        width = 9 + (len(lengths) >= 511) + (len(lengths) >= 1023) + (len(lengths) >= 2047)
        previous = length
        yield bytes(length)
