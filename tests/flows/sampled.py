"""A first night on the bundled samples, built once for all tests that look at it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from flows.run import Night, run_nightly
from flows.settings import load_settings
from tests.workshop import moment


class Sampled(NamedTuple):
    """The home, what the night came to, and what it said."""

    home: Path
    night: Night
    said: list[str]


def first_night(home: Path) -> Sampled:
    said: list[str] = []
    night = run_nightly(load_settings(home=home, reports="sample", now=moment(1)), said.append)
    assert night.is_published, night.problems
    return Sampled(home, night, said)
