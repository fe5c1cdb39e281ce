"""Starts runs as processes of their own, at once: everything is imported here before a run is forked off.

Each line of standard input is JSON: ``settings`` for ``load_settings``, ``log`` for what the run says. Answers are
``started PID`` and, when the run has ended in whatever way, ``ended CODE`` (minus the signal where one ended it).
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from datetime import datetime
from typing import Any

import duckdb  # noqa: F401 - imported once for all runs, as are the next
import great_expectations  # noqa: F401
import pyarrow.parquet  # noqa: F401

import warehouse.build
import warehouse.publish  # noqa: F401
from flows.commands.errors import sentence_and_code
from flows.run import run_nightly
from flows.settings import load_settings

DEFECT = 70
"""Exit code of a run that ended in an error that has no sentence of its own."""


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.setsid()
            log = os.open(asked["log"], os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            if asked.get("file_limit"):
                resource.setrlimit(resource.RLIMIT_FSIZE, (asked["file_limit"], asked["file_limit"]))
            os._exit(run(asked["settings"]))
        print(f"started {pid}", flush=True)
        _, status = os.waitpid(pid, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


def run(given: dict[str, Any]) -> int:
    """One run, its errors told as the command line tells them."""
    try:
        if given.get("now"):
            given["now"] = datetime.fromisoformat(given["now"])
        return run_nightly(load_settings(**given), lambda line: print(line, flush=True)).exit_code
    except Exception as error:  # noqa: BLE001 - told as the command line tells it
        sentence, code = sentence_and_code(error)
        print(f"armswatch: {sentence}", flush=True)
        if sentence.startswith("unexpected "):
            traceback.print_exc()
            return DEFECT
        return code


if __name__ == "__main__":
    main()
