"""What work costs, counted and not timed: a loaded machine counts the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def calls(work: Callable[..., Any], *arguments: Any) -> int:
    """How many functions, in Python and in C, a second piece of the same work calls."""
    count = 0

    def counted(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    work(*arguments)  # what is made once is not counted
    sys.setprofile(counted)
    try:
        work(*arguments)
    finally:
        sys.setprofile(None)
    return count
