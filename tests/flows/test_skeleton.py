"""``new-source``: the skeleton is a source as it stands, and names that are not one are refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.ingest import UsageError
from flows.skeleton import make_source


def test_a_source_made_from_it_passes_the_tests_of_every_source(tmp_path: Path) -> None:
    """In a copy of the checkout, because the new folder must stand where sources are found."""
    root = Path(__file__).parents[2]
    copy = tmp_path / "checkout"
    copy.mkdir()
    subprocess.run(
        [
            "cp",
            "-r",
            *(
                str(root / name)
                for name in ("flows", "parsers", "warehouse", "checks", "tests", "pyproject.toml")
            ),
            str(copy),
        ],
        check=True,
    )
    for command in (
        ["-c", "from flows.cli import main; raise SystemExit(main(['new-source', 'ca_gac_report']))"],
        [
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/sources/test_samples.py",
            "-k",
            "ca_gac_report",
        ],
    ):
        done = subprocess.run([sys.executable, *command], cwd=copy, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (copy / "parsers" / "sources" / "ca_gac_report" / "parser.py").is_file()


@pytest.mark.parametrize(
    "name", ["report", "CA_gac_report", "ca-gac-report", "../evil", "ca", "gb_ecju_licences"]
)
def test_a_name_that_is_no_source_or_is_taken_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        make_source(name, tmp_path)
