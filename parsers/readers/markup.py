"""Text out of light markup: the ``<html><pre>`` shell of government texts, bill XML, and JSON answers.

No tree is built and no entity is defined or fetched: tags are dropped where they stand, so that every line
keeps the number that it has in the file.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parsers.document import Document
from parsers.progress import BLOCK, tick
from parsers.record import DocumentError

_TAG = re.compile(r"<(/?)([A-Za-z!?][^<>\s]*+)[^<>]*+>")  # possessive: a tag without end costs one look
# The printer's name for a letter that plain text lacks: "Secretar[iacute]a de Marina" [M].
_NAMED_LETTER = re.compile(r"\[([A-Za-z]{1,2}(?:acute|grave|circ|uml|tilde|cedil|ring|slash|caron|lig))\]")
_MAX_LINES = 1_000_000
_BLOCK = re.compile(
    "address|article|blockquote|br|div|dd|dl|dt|h[1-6]|hr|li|ol|p|section|table|td|th|tr|ul"
    "|text|enum|header|quote|paragraph|subsection|subparagraph|clause|form|legis-type|official-title"
    "|congress|session|legis-num|current-chamber|action|action-date|action-desc"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text without its tags; ``number`` is its line in the file, from 1."""

    number: int
    text: str


def text_of(document: Document) -> str:
    """The document's text, decoded strictly as UTF-8.

    Raises DocumentError naming the first byte that is not UTF-8, or when it holds NUL (it is no text then).
    """
    try:
        text = document.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8 text: byte {error.start} cannot be decoded") from None
    if "\0" in text:
        raise DocumentError("not text: it holds NUL characters")
    return text


def text_lines(document: Document) -> list[Line]:
    """The lines of a text, HTML or XML document with tags dropped and character references resolved.

    A block tag (``<p>``, ``<br>``, ...) ends a line as well; both parts then carry the same number. Raises
    DocumentError when the bytes are not UTF-8 text.
    """
    text = text_of(document).replace("\r\n", "\n").replace("\r", "\n")
    if _looks_like_markup(text):
        text = _without_tags(_without_hidden(text))
    lines: list[Line] = []
    for number, printed in enumerate(text.split("\n"), start=1):
        if number > _MAX_LINES:
            raise DocumentError(f"more than {_MAX_LINES} lines in one text", row=number)
        if number % BLOCK == 0:
            tick()
        lines.extend(Line(number, _with_letters(part).rstrip()) for part in printed.split("\v"))
    return lines


def _with_letters(text: str) -> str:
    """A text with its character references resolved, and the letters that the printer names in brackets."""

    def letter(named: re.Match[str]) -> str:
        character = html.unescape(f"&{named[1]};")
        return character if len(character) == 1 else named.group()

    return _NAMED_LETTER.sub(letter, html.unescape(text))


def _looks_like_markup(text: str) -> bool:
    return text.lstrip()[:1] == "<"


def _without_tags(text: str) -> str:
    def replaced(tag: re.Match[str]) -> str:
        newlines = "\n" * tag.group().count("\n")
        return newlines or ("\v" if _BLOCK.fullmatch(tag.group(2).rstrip("/").lower()) else "")

    return _TAG.sub(replaced, text)


def _without_hidden(text: str) -> str:
    """Drop scripts and styles, keeping their line breaks. One pass, front to back."""
    lowered = text.lower()
    kept: list[str] = []
    at = 0
    for opening in re.finditer(r"<(script|style)\b", lowered):
        if opening.start() < at:
            continue
        end = lowered.find(f"</{opening.group(1)}", opening.end())
        end = len(text) if end < 0 else end
        kept += [text[at : opening.start()], "\n" * text.count("\n", opening.start(), end)]
        at = end
    return "".join([*kept, text[at:]])


def read_json(document: Document) -> Mapping[str, Any]:
    """The one JSON object that a document holds. Raises DocumentError when it holds anything else."""
    try:
        value = json.loads(text_of(document))
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"not a JSON document: {error}") from None
    if not isinstance(value, dict):
        raise DocumentError(f"a JSON object was expected, not {type(value).__name__}")
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise DocumentError("the JSON document holds half a character, or is nested too deep") from None
    return value
