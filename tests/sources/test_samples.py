"""Every source folder, found by itself: its sample reads cell by cell as ``expected.csv`` says, and always so."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Ignored, Record, Reject, Total
from parsers.registry import load_source, source_ids

SOURCES = source_ids()
SAMPLES = [
    pytest.param(source_id, path, id=f"{source_id}/{path.name}")
    for source_id in SOURCES
    if (load_source(source_id).folder / "sample").is_dir()  # its absence is a failure of its own below
    for path in load_source(source_id).samples
]
KINDS: dict[type, str] = {Record: "record", Reject: "reject", Total: "total", Ignored: "ignored"}
BOX_TOLERANCE = 0.5


def outcomes(parsed: Parsed) -> list[tuple[str, Any]]:
    """All outcomes with their kind, in order of (kind, page, row); facts of one row keep their order."""
    every = [*parsed.records, *parsed.rejects, *parsed.totals, *parsed.ignored]
    kinds = [(KINDS[type(outcome)], outcome) for outcome in every]
    return sorted(kinds, key=lambda pair: (pair[0], pair[1].page or 0, pair[1].row or 0))


def expected_rows(source_id: str, document: str) -> list[dict[str, str]]:
    path = load_source(source_id).folder / "sample" / "expected.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["document"] == document]
    return sorted(rows, key=lambda row: (row["kind"], int(row.get("page") or 0), int(row.get("row") or 0)))


def agrees(actual: Any, expected: str) -> bool:
    """Whether a field holds what a cell of ``expected.csv`` says: empty is null, lists and objects are JSON."""
    if actual is None or expected == "":
        return (actual is None or actual == "") and expected == ""
    if isinstance(actual, Decimal):
        return actual == Decimal(expected)
    if isinstance(actual, Enum):
        return str(actual.value) == expected
    if isinstance(actual, bool):
        return str(actual).lower() == expected.lower()
    if isinstance(actual, date):
        return actual.isoformat() == expected
    if isinstance(actual, (list, tuple)) and all(isinstance(n, float | int) for n in actual):
        return list(actual) == pytest.approx(json.loads(expected), abs=BOX_TOLERANCE)
    if isinstance(actual, (dict, list, tuple)):
        return actual == json.loads(expected)
    return str(actual) == expected


def differences(kind: str, outcome: Any, row: dict[str, str]) -> list[str]:
    found = [] if row["kind"] == kind else [f"kind is {kind}, expected {row['kind']}"]
    for name, expected in row.items():
        if name in {"document", "kind"}:
            continue
        actual = getattr(outcome, name, None)
        if not agrees(actual, expected):
            found.append(f"{name} is {actual!r}, expected {expected!r}")
    return found


@pytest.mark.parametrize(("source_id", "path"), SAMPLES)
def test_sample_reads_cell_by_cell_as_expected(source_id: str, path: Path) -> None:
    expected = expected_rows(source_id, path.name)
    assert expected, f"expected.csv says nothing of {path.name}"
    parsed = load_source(source_id).parse(Document.from_file(path))
    found = outcomes(parsed)
    if not any(row["kind"] == "ignored" for row in expected):
        found = [(kind, outcome) for kind, outcome in found if kind != "ignored"]
    wrong = [
        f"{kind} page {outcome.page} row {outcome.row}: {'; '.join(faults)}"
        for (kind, outcome), row in zip(found, expected, strict=False)
        if (faults := differences(kind, outcome, row))
    ]
    assert not wrong, "\n".join(wrong[:20])
    assert len(found) == len(expected)


@pytest.mark.parametrize("source_id", SOURCES)
def test_expected_csv_names_only_samples_and_fields_that_exist(source_id: str) -> None:
    source = load_source(source_id)
    with (source.folder / "sample" / "expected.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        names = {row["document"] for row in reader}
    assert names == {path.name for path in source.samples}
    known = {"document", "kind"} | {name for kind in KINDS for name in kind.__dataclass_fields__}
    assert set(reader.fieldnames or ()) <= known


@pytest.mark.parametrize("source_id", SOURCES)
def test_source_yml_is_valid_and_explains_each_ignore_rule(source_id: str) -> None:
    meta = load_source(source_id).meta
    for rule, reason in meta.ignore.items():
        assert rule.isidentifier(), rule
        assert len(reason.split()) >= 4, f"{rule} needs a reason that a stranger understands"


@pytest.mark.parametrize("source_id", SOURCES)
def test_source_folder_has_what_a_source_needs(source_id: str) -> None:
    folder = load_source(source_id).folder
    for name in ("__init__.py", "source.yml", "parser.py", "sample/expected.csv"):
        assert (folder / name).is_file(), f"{source_id}/{name} is missing"
    assert load_source(source_id).samples


@pytest.mark.parametrize(("source_id", "path"), SAMPLES)
def test_every_row_is_accounted_for_once(source_id: str, path: Path) -> None:
    source = load_source(source_id)
    parsed = source.parse(Document.from_file(path))
    counts = parsed.row_counts()
    assert parsed.refused is None
    assert counts["seen"] == sum(n for name, n in counts.items() if name != "seen") > 0
    assert set(parsed.ignored_by_rule()) <= set(source.meta.ignore)
    assert {record.stage.value for record in parsed.records} <= set(source.meta.stages)


@pytest.mark.parametrize(("source_id", "path"), SAMPLES)
def test_parsing_twice_gives_equal_rows(source_id: str, path: Path) -> None:
    source, document = load_source(source_id), Document.from_file(path)
    assert list(source.parse(document)) == list(source.parse(document))


@pytest.mark.parametrize(("source_id", "path"), SAMPLES)
def test_transfer_ids_are_distinct_and_do_not_hold_the_document(source_id: str, path: Path) -> None:
    source, document = load_source(source_id), Document.from_file(path)
    first = [record.transfer_id for record in source.parse(document).records]
    renamed = replace(document, name=f"mirror-of-{path.name}", url="https://example.org/copy")
    assert len(set(first)) == len(first)
    assert [record.transfer_id for record in source.parse(renamed).records] == first


@pytest.mark.parametrize(("source_id", "path"), SAMPLES)
def test_printed_names_stand_beside_codes_and_places_are_known(source_id: str, path: Path) -> None:
    for record in load_source(source_id).parse(Document.from_file(path)).records:
        assert record.row is not None and record.row >= 1
        assert record.verbatim
        if record.destination_country is not None:
            assert record.destination_country_raw, f"row {record.row} has a code and no printed name"


TEXT_ENDINGS = {".csv", ".htm", ".html", ".json", ".txt", ".xml"}


def damaged(content: bytes, seed: int) -> bytes:
    """A copy that was cut off, or in which some bytes are others, as a broken transfer leaves it."""
    rng = random.Random(seed)
    if seed % 2:
        return content[: rng.randrange(len(content))]
    copy = bytearray(content)
    for _ in range(seed):
        copy[rng.randrange(len(copy))] = rng.choice(b'0;,"<>{}x\n\xff')
    return bytes(copy)


@pytest.mark.parametrize(
    ("source_id", "path"), [p for p in SAMPLES if Path(str(p.values[1])).suffix in TEXT_ENDINGS]
)
def test_damaged_copy_is_read_or_refused_and_never_a_crash(source_id: str, path: Path) -> None:
    source, document = load_source(source_id), Document.from_file(path)
    for seed in range(1, 25):
        parsed = source.parse(replace(document, content=damaged(document.content, seed)))
        assert parsed.refused is None or parsed.records == []
        assert all(reject.reason for reject in parsed.rejects)


def shuffled(content: bytes, seed: int) -> bytes:
    header, *lines = content.splitlines(keepends=True)
    random.Random(seed).shuffle(lines)
    return b"".join([header, *lines])


def facts_by_id(parsed: Parsed) -> dict[str, tuple[Any, ...]]:
    return {
        record.transfer_id: (record.stage, record.value, record.quantity, tuple(record.verbatim.items()))
        for record in parsed.records
    }


def line_tables() -> Iterable[Any]:
    """Samples in which each line is a row, so that lines can change places."""
    return [param for param in SAMPLES if is_line_table(Path(str(param.values[1])))]


def is_line_table(path: Path) -> bool:
    if path.suffix != ".csv":
        return False
    text = path.read_bytes().decode("utf-8")
    return len(list(csv.reader(text.splitlines()))) == len(text.splitlines())


@pytest.mark.parametrize(("source_id", "path"), line_tables())
@pytest.mark.parametrize("seed", [1, 2])
def test_row_order_does_not_change_transfer_ids(source_id: str, path: Path, seed: int) -> None:
    source, document = load_source(source_id), Document.from_file(path)
    reordered = replace(document, content=shuffled(document.content, seed))
    assert facts_by_id(source.parse(reordered)) == facts_by_id(source.parse(document))
