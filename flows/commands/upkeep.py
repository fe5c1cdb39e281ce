"""``armswatch verify`` and ``armswatch new-source``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def verify(arguments: argparse.Namespace) -> int:
    """Prove that what is published follows from the archive: 0 where it does, 1 naming each difference."""
    from flows.settings import load_settings
    from flows.verify import verify_home

    home = Path(arguments.home) if arguments.home else None
    problems = verify_home(load_settings(home=home), print)
    for problem in problems:
        print(f"differs: {problem}", file=sys.stderr)
    return 1 if problems else 0


def new_source(arguments: argparse.Namespace) -> int:
    """Make the skeleton of a source. Raises UsageError for a name that is not one, or taken."""
    from flows.skeleton import make_source

    folder = make_source(arguments.name)
    print(f"{folder}: made. Its tests pass as it stands: pytest tests/sources -k {folder.name}")
    return 0
