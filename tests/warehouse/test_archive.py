"""The archive: bytes by their hash, one line an arrival, and nothing that was kept is ever lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parsers.document import Document
from warehouse.archive import Archive, ArchiveError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def document(text: str, key: str | None = "2025") -> Document:
    return Document(content=text.encode(), media_type="text/plain", name="report.txt", report_key=key)


def add(
    archive: Archive, text: str, *, key: str | None = "2025", now: datetime = NOON, source: str = "a_source"
):  # type: ignore[no-untyped-def]
    return archive.add(source, document(text, key), run_id="2026-01-01", now=now)


def test_a_document_comes_back_with_all_that_was_known_of_it(tmp_path: Path) -> None:
    entry = add(Archive(tmp_path), "one")
    again = Archive(tmp_path)
    assert again.entries == [entry]
    back = again.document(again.entries[0])
    assert (back.content, back.name, back.report_key, back.sha256) == (
        b"one",
        "report.txt",
        "2025",
        entry.sha256,
    )


def test_the_same_bytes_of_the_same_report_are_not_an_arrival(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert add(archive, "one") is not None
    assert add(archive, "one") is None
    assert len(archive.entries) == 1


def test_a_report_that_goes_back_to_an_older_text_arrives_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for text in ("one", "two", "one"):
        assert add(archive, text) is not None
    assert [entry.seq for entry in archive.entries] == [1, 2, 3]
    assert len(list(tmp_path.glob("??/*"))) == 2, "equal bytes are kept once"


def test_a_dropped_file_is_known_by_its_bytes_for_ever(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert [add(archive, text, key=None) is not None for text in ("one", "two", "one")] == [True, True, False]


def test_the_order_of_arrivals_holds_when_the_clock_is_set_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = add(archive, "one", now=NOON)
    second = add(archive, "two", now=NOON - timedelta(days=3))
    assert second.archived_at > first.archived_at


def test_a_line_torn_by_a_crash_is_cut_and_what_came_before_stays(tmp_path: Path) -> None:
    add(Archive(tmp_path), "one")
    with (tmp_path / "ledger.jsonl").open("ab") as ledger:
        ledger.write(b'{"seq": 2, "source_id": "a_so')
    archive = Archive(tmp_path)
    assert [entry.seq for entry in archive.entries] == [1]
    add(archive, "two")
    assert [entry.seq for entry in Archive(tmp_path).entries] == [1, 2]


def test_a_broken_line_elsewhere_is_named_with_its_number(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    add(archive, "one")
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes(b"not a line\n" + ledger.read_bytes())
    with pytest.raises(ArchiveError, match=r"ledger\.jsonl, line 1: not a ledger line"):
        _ = Archive(tmp_path).entries


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_damage_on_disk_is_named_not_read(tmp_path: Path, damage: str) -> None:
    archive = Archive(tmp_path)
    entry = add(archive, "one")
    path = archive.path_of(entry.sha256)
    path.chmod(0o644)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"two")
    assert [str(path) in sentence for sentence in archive.damaged().values()] == [True]
    with pytest.raises(ArchiveError, match="restore it from a backup"):
        archive.document(entry)


def test_a_document_is_written_read_only(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.path_of(add(archive, "one").sha256).stat().st_mode & 0o222 == 0
