"""A rig for runs of their own, a mailbox, and disks that are full or read-only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "flows" / "alerts"))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Any]:
    from tests.faults.rig import Rig

    made = Rig(tmp_path / "rig")
    yield made
    made.close()


@pytest.fixture
def mailbox() -> Iterator[Any]:
    from mailbox_server import Mailbox

    box = Mailbox()
    yield box
    box.close()


@pytest.fixture
def mount() -> Iterator[Callable[..., None]]:
    """``mount(options, source, target)``; what was mounted is taken off at the end. Skips where it may not."""
    with ExitStack() as stack:

        def do(*words: str | Path) -> None:
            done = subprocess.run(["mount", *map(str, words)], capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"may not mount here: {done.stderr.strip()}")
            stack.callback(subprocess.run, ["umount", "-l", str(words[-1])], check=False, capture_output=True)

        yield do
