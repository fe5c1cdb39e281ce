"""The starter notebook runs from top to bottom on a sample home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "start.ipynb"


def test_it_runs_top_to_bottom(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARMSWATCH_HOME", str(sample_home))
    book = json.loads(NOTEBOOK.read_text("utf-8"))
    names: dict[str, Any] = {}
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    for number, source in enumerate(cells, 1):
        exec(compile(source, f"{NOTEBOOK.name}, code cell {number}", "exec"), names)
    assert len(names["flags"]) > 0 and len(names["values"]) > 0
    assert "SHA-256" in capsys.readouterr().out


def test_it_is_kept_without_answers() -> None:
    book = json.loads(NOTEBOOK.read_text("utf-8"))
    assert all(not cell.get("outputs") for cell in book["cells"]), "clear the outputs before a commit"
