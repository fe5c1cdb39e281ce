"""Where traces go: into ``logs/armswatch.log`` of a run's home, never to the person at the terminal."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path


class _QuietHandler(RotatingFileHandler):
    """A log that cannot be written, such as on a full disk, is said once in a sentence; the run goes on."""

    _is_said = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        error = sys.exc_info()[1]
        if not self._is_said:
            self._is_said = True
            reason = error.strerror if isinstance(error, OSError) else type(error).__name__
            print(f"{self.baseFilename}: the log cannot be written ({reason})", file=sys.stderr)  # noqa: T201


_PACKAGES = ("flows", "checks", "warehouse", "parsers")
_MOST_BYTES = 5_000_000


def log_to(folder: Path | None) -> None:
    """Send what the four packages log into ``folder/armswatch.log``, or nowhere while there is no home."""
    handler: logging.Handler = logging.NullHandler()
    if folder is not None:
        handler = _QuietHandler(
            folder / "armswatch.log", maxBytes=_MOST_BYTES, backupCount=3, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in _PACKAGES:
        logger = logging.getLogger(name)
        for old in logger.handlers[:]:
            logger.removeHandler(old)
            old.close()
        logger.addHandler(handler)
        logger.propagate = False
