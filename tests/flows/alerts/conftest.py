"""The helpers beside these tests, importable by name, and a mailbox."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def mailbox() -> Iterator[Any]:
    from mailbox_server import Mailbox

    box = Mailbox()
    yield box
    box.close()
