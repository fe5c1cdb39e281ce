"""The pages in a real browser without a network: search works, pictures are drawn, nothing is asked for."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from PIL import Image

from flows.charts import charts_page
from flows.dictionary_page import dictionary_page
from tests.workshop import Workshop, moment, uk
from warehouse.catalog import tables

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: apt-get install chromium"),
]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
)


def browse(page: Path, profile: Path, *more: str, query: str = "") -> tuple[str, list[str]]:
    """What the browser prints, and what it complains of on the page's console."""
    done = subprocess.run(
        [str(BROWSER), *FLAGS, f"--user-data-dir={profile}", *more, page.as_uri() + query],
        capture_output=True,
        timeout=120,
        check=True,
    )
    complaints = [line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    return done.stdout.decode(), complaints


@pytest.fixture(scope="module")
def dictionary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("dictionary") / "dictionary.html"
    page.write_text(dictionary_page(tables().values()), "utf-8")
    return page


@pytest.mark.parametrize(
    ("words", "shown", "hidden"),
    [
        ("", "", None),
        ("finding_timing", "finding_timing", "licence_count"),
        ("stable flag", "flag_id", "page"),
        ("no such words", "", "transfer_id"),
    ],
)
def test_search_shows_what_fits(
    dictionary: Path, tmp_path: Path, words: str, shown: str, hidden: str | None
) -> None:
    dom, complaints = browse(dictionary, tmp_path, "--dump-dom", query=f"?q={words.replace(' ', '+')}")
    assert not complaints
    (found,) = re.findall(r'id="found"[^>]*>(\d+) columns in (\d+) tables', dom)
    visible = {
        name
        for row, name in re.findall(r"(<tr[^>]*>)\s*<td class=\"name\"><code>(\w+)</code>", dom)
        if "hidden" not in row
    }
    if not words:
        assert int(found[0]) == sum(len(table.columns) for table in tables().values())
        return
    assert (shown in visible) if shown else found == ("0", "0")
    assert hidden not in visible


@pytest.mark.parametrize("width", [1200, 500])
def test_charts_are_drawn_at_both_widths(tmp_path: Path, width: int) -> None:
    shop = Workshop(tmp_path / "home")
    rows = [f"{n},20{n:02}-04-07,ML{1 + n % 3},1,{n}5500,Mexico,0" for n in range(8, 24)]
    shop.arrives("gb_ecju_licences", "v1.csv", uk(*rows), moment(1))
    page = tmp_path / "charts.html"
    with duckdb.connect(str(shop.build()), read_only=True) as connection:
        page.write_text(charts_page(connection, moment(2)), "utf-8")
    shot = tmp_path / "shot.png"
    _, complaints = browse(page, tmp_path / "profile", f"--window-size={width},1500", f"--screenshot={shot}")
    assert not complaints
    image = Image.open(shot).convert("RGB")
    bars = [
        (x, y)
        for x in range(0, width, 2)
        for y in range(0, 1500, 2)
        if image.getpixel((x, y)) == (0, 114, 178)
    ]
    assert bars, "bars in the first colour are seen"
    edge = {image.getpixel((width - 1, y)) for y in range(1500)}
    assert edge == {(255, 255, 255)}, "nothing is cut off at the right"
