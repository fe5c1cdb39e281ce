"""SIGKILL at any moment of a run: nothing lost, nothing told twice, and the next run ends as if nothing was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.kills import Campaign


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_thirty_kills_lose_nothing_and_tell_nothing_twice(
    tmp_path: Path, figures: Callable[[str], None]
) -> None:
    campaign = Campaign(tmp_path, kills_wanted=30, seed=20261124).run()
    figures(f"{campaign.line()} (of {campaign.counts['alerts']} alerts)")
    assert campaign.broken == []
    assert campaign.counts["kills"] == 30
    assert campaign.counts["alerts"] > 0
    lost = ("lost documents", "lost alerts", "doubles", "tracebacks", "not whole")
    assert [campaign.counts[name] for name in lost] == [0] * len(lost)
