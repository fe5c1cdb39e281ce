"""The training reports against a local server: known volumes, and a list that leads to newer ones."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from reportlab.pdfgen.canvas import Canvas

from parsers.registry import load_source
from tests.flows.publisher import answer, throttled
from tests.flows.test_live_sources import World, sample
from tests.flows.test_live_sources import world as world

pytestmark = pytest.mark.usefixtures("shared_readers")

TRAINING_LIST = "/foreign-military-training-and-dod-engagement-activities-of-interest/"
TRAINING_PAGE = "/reports/foreign-military-training-and-dod-engagement-activities-of-interest-{}/"
VOLUME = "Volume-I-Section-IV-Part-IV-VI-Western-Hemisphere.pdf"


def training(world: World) -> None:
    """Every known address, the list with an old and a new report, and the new report's page and volumes."""
    pdf = sample("us_state_fmtr", "2019_western_hemisphere.pdf")
    for known in load_source("us_state_fmtr").meta.fetch.reports:
        world.script[urlsplit(known.url).path] = [answer(200, pdf, "application/pdf")]
    pages = [TRAINING_PAGE.format(years) for years in ("2020-2021", "2030-2031")]
    links = "".join(f"<li><a href='{page}'>Report {page[-10:-1]}</a>" for page in pages)
    world.script[TRAINING_LIST] = [
        answer(200, f"<!doctype html><ul>{links}<li><a href='/x'>X</a></ul>".encode())
    ]
    named = {
        "10-Volume-I-Section-IV-Part-IV-I-Africa.pdf": "Africa",
        f"15-{VOLUME}": "Western Hemispheric Region",
    }
    volumes = "".join(f"<li><a href='/wp-content/uploads/2032/03/{n}'>{t}</a>" for n, t in named.items())
    world.script[pages[1]] = [answer(200, f"<!doctype html><ul>{volumes}</ul>".encode())]
    # another document than the known ones, or it would be a second sighting of theirs
    world.script[f"/wp-content/uploads/2032/03/15-{VOLUME}"] = [answer(200, pdf + b"\n", "application/pdf")]


def test_known_training_reports_are_fetched_and_the_list_adds_newer_ones(world: World) -> None:
    training(world)
    known = load_source("us_state_fmtr").meta.fetch.reports
    world.script[urlsplit(known[0].url).path].insert(0, throttled(0))
    world.script[TRAINING_LIST].insert(0, throttled(0))
    world.script[TRAINING_PAGE.format("2030-2031")].insert(0, throttled(0))
    outcome = world.ingest("us_state_fmtr")
    assert outcome.failures == []
    assert outcome.total("records") > 0
    asked = [path for path, _ in world.web.asked]
    assert {urlsplit(report.url).path for report in known} < set(asked)
    assert "FY2030-western-hemisphere" in {entry.report_key for entry in world.kept()}
    assert not [path for path in asked if "Africa" in path or "2020-2021" in path], "not wanted, or known"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (TRAINING_LIST, "the list of reports links to no report of two fiscal years"),
        (TRAINING_PAGE.format("2030-2031"), "report of FY2030 links to no PDF of the Western Hemisphere"),
    ],
)
def test_a_page_of_training_reports_that_changed_is_said_and_the_known_kept(
    world: World, path: str, said: str
) -> None:
    training(world)
    world.script[path] = [answer(200, b"<!doctype html><html><a href='/new'>We have moved.</a></html>")]
    outcome = world.ingest("us_state_fmtr")
    (sentence,) = outcome.failures
    assert "the list of reports is not as known" in sentence and said in sentence
    assert outcome.total("records") > 0


def test_a_training_volume_of_another_layout_is_refused_with_the_title_that_is_not_known(
    world: World,
) -> None:
    training(world)
    drawn = BytesIO()
    canvas = Canvas(drawn, pagesize=(792, 612))
    for y, cells in ((500, ("Course Title", "Qty", "Headcount", "Total Cost")), (480, ("A", "1", "2", "$3"))):
        for x, text in zip((36, 216, 320, 504), cells, strict=True):
            canvas.drawString(x, y, text)
    canvas.save()
    known = load_source("us_state_fmtr").meta.fetch.reports[0]
    world.script[urlsplit(known.url).path] = [answer(200, drawn.getvalue(), "application/pdf")]
    (sentence,) = world.ingest("us_state_fmtr").failures
    assert ": refused: page 1: unknown column title 'Headcount' beside Course Title, Qty" in sentence
