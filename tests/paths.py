"""Where tests find the real reports, which are never part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
"""The folder ``shared`` beside the checkout: real files for reading and testing only."""

needs_shared = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="the folder 'shared' with real reports is not beside the checkout"
)
