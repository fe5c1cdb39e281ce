"""A home with the bundled samples, built once for all tests that only look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.run import run_nightly
from flows.settings import load_settings


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sample") / "home"
    night = run_nightly(load_settings(home=home, reports="sample"), lambda _line: None)
    assert night.is_published, night.problems
    return home
