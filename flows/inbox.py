"""Files that someone put into a folder of reports: which of them may be read at all."""

from __future__ import annotations

from pathlib import Path


def in_order(folder: Path) -> list[Path]:
    """Everything in the folder, oldest first; names that begin with a dot are not reports."""
    files = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted(files, key=lambda path: (path.lstat().st_mtime_ns, path.name))


def fault_of(path: Path, most_bytes: int) -> str | None:
    """Why a file is not read, or None. A link could lead to any file of the machine, so none is followed."""
    if path.is_symlink():
        return f"is a link; put the report itself into {path.parent}"
    if not path.is_file():
        return f"is not a file; put reports directly into {path.parent}"
    size = path.stat().st_size
    if size > most_bytes:
        return (
            f"has {size} bytes; at most {most_bytes} are read; raise max_fetch_bytes if the report is sound"
        )
    return None
