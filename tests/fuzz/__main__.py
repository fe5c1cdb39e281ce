"""``make fuzz MINUTES=10 SEED=1``: damaged copies of every source's samples through the reading processes.

What must hold for each: it is read or refused with one sentence, its rows are accounted for, nothing is
thrown, nothing hangs. A copy for which that does not hold is left in ``build/fuzz`` with the sentence beside
it: mend the reader and make a test of it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.bench import Bench, Finding


def main() -> int:
    """Fuzz for some minutes; answers 1 where something was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=5.0)
    options.add_argument("--seed", type=int, default=None, help="default: the time, printed")
    options.add_argument("--source", action="append", help="only these sources")
    options.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    asked = options.parse_args()
    seed = int(time.time()) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    ends = time.monotonic() + 60 * asked.minutes
    with Bench(seed, asked.source) as bench:
        while time.monotonic() < ends:
            for finding in bench.round():
                _keep(finding, asked.keep)
        print(bench.line())
    return 1 if bench.findings else 0


def _keep(finding: Finding, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{finding.source_id}-{finding.sha256[:12]}-{finding.name}"
    path.write_bytes(finding.content)
    path.with_name(path.name + ".why").write_text(finding.why + "\n", "utf-8")
    print(f"{path}: {finding.why}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
