"""Forms that draw forms: how much content a page's stream expands to once each /Name Do is followed.

pdfium follows every call, so ten forms of ten calls each cost it ten thousand million, and a form that calls
itself has no end. The calls are counted here from the file's text before pdfium sees it. Names are resolved
in the form's own resources, or in the whole file where it has none, taking the costliest of all candidates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from parsers.readers.pdf_basics import PdfError, PdfLimits

_CALL = re.compile(rb"/([^\s/<>()\[\]{}%]+)\s+Do\b")
_REFERENCE = re.compile(rb"\b(\d+)\s+\d+\s+R\b")
_OBJECT = re.compile(rb"\b(\d+)\s+\d+\s+obj\b(.*?)(?:endobj|stream)", re.DOTALL)
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_MAX_NESTING = 60
_MAX_RESOURCES = 200


@dataclass(frozen=True)
class Unpacked:
    """One stream: object number (-1 when unknown), dictionary, unpacked content."""

    number: int
    dictionary: bytes
    content: bytes

    @property
    def is_form(self) -> bool:
        return bool(_FORM.search(self.dictionary))

    @property
    def calls(self) -> list[bytes]:
        return _CALL.findall(self.content)


def objects_of(text: bytes) -> dict[int, bytes]:
    """Dictionaries and arrays of the file by object number, as far as they stand open in its text."""
    return {int(m.group(1)): m.group(2) for m in _OBJECT.finditer(text)}


def packed_objects(header: bytes, content: bytes) -> dict[int, bytes]:
    """Objects inside an object stream: `header` is its dictionary, `content` its unpacked bytes."""
    first = re.search(rb"/First\s+(\d+)", header)
    if first is None:
        return {}
    start = int(first.group(1))
    numbers = [int(n) for n in re.findall(rb"\d+", content[:start])]
    places = sorted(zip(numbers[1::2], numbers[::2], strict=False))
    ends = [p for p, _ in places[1:]] + [len(content) - start]
    return {n: content[start + a : start + b] for (a, n), b in zip(places, ends, strict=True)}


def check_forms(
    forms: Mapping[int, Unpacked], others: list[Unpacked], objects: Mapping[int, bytes], limits: PdfLimits
) -> None:
    """PdfError when a form calls itself or any stream expands to more than the limit for one stream."""
    graph = _Graph(forms, objects, limits.max_stream_bytes)
    for number in forms:
        graph.cost(number, ())
    for stream in others:
        size = len(stream.content)
        for name in stream.calls:
            size += graph.cost_of_name(name, None, ())
            if size > limits.max_stream_bytes:
                raise PdfError(f"forms expand a stream to more than {limits.max_stream_bytes} bytes")


@dataclass
class _Graph:
    forms: Mapping[int, Unpacked]
    objects: Mapping[int, bytes]
    most: int
    costs: dict[int, int] = field(default_factory=dict)
    names: dict[tuple[bytes, int | None], list[int]] = field(default_factory=dict)
    scopes: dict[int | None, list[bytes]] = field(default_factory=dict)

    def cost(self, number: int, callers: tuple[int, ...]) -> int:
        """Bytes that a call of this form makes pdfium parse."""
        if number in callers:
            raise PdfError(f"form object {number} draws itself")
        if len(callers) > _MAX_NESTING:
            raise PdfError(f"forms are nested more than {_MAX_NESTING} deep")
        if number not in self.costs:
            form = self.forms[number]
            size = len(form.content)
            scope = number if b"/Resources" in form.dictionary else None
            for name in form.calls:
                size += self.cost_of_name(name, scope, (*callers, number))
                if size > self.most:
                    raise PdfError(f"form object {number} expands to more than {self.most} bytes")
            self.costs[number] = size
        return self.costs[number]

    def cost_of_name(self, name: bytes, scope: int | None, callers: tuple[int, ...]) -> int:
        found = self._forms_named(name, scope)
        if scope is None:
            # resources unknown: a name that many pages use for their own forms is no proof of a loop
            found = [n for n in found if n not in callers] or found
        return 1 + max((self.cost(n, callers) for n in found), default=0)

    def _forms_named(self, name: bytes, scope: int | None) -> list[int]:
        key = (name, scope)
        if key not in self.names:
            pattern = re.compile(rb"/" + re.escape(name) + rb"\s+(\d+)\s+\d+\s+R\b")
            targets = {int(n) for text in self._scope(scope) for n in pattern.findall(text)}
            self.names[key] = sorted(targets.intersection(self.forms))
        return self.names[key]

    def _scope(self, number: int | None) -> list[bytes]:
        """Texts in which a form's names are looked up: its dictionary and the resources that it refers to."""
        if number not in self.scopes:
            if number is None:
                self.scopes[None] = [*self.objects.values(), *(f.dictionary for f in self.forms.values())]
            else:
                self.scopes[number] = self._resources(self.forms[number].dictionary)
        return self.scopes[number]

    def _resources(self, dictionary: bytes) -> list[bytes]:
        texts, seen, waiting = [dictionary], set[int](), [dictionary]
        while waiting and len(texts) < _MAX_RESOURCES:
            for reference in map(int, _REFERENCE.findall(waiting.pop())):
                if reference in seen or reference in self.forms or reference not in self.objects:
                    continue
                seen.add(reference)
                texts.append(self.objects[reference])
                waiting.append(self.objects[reference])
        return texts
