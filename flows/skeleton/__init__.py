"""``armswatch new-source``: a source folder that already passes its tests, to be changed line by line."""

from __future__ import annotations

import re
from pathlib import Path

from flows.ingest import UsageError
from parsers.registry import source_ids

_TEMPLATE = Path(__file__).parent / "folder"
_NAME = re.compile(r"[a-z]{2}(_[a-z0-9]+)+")


def make_source(name: str, sources: Path | None = None) -> Path:
    """Make ``parsers/sources/<name>`` from the template; answers the folder.

    Raises UsageError for a name that is not ``<iso2>_<publisher>_<report>`` or that is taken.
    """
    from parsers import sources as package

    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r}: a source is named <iso2>_<publisher>_<report>, such as ca_gac_report")
    folder = (sources or Path(package.__path__[0])) / name
    if folder.exists() or name in source_ids():
        raise UsageError(f"{folder}: is there already")
    for template in sorted(path for path in _TEMPLATE.rglob("*") if path.is_file()):
        target = folder / template.relative_to(_TEMPLATE).with_suffix(template.suffix.replace("_", ""))
        target.parent.mkdir(parents=True, exist_ok=True)
        text = template.read_text("utf-8")
        target.write_text(text.replace("XX", name[:2].upper()).replace("$SOURCE", name), "utf-8")
    (folder / "__init__.py").touch()
    return folder
