"""One odd entry of a publisher's list is said and fails alone; the list's other entries are fetched and read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.publisher import as_json
from tests.flows.test_live_sources import KEY, NOTICES, REGISTER, World, communications, register, resolutions

pytestmark = pytest.mark.usefixtures("shared_readers")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, monkeypatch)
    yield made
    for server in made.servers:
        server.close()


@pytest.mark.parametrize("source_id", REGISTER)
def test_an_odd_notice_of_the_search_is_said_and_the_others_are_read(world: World, source_id: str) -> None:
    pages = register(world, source_id)
    number, title = REGISTER[source_id]
    good = {
        "document_number": number,
        "publication_date": "2021-02-17",
        "title": title,
        "raw_text_url": world.web.url(f"{NOTICES}/{number}.txt"),
    }
    odd = [{"document_number": "2021-00007", "title": title, "raw_text_url": None}, "2021-00008"]
    following = world.web.url("/api/v1/documents.json?format=json&page=2")
    pages[""] = as_json({"count": 4, "next_page_url": following, "results": [odd[0], good, odd[1]]})
    outcome = world.ingest(source_id)
    assert outcome.archived == [f"{number}.txt", f"{number[:-1]}2.txt"]
    first, second = (
        sentence.partition("an entry of the list is not as known: ")[2] for sentence in outcome.failures
    )
    assert first.startswith(
        "a notice without raw_text_url or document_number: {'document_number': '2021-00007'"
    )
    assert second == "a result is no object: 2021-00008"


def test_an_odd_communication_is_said_and_the_next_page_is_read(world: World) -> None:
    pages = communications(world, "house", [1305, 1306])
    communications(world, "senate", [511])
    listed = {"chamber": "House", "communicationType": {"code": "EC"}, "congress": 119, "number": 1305}
    url = world.web.url("/v3/house-communication/119/ec/1305?format=json")
    following = world.web.url("/v3/house-communication/119/ec?offset=1&limit=250&format=json")
    pages[""] = as_json(
        {
            "houseCommunications": [listed | {"url": url, "number": "13 05"}, listed | {"url": url}],
            "pagination": {"next": following},
        }
    )
    outcome = world.ingest("us_congress_communications", congress_api_key=KEY)
    assert sorted(outcome.archived) == ["1305", "1306", "511"]
    (sentence,) = outcome.failures
    assert (
        "an entry of the list is not as known: a communication without congress, type or number" in sentence
    )


def test_an_odd_bill_is_said_and_the_other_resolutions_are_read(world: World) -> None:
    resolutions(world)
    untitled = {"number": "41", "url": world.web.url("/v3/bill/119/hjres/41?format=json")}
    titled = untitled | {"title": "A joint resolution on a post office."}
    world.script["/v3/bill/119/hjres"] = [as_json({"bills": [untitled, titled], "pagination": {"count": 2}})]
    outcome = world.ingest("us_congress_resolutions", congress_api_key=KEY)
    assert outcome.archived == ["BILLS-119sjres40is.htm", "BILLS-119sjres70is.xml"]
    (sentence,) = outcome.failures
    assert "an entry of the list is not as known: a bill without title: {'number': '41'" in sentence
