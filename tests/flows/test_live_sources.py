"""Every source that has a live address, against a real server that answers in its publisher's shape.

The addresses are those of ``source.yml`` with only scheme and host replaced by the local server's, so paths
and queries arrive as the publisher would see them. No parser has a host of its own: all further addresses come
from the publisher's answers, which here name the local server. Bodies are the bundled samples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.ingest import SourceOutcome
from flows.run import Run
from flows.settings import load_settings
from parsers.facts import KnownReport
from parsers.registry import load_source, source_ids
from tests.flows.publisher import Answer, Publisher, answer, as_json, by_query, throttled
from warehouse.archive import Archive, Entry

pytestmark = pytest.mark.usefixtures("shared_readers")

REGISTER = {
    "us_ddtc_notices": ("2021-99901", "Notifications to the Congress of Proposed Commercial Export Licenses"),
    "us_dsca_notices": ("2014-99901", "36(b)(1) Arms Sales Notification"),
}
NOTICES = "/documents/full_text/text/2021/02/17"
PINNED = {"eu_eeas_coarm", "gb_ecju_licences", "nl_bz_licences"}
LISTED = {
    "us_atf_commerce": {"Firearms Commerce in the United States 2024": "2024_exhibit_2.pdf"},
    "us_bis_licences": {"U.S. Trade with Mexico, Calendar Year 2022": "1_mexico_cy2022.pdf"},
    "us_ddtc_655": {
        "Fiscal Year 2005": "1_items_fy2005.pdf",
        "Fiscal Year 2012": "2_categories_fy2012.pdf",
        "Fiscal Year 2017": "3_licensed_shipped_fy2017.pdf",
    },
}
CONGRESS = {"us_congress_communications", "us_congress_resolutions"}
KEY = "S3cretKeyOfTheTest"


class World:
    """A publisher on two hosts, and a home in which sources are ingested from it."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.monkeypatch = monkeypatch
        self.servers = [Publisher(), Publisher()]
        self.web, self.other = self.servers
        self.script = self.web.script

    def _move(self, source_id: str) -> None:
        """Let a source live on the local server, all else in its ``fetch`` as ``source.yml`` says."""

        def local(url: str) -> str:
            return re.sub(r"^https://[^/]+", self.web.url(""), url)

        source = load_source(source_id)
        facts = source.meta.fetch
        update: dict[str, Any] = {
            "hosts": [server.host for server in self.servers],
            "index": [local(url) for url in facts.index],
            "reports": [KnownReport(url=local(known.url), key=known.key) for known in facts.reports],
            "months": facts.months and facts.months.model_copy(update={"url": local(facts.months.url)}),
            "delay_seconds": 0,
        }
        meta = source.meta.model_copy(update={"fetch": facts.model_copy(update=update)})
        self.monkeypatch.setitem(source.__dict__, "meta", meta)

    def ingest(self, source_id: str, **settings: Any) -> SourceOutcome:
        """One night of one source, each address tried twice. No API key may be kept or said anywhere."""
        self._move(source_id)
        allowed = tuple(server.host for server in self.servers)
        given = {"max_fetch_attempts": 2, "allow_private_hosts": allowed, **settings}
        run = Run(load_settings(home=self.home, reports="live", **given), lambda _line: None)
        try:
            outcome = run.ingest(source_id)
        finally:
            run.close()
        # the ledger, the reports, the state, parsed rows and the log
        for file in filter(Path.is_file, self.home.rglob("*")):
            assert KEY.encode() not in file.read_bytes(), file
        assert KEY not in " ".join(outcome.failures)
        return outcome

    def kept(self) -> list[Entry]:
        """What the archive's ledger says."""
        return Archive(self.home / "raw").entries

    def queries(self) -> list[dict[str, list[str]]]:
        """The query of each request to the first host."""
        return [parse_qs(urlsplit(path).query) for path, _ in self.web.asked]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, monkeypatch)
    yield made
    for server in made.servers:
        server.close()


def sample(source_id: str, name: str = "") -> bytes:
    source = load_source(source_id)
    return next(path for path in source.samples if not name or path.name == name).read_bytes()


def test_every_source_has_a_live_address_and_is_tried_here_or_with_the_training_reports() -> None:
    assert {*REGISTER, *PINNED, *LISTED, *CONGRESS, "us_census_exports", "us_state_fmtr"} == set(source_ids())
    for source_id in source_ids():
        fetch = load_source(source_id).meta.fetch
        assert fetch.index or fetch.reports or fetch.months, source_id


# -- the Federal Register: a search in pages, each notice at an address of its own ----------------------


def register(world: World, source_id: str) -> dict[str, Answer]:
    """Two pages of the search, by the ``page`` that is asked, and the two notices that they name."""
    number, title = REGISTER[source_id]
    second = number[:-1] + "2"

    def page(number: str, following: str | None) -> Answer:
        entry = {
            "document_number": number,
            "publication_date": "2021-02-17",
            "title": title,
            "raw_text_url": world.web.url(f"{NOTICES}/{number}.txt"),
        }
        other = {"document_number": "2021-00001", "title": "Another notice", "raw_text_url": None}
        return as_json({"count": 4, "total_pages": 2, "next_page_url": following, "results": [entry, other]})

    for each in (number, second):
        text = sample(source_id, f"{number}.txt").replace(number.encode(), each.encode())
        world.script[f"{NOTICES}/{each}.txt"] = [answer(200, text, "text/html; charset=utf-8")]
    following = world.web.url("/api/v1/documents.json?format=json&page=2")
    pages = {"": page(number, following), "2": page(second, None)}
    world.script["/api/v1/documents.json"] = [by_query("page", pages)]
    return pages


@pytest.mark.parametrize("source_id", REGISTER)
def test_the_register_s_search_is_followed_through_pages_and_throttle(world: World, source_id: str) -> None:
    register(world, source_id)
    first = REGISTER[source_id][0]
    world.script[f"{NOTICES}/{first}.txt"].insert(0, throttled(0))
    world.script["/api/v1/documents.json"].insert(0, throttled(0))
    outcome = world.ingest(source_id)
    assert outcome.failures == []
    assert outcome.archived == [f"{first}.txt", f"{first[:-1]}2.txt"]
    assert outcome.total("records") > 0
    assert [(e.report_key, str(e.published_on)) for e in world.kept()] == [
        (number, "2021-02-17") for number in (first, f"{first[:-1]}2")
    ]
    assert {"conditions[term]", "conditions[agencies][]", "per_page"} <= world.queries()[0].keys()


@pytest.mark.parametrize("source_id", REGISTER)
def test_a_page_of_the_search_that_changed_is_said_and_the_other_kept(world: World, source_id: str) -> None:
    register(world, source_id)["2"] = as_json({"documents": []})
    outcome = world.ingest(source_id)
    assert outcome.archived == [f"{REGISTER[source_id][0]}.txt"]
    (sentence,) = outcome.failures
    assert "page=2: the list of reports is not as known: no results in the answer: {'documents'" in sentence


@pytest.mark.parametrize(
    ("source_id", "said"),
    [("us_ddtc_notices", "not a notice of proposed"), ("us_dsca_notices", "'(i) Prospective Purchaser'")],
)
def test_a_notice_that_changed_is_refused_and_the_other_read(world: World, source_id: str, said: str) -> None:
    register(world, source_id)
    first = REGISTER[source_id][0]
    changed = b"<html><body><pre>[FR Doc No: 2021-99901]\nA new shape of notices.</pre></body></html>"
    world.script[f"{NOTICES}/{first}.txt"] = [answer(200, changed)]
    outcome = world.ingest(source_id)
    assert len(outcome.archived) == 2, "a refused document is kept: a newer parser may read it"
    (sentence,) = outcome.failures
    assert sentence.startswith(f"{first}.txt: refused: ") and said in sentence
    assert outcome.total("records") > 0


# -- congress.gov: lists in pages, addresses that repeat the key -----------------------------------------


def communications(world: World, chamber: str, numbers: list[int]) -> dict[str, Answer]:
    """A chamber's list, one communication a page by ``offset``, and the items; addresses repeat the key."""
    path = f"/v3/{chamber}-communication/119/ec"
    given = json.loads(sample("us_congress_communications", "senate-2025-03-24.json"))["senate-communication"]
    pages: dict[str, Answer] = {}
    for offset, number in enumerate(numbers):
        cells = {"chamber": chamber.title(), "communicationType": given["communicationType"]}
        url = world.web.url(f"{path}/{number}?api_key={KEY}&format=json")
        following = world.web.url(f"{path}?api_key={KEY}&offset={offset + 1}&limit=250&format=json")
        pagination = {"next": following} if offset + 1 < len(numbers) else {}
        listed = [cells | {"congress": 119, "number": number, "url": url}]
        pages[str(offset or "")] = as_json({f"{chamber}Communications": listed, "pagination": pagination})
        item = {f"{chamber}-communication": given | cells | {"number": number}}
        world.script[f"{path}/{number}"] = [as_json(item)]
    world.script[path] = [by_query("offset", pages)]
    return pages


def test_communications_come_from_both_chambers_lists_asked_with_the_key(world: World) -> None:
    communications(world, "house", [1305, 1306])
    communications(world, "senate", [511])
    world.script["/v3/house-communication/119/ec"].insert(0, throttled(1))
    world.script["/v3/senate-communication/119/ec/511"].insert(0, throttled(0))
    outcome = world.ingest("us_congress_communications", congress_api_key=KEY)
    assert (outcome.failures, outcome.total("records")) == ([], 3)
    entries = world.kept()
    assert {e.report_key for e in entries} == {"119-house-ec-1305", "119-house-ec-1306", "119-senate-ec-511"}
    assert entries[0].url == world.web.url("/v3/house-communication/119/ec/1305?format=json")
    assert [query["api_key"] for query in world.queries()] == [[KEY]] * 8


def test_a_list_of_communications_that_changed_is_said_and_the_other_chamber_s_is_kept(world: World) -> None:
    communications(world, "house", [1305])[""] = as_json({"communications": {"house": []}})
    communications(world, "senate", [511, 512])
    world.script["/v3/senate-communication/119/ec/512"] = [as_json({"communication": {"id": 512}})]
    outcome = world.ingest("us_congress_communications", congress_api_key=KEY)
    listed, item = outcome.failures
    assert "the list of reports is not as known: no list of communications in the answer" in listed
    assert "{'communications': {'house': []}}" in listed
    assert item.startswith("512: refused: ")
    assert (outcome.archived, outcome.total("records")) == (["511", "512"], 1)


@pytest.mark.parametrize(("key", "hint"), [(None, "; the setting congress_api_key is not set"), (KEY, "")])
def test_a_key_that_is_missing_or_refused_is_said(world: World, key: str | None, hint: str) -> None:
    for chamber in ("house", "senate"):
        message = f'{{"error": {{"code": "API_KEY_INVALID", "message": "{key}"}}}}'.encode()
        world.script[f"/v3/{chamber}-communication/119/ec"] = [answer(403, message, "application/json")]
    outcome = world.ingest("us_congress_communications", congress_api_key=key)
    said = [sentence.partition(": ")[2] for sentence in outcome.failures]
    assert said == [f"answered 403 Forbidden{hint}"] * 2
    assert not outcome.is_retryable


def resolutions(world: World) -> None:
    """Two pages of the Senate's bills, none of the House's, and each bill's page of texts on another host."""

    def bills(number: int, following: str | None) -> Answer:
        title = "A joint resolution providing for congressional disapproval of the proposed export of arms."
        url = world.web.url(f"/v3/bill/119/sjres/{number}?api_key={KEY}&format=json")
        post_office = {"title": "A joint resolution on a post office.", "url": url.replace("/sjres/", "/x/")}
        pagination = {"next": following} if following else {}
        return as_json({"bills": [{"title": title, "url": url}, post_office], "pagination": pagination})

    following = world.web.url(f"/v3/bill/119/sjres?api_key={KEY}&offset=250&format=json")
    pages = {"": bills(40, following), "250": bills(70, None)}
    world.script["/v3/bill/119/sjres"] = [by_query("offset", pages)]
    world.script["/v3/bill/119/hjres"] = [as_json({"bills": [], "pagination": {"count": 0}})]
    for number, kind, ending, media_type in (
        (40, "Formatted Text", "htm", "text/html"),
        (70, "Formatted XML", "xml", "application/xml"),
    ):
        file = f"BILLS-119sjres{number}is.{ending}"
        path = f"/119/bills/sjres{number}/{file}"
        form = {"type": kind, "url": world.other.url(path)}
        version = {"date": "2025-03-27T04:00:00Z", "type": "Introduced in Senate", "formats": [form]}
        world.script[f"/v3/bill/119/sjres/{number}/text"] = [as_json({"textVersions": [version]})]
        world.other.script[path] = [answer(200, sample("us_congress_resolutions", file), media_type)]


def test_resolutions_are_found_from_bills_to_texts_on_the_other_host(world: World) -> None:
    resolutions(world)
    world.script["/v3/bill/119/sjres/40/text"].insert(0, throttled(0))
    outcome = world.ingest("us_congress_resolutions", congress_api_key=KEY)
    assert outcome.failures == []
    assert outcome.archived == ["BILLS-119sjres40is.htm", "BILLS-119sjres70is.xml"]
    assert outcome.total("records") > 0
    assert {e.report_key for e in world.kept()} == {"119-sjres-40", "119-sjres-70"}
    assert [query["api_key"] for query in world.queries()] == [[KEY]] * 6


def test_a_page_of_texts_that_changed_is_said_and_the_other_resolution_is_kept(world: World) -> None:
    resolutions(world)
    world.script["/v3/bill/119/sjres/40/text"] = [as_json({"texts": []})]
    outcome = world.ingest("us_congress_resolutions", congress_api_key=KEY)
    (sentence,) = outcome.failures
    assert "neither a list of bills nor of texts: {'texts': []}" in sentence
    assert outcome.archived == ["BILLS-119sjres70is.xml"]


# -- the Census Bureau: a question a month, empty for a month without trade --------------------------------


def census(world: World, **odd: list[Answer]) -> None:
    """January to March 2013: rows, an empty answer, rows; ``odd`` answers (by month's name) come first."""
    names = {"2013-01": "january", "2013-02": "february", "2013-03": "march"}

    def of(month: str) -> Answer:
        body = sample("us_census_exports").replace(b"2023-03", month.encode())
        usual = answer(204) if names[month] == "february" else answer(200, body, "application/json")
        waiting = [*odd.get(names[month], []), usual]
        return lambda request: (waiting.pop(0) if len(waiting) > 1 else usual)(request)

    answers = {month: of(month) for month in names}
    world.script["/data/timeseries/intltrade/exports/hs"] = [by_query("time", answers)]


APRIL = datetime(2013, 4, 2, tzinfo=UTC)


def test_census_months_are_asked_with_the_key_and_an_empty_one_is_a_report(world: World) -> None:
    census(world, march=[throttled(0)])
    outcome = world.ingest("us_census_exports", census_api_key=KEY, now=APRIL)
    assert outcome.failures == []
    entries = world.kept()
    assert [e.report_key for e in entries] == ["hs10-2013-01", "hs10-2013-02", "hs10-2013-03"]
    assert [e.size_bytes > 0 for e in entries] == [True, False, True]
    queries = world.queries()
    assert [(query["time"], query["key"]) for query in queries] == [
        ([month], [KEY]) for month in ("2013-01", "2013-02", "2013-03", "2013-03")
    ]
    assert queries[0]["E_COMMODITY"] == ["93*"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            b'[["COUNTRY","time"],["MEXICO","2013-01"]]',
            "column CTY_CODE, E_COMMODITY is missing; the header holds",
        ),
        (b"<html><head><title>Missing Key</title></head></html>", "sent html where json was expected"),
        (b'{"error": "unknown variable"}', "expected a JSON array of arrays, the publisher answered"),
    ],
)
def test_a_census_month_of_another_shape_is_said_and_the_others_kept(
    world: World, body: bytes, said: str
) -> None:
    census(world, january=[answer(200, body, "application/json")])
    outcome = world.ingest("us_census_exports", census_api_key=KEY, now=APRIL)
    (sentence,) = outcome.failures
    assert said in sentence
    assert {"hs10-2013-02", "hs10-2013-03"} <= {e.report_key for e in world.kept()}
    assert outcome.total("records") > 0


# -- compilations at one pinned address ------------------------------------------------------------------


@pytest.mark.parametrize("source_id", sorted(PINNED))
def test_a_pinned_list_passes_a_throttle_and_is_refused_once_changed(world: World, source_id: str) -> None:
    (known,) = load_source(source_id).meta.fetch.reports
    path = urlsplit(known.url).path
    good = sample(source_id)
    world.script[path] = [throttled(0), answer(200, good, "text/plain; charset=utf-8", ETag='"1"')]
    first = world.ingest(source_id)
    assert (first.failures, len(first.archived)) == ([], 1)
    assert first.total("records") > 0
    assert [e.report_key for e in world.kept()] == [known.key]

    world.script[path] = [answer(304)]
    assert world.ingest(source_id).unchanged == 1
    assert world.web.asked[-1][1]["if-none-match"] == '"1"'

    header, _, rows = good.partition(b"\n")
    name = re.findall(rb"[a-zA-Z-]{5,}", header)[-1]
    world.script[path] = [answer(200, header.replace(name, b"renamed") + b"\n" + rows, "text/plain")]
    (sentence,) = world.ingest(source_id).failures
    assert f"{Path(path).name}: refused: " in sentence
    assert name.decode() in sentence or "renamed" in sentence
    assert len(world.kept()) == 2, "what was kept stays, and so does the changed list"


# -- pages of links to PDFs ------------------------------------------------------------------------------


@pytest.mark.parametrize("source_id", sorted(LISTED))
def test_a_page_s_links_pass_a_throttle_and_a_page_without_them_is_said(world: World, source_id: str) -> None:
    (index,) = load_source(source_id).meta.fetch.index
    path = urlsplit(index).path
    links = "".join(f'<li><a href="/r/{name}">{text}</a>' for text, name in LISTED[source_id].items())
    page = f"<!doctype html><html><ul>{links}<li><a href='/about'>About us</a></ul></html>"
    world.script[path] = [throttled(0), answer(200, page.encode(), "text/html")]
    for name in LISTED[source_id].values():
        pdf = answer(200, sample(source_id, name), "application/pdf")
        world.script[f"/r/{name}"] = [throttled(0), pdf]
    outcome = world.ingest(source_id)
    assert (outcome.failures, outcome.archived) == ([], list(LISTED[source_id].values()))
    assert outcome.total("records") > 0

    world.script[path] = [answer(200, b"<!doctype html><html>We have moved.</html>")]
    (sentence,) = world.ingest(source_id).failures
    assert "the list of reports is not as known" in sentence
    assert len(world.kept()) == len(LISTED[source_id])
