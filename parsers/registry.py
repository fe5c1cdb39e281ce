"""Finds ``sources/*/source.yml`` and gives each source one face: ``meta``, ``find_reports``, ``parse``."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType

from parsers.document import Document, one_line
from parsers.facts import SourceFacts, read_facts
from parsers.parsed import Parsed, assign_transfer_ids
from parsers.progress import counted
from parsers.record import DocumentError, Ignored, Record, Reject

_ROOT = Path(__file__).parent
_SOURCES = _ROOT / "sources"
_LONGEST_SENTENCE = 1000


@dataclass(frozen=True, slots=True)
class ReportRef:
    """A report that an index page names: its address and the key (period, edition) that identifies it."""

    url: str
    report_key: str
    title: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class IndexRef:
    """A further index page to read, such as the next page of a list."""

    url: str


@dataclass(frozen=True, slots=True)
class OddEntry:
    """An entry of an index page that is not as known: it fails alone, with this sentence."""

    reason: str


class UnknownSourceError(LookupError):
    """No folder of that name under ``parsers/sources``."""


class Source:
    """One source folder. ``meta`` is its ``source.yml``; ``parse`` and ``find_reports`` are pure."""

    def __init__(self, source_id: str, folder: Path) -> None:
        self.source_id = source_id
        self.folder = folder

    @cached_property
    def meta(self) -> SourceFacts:
        """What ``source.yml`` says; raises ValueError naming each wrong key."""
        return read_facts(self.folder / "source.yml")

    @cached_property
    def _module(self) -> ModuleType:
        return importlib.import_module(f"parsers.sources.{self.source_id}.parser")

    def prepare(self) -> None:
        """Import the parser and read ``source.yml`` now: no document is charged with it."""
        _ = self.meta, self._module

    @cached_property
    def parser_version(self) -> str:
        """``<version of source.yml>-<digest of all code and data that can change a parse>``."""
        shared = [*_ROOT.glob("*.py"), *_ROOT.glob("readers/**/*"), *_ROOT.glob("values/**/*")]
        own = [p for p in self.folder.glob("*") if p.suffix in {".py", ".yml", ".csv"}]
        digest = hashlib.sha256()
        for path in sorted(p for p in [*shared, *own] if p.is_file() and p.suffix in {".py", ".yml", ".csv"}):
            digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        return f"{self.meta.version}-{digest.hexdigest()[:12]}"

    @property
    def samples(self) -> list[Path]:
        """The bundled sample reports, in name order, without the expected cells."""
        return sorted(p for p in (self.folder / "sample").iterdir() if p.name != "expected.csv")

    def find_reports(self, index: Document) -> list[ReportRef | IndexRef | OddEntry]:
        """The reports that an index page names, further index pages, and entries that are not as known.

        Raises DocumentError when the index is not as known: an empty list means that it names none.
        """
        found: Iterable[ReportRef | IndexRef | OddEntry] = self._module.find_reports(index)
        return list(found)

    def parse(self, document: Document) -> Parsed:
        """All rows of a document as records, rejects and totals, each with its identity.

        A document whose structure is not as known is refused whole: ``Parsed.refused`` holds the sentence
        and the only outcome is one Reject. Raises AssertionError when a row is unaccounted for.
        """
        try:
            key = document.report_key or self._module.identify(document)
            parsed = Parsed.of(self._module.parse(document))
        except DocumentError as error:
            reason = one_line(error.reason, _LONGEST_SENTENCE)
            place = Reject(raw="", reason=reason, page=error.page, row=error.row)
            return Parsed(
                report_id=f"{self.source_id}/{document.report_key or document.sha256[:12]}",
                rejects=[place],
                refused=reason,
            )
        parsed.report_id = f"{self.source_id}/{key}"
        self._stamp(parsed, document)
        parsed.row_counts()
        return parsed

    def _stamp(self, parsed: Parsed, document: Document) -> None:
        for record in counted(parsed.records):
            record.source_id = self.source_id
            record.report_id = parsed.report_id
            record.document_sha256 = document.sha256
            record.parser_version = self.parser_version
            if record.published_on is None:
                record.published_on = document.published_on
            _check(record)
        _check_rules(parsed.ignored, self.meta)
        assign_transfer_ids(self.source_id, parsed.records)


def _check(record: Record) -> None:
    """What no parser may break. A breach is a defect of the parser, so it is an AssertionError."""
    if (record.value is None) is not (record.currency is None):
        raise AssertionError(f"row {record.row}: value {record.value} with currency {record.currency}")
    for code in (record.exporter_country, record.destination_country):
        if code is not None and not (len(code) == 2 and code.isascii() and code.isupper()):
            raise AssertionError(f"row {record.row}: {code!r} is not an ISO 3166-1 alpha-2 code")


def _check_rules(ignored: list[Ignored], meta: SourceFacts) -> None:
    unnamed = {entry.rule for entry in ignored} - set(meta.ignore)
    if unnamed:
        raise AssertionError(f"rows ignored by rules that source.yml does not name: {sorted(unnamed)}")


@cache
def load_source(source_id: str) -> Source:
    """One source by its folder name. Raises UnknownSourceError with the names that exist."""
    folder = _SOURCES / source_id
    if not source_id.isidentifier() or not (folder / "source.yml").is_file():
        raise UnknownSourceError(f"unknown source {source_id!r}; known are: {', '.join(source_ids())}")
    return Source(source_id, folder)


def source_ids() -> list[str]:
    """The names of all source folders, sorted."""
    return sorted(path.parent.name for path in _SOURCES.glob("*/source.yml"))
