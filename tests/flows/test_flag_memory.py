"""What was flagged stays on record through whole runs: an edit of the registry, a note, a quiet night, verify."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.run import Night, run_nightly
from flows.settings import Settings, load_settings
from flows.verify import verify_home
from parsers.registry import load_source
from tests.workshop import ask, registry
from warehouse import flag_memory
from warehouse.home import Home
from warehouse.state import open_state
from warehouse.units import registry as registry_module
from warehouse.units.registry import Registry

SAMPLE = load_source("us_ddtc_notices").folder / "sample" / "2021-99901.txt"


def night(home: Path, reports: Path, day: int) -> tuple[Night, Settings]:
    settings = load_settings(home=home, reports=str(reports), now=datetime(2026, 5, day, tzinfo=UTC))
    return run_nightly(settings, lambda _line: None), settings


def without_navy(folder: Path | None = None) -> Registry:
    """The registry after an edit that takes the Navy's names away."""
    units = registry()
    return replace(
        units,
        aliases=tuple(alias for alias in units.aliases if alias.unit_id not in {"mx-navy", "semar"}),
        slots=tuple(slot for slot in units.slots if slot.unit_id not in {"mx-navy", "semar"}),
    )


@pytest.mark.slow  # three whole runs and two proofs of them
def test_an_edit_of_the_registry_closes_flags_and_the_closing_can_be_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, reports = tmp_path / "home", tmp_path / "reports"
    (reports / "us_ddtc_notices").mkdir(parents=True)
    (reports / "us_ddtc_notices" / SAMPLE.name).write_bytes(SAMPLE.read_bytes())

    def flags() -> dict[str, tuple[Any, ...]]:
        rows = ask(
            Home(home).database, "SELECT flag_id, unit_id, status, closed_at, closed_reason FROM out.flags"
        )
        return {row[0]: row[1:] for row in rows if row[1] is not None}

    first, settings = night(home, reports, 1)
    assert first.is_published and {state for _, state, *_ in flags().values()} == {"open"}
    flagged = set(flags())
    quiet, _ = night(home, reports, 2)
    assert not quiet.is_new_build, "what a build published is no reason to build again"
    assert verify_home(settings, lambda _line: None) == []

    monkeypatch.setattr(registry_module, "load_registry", without_navy)
    _, settings = night(home, reports, 3)
    assert set(flags()) == flagged, "no flag disappears"
    why = "The registry of units, or the rule, no longer gives this cause."
    closed_on = datetime(2026, 5, 3, tzinfo=UTC)
    assert set(flags().values()) == {(unit, "closed", closed_on, why) for unit in ("mx-navy", "semar")}
    assert verify_home(settings, lambda _line: None) == []

    note = flag_memory.Acknowledgement(
        flag_id=min(flagged),
        acknowledged_at="2026-05-03T09:00:00+00:00",
        acknowledged_by="r",
        acknowledged_note="seen",
    )
    state = open_state(Home(home).state)
    flag_memory.acknowledge(state, note)
    state.close()
    noted, settings = night(home, reports, 4)
    assert noted.is_new_build and noted.mails == [], "a note makes a new build and no news"
    what = "SELECT flag_id, acknowledged_note, closed_at FROM out.flags WHERE acknowledged_at IS NOT NULL"
    assert ask(Home(home).database, what) == [(min(flagged), "seen", datetime(2026, 5, 3, tzinfo=UTC))]
    assert verify_home(settings, lambda _line: None) == []
