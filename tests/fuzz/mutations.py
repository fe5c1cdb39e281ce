"""Damaged copies of reports: bytes, and the structure that the bytes stand for.

Each mutation takes the bytes of a sound report and a seeded random, and answers other bytes. Knows no parser.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

Mutation = Callable[[bytes, Random], bytes]

TOKENS = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3\x28", b'"', b"\r", b"\n\n\n", b",,,,,", b"\t",
    b"-0", b"1e999", b"NaN", b"Infinity", b"99999999999999999999999999999", b"0.00000000000000000001", b"-1", b"(1)",
    b"1,2,3", b"$", b"%", b"00/00/0000", b"9999-99-99", b"31 February", b"=1+1", b"../../etc/passwd", b"<!--", b"]]>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#0;", b"&#x110000;", b"<td colspan='9999999'>", b"</pre>",
    b"[[Page 1]]", b"Total", b"Mexico", b"New Mexico", b"Transmittal No. ", b"Dear Mr. Speaker:", b"null", b"[]", b"{}",
    "\u202e".encode(), "\u00ad".encode(), "\ufb01".encode(), "\u0660\u0661".encode(), "\U0001f52b".encode(),
)  # fmt: skip
_MOST_ADDED = 20_000


def flip(content: bytes, random: Random) -> bytes:
    """Some bytes become others."""
    damaged = bytearray(content)
    for _ in range(random.choice((1, 3, 20))):
        if damaged:
            damaged[random.randrange(len(damaged))] = random.randrange(256)
    return bytes(damaged)


def cut(content: bytes, random: Random) -> bytes:
    """A part is gone: the end, the start, or something between."""
    start, end = sorted((random.randint(0, len(content)), random.randint(0, len(content))))
    return random.choice((content[:start], content[start:], content[:start] + content[end:]))


def again(content: bytes, random: Random) -> bytes:
    """A part stands twice, or many times."""
    start = random.randint(0, len(content))
    part = content[start : start + random.choice((1, 10, 200, 2000))]
    times = min(random.choice((1, 2, 50)), 1 + _MOST_ADDED // max(len(part), 1))
    return content[:start] + part * times + content[start:]


def token(content: bytes, random: Random) -> bytes:
    """Words that mean something to some reader, where they do not belong."""
    for _ in range(random.choice((1, 1, 4))):
        start = random.randint(0, len(content))
        gone = random.choice((0, 0, 1, 8))
        content = content[:start] + random.choice(TOKENS) + content[start + gone :]
    return content


def lines(content: bytes, random: Random) -> bytes:
    """Lines are dropped, doubled, shuffled, or joined."""
    parts = content.split(b"\n")
    at = random.randrange(len(parts))
    kind = random.randrange(4)
    if kind == 0:
        del parts[at]
    elif kind == 1:
        parts.insert(at, random.choice(parts))
    elif kind == 2:
        other = random.randrange(len(parts))
        parts[at], parts[other] = parts[other], parts[at]
    else:
        parts[at : at + 2] = [b"".join(parts[at : at + 2])]
    return b"\n".join(parts)


def number(content: bytes, random: Random) -> bytes:
    """A figure becomes another, or no figure."""
    found = list(re.finditer(rb"\d[\d,.]*", content))
    if not found:
        return content
    figure = random.choice(found)
    return content[: figure.start()] + random.choice(TOKENS) + content[figure.end() :]


def charset(content: bytes, random: Random) -> bytes:
    """The same text in another encoding than the one that the report has."""
    text = content.decode("utf-8", errors="replace")
    return text.encode(random.choice(("utf-16", "utf-16-be", "latin-1", "cp437", "utf-7")), errors="replace")


def leaf(content: bytes, random: Random) -> bytes:
    """A value in a JSON document becomes a value of another kind, or is gone."""
    try:
        root = json.loads(content)
    except ValueError:
        return content
    places: list[tuple[Any, Any]] = []
    _places(root, places)
    if not places:
        return content
    holder, key = random.choice(places)
    if random.random() < 0.2:
        del holder[key]
    else:
        values = (None, True, -1, 1e308, "", "Mexico", [], {}, [[]], {"a": 1}, "x" * 5000, 10**40)
        holder[key] = random.choice(values)
    return json.dumps(root).encode()


def _places(node: Any, places: list[tuple[Any, Any]]) -> None:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        places.append((node, key))
        _places(value, places)


_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)


def pdf_content(content: bytes, random: Random) -> bytes:
    """What a PDF draws is damaged inside its compressed streams, whose lengths stay true for readers that mend."""
    streams = list(_STREAM.finditer(content))
    if not streams:
        return content
    stream = random.choice(streams)
    try:
        drawn = zlib.decompress(stream[1])
    except zlib.error:
        return content[: stream.start(1)] + flip(stream[1], random) + content[stream.end(1) :]
    packed = zlib.compress(random.choice((flip, cut, again, lines, number, token))(drawn, random))
    return content[: stream.start(1)] + packed + content[stream.end(1) :]


def pdf_names(content: bytes, random: Random) -> bytes:
    """A name or reference of a PDF leads elsewhere."""
    found = list(re.finditer(rb"/[A-Z][A-Za-z0-9]+|\d+ 0 R|\d+ 0 obj", content))
    if len(found) < 2:
        return content
    one, other = random.choice(found), random.choice(found)
    return content[: one.start()] + other[0] + content[one.end() :]


def zipped(content: bytes, random: Random) -> bytes:
    """A member of a workbook is damaged inside its zip, or is gone."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            members = {name: book.read(name) for name in book.namelist()}
    except (zipfile.BadZipFile, NotImplementedError):
        return flip(content, random)
    name = random.choice(sorted(members))
    damage = random.choice((flip, cut, again, token, number))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for member, body in members.items():
            if member != name:
                book.writestr(member, body)
            elif random.random() < 0.8:
                book.writestr(member, damage(body, random))
    return packed.getvalue()


_BYTES = (flip, cut, again, token)
_TEXT = (*_BYTES, lines, number, charset)


def mutations_for(name: str) -> tuple[Mutation, ...]:
    """The mutations that suit a file of this name."""
    ending = name.rpartition(".")[2].lower()
    if ending == "pdf":
        return (*_BYTES, pdf_content, pdf_content, pdf_content, pdf_names)
    if ending == "xlsx":
        return (*_BYTES, zipped, zipped, zipped)
    if ending == "json":
        return (*_TEXT, leaf, leaf, leaf)
    return _TEXT


def damaged(name: str, content: bytes, random: Random) -> bytes:
    """One damaged copy: one mutation, at times several."""
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        content = random.choice(mutations_for(name))(content, random)
    return content
