"""The HTTP client against a real server that pages, redirects, throttles, truncates and lies."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import logging
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.body import read_body
from flows.fetch import FetchCache, Fetcher, FetchError, FetchPolicy, Pace
from flows.network import is_public
from flows.settings import load_settings
from flows.sniff import kind_of, kinds_of
from parsers.facts import Fetch

_SPEC = importlib.util.spec_from_file_location("publisher", Path(__file__).with_name("publisher.py"))
assert _SPEC and _SPEC.loader
publisher_module = importlib.util.module_from_spec(_SPEC)
sys.modules["publisher"] = publisher_module
_SPEC.loader.exec_module(publisher_module)
answer = publisher_module.answer
Publisher = publisher_module.Publisher
Request = publisher_module.Request

PDF = b"%PDF-1.7\n" + b"arms " * 400 + b"\n%%EOF\n"
PAGE = b"<!DOCTYPE html><html><body>index</body></html>"
CSV = b"country,value\nMX,1\n"
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
KEY = "k3y-that-must-not-show"
PDF_TYPE = "application/pdf"


class Bench:
    """A fetcher over a real server, with recorded sleeps and an archive that is a set of hashes."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.slept: list[float] = []
        self.archive: set[str] = set()
        self.connection = sqlite3.connect(":memory:")
        self.cache = FetchCache(self.connection)
        self.policy = FetchPolicy(user_agent="armswatch/test", allow_private_hosts=(server.host,))

    def facts(self, *accept: str, **more: Any) -> Fetch:
        hosts = more.pop("hosts", [self.server.host])
        return Fetch(
            hosts=hosts, accept=list(accept) or ["text/html", PDF_TYPE], **{"delay_seconds": 0, **more}
        )

    def fetcher(self, **policy: Any) -> Fetcher:
        return Fetcher(
            replace(self.policy, **policy),
            self.cache,
            holds=lambda _url, sha256: sha256 in self.archive,
            clock=lambda: NOW,
            sleep=self.slept.append,
        )

    def get(self, path: str, facts: Fetch | None = None, **policy: Any) -> Any:
        fetched = self.fetcher(**policy).get(self.server.url(path), facts or self.facts())
        self.archive.add(fetched.sha256)
        return fetched

    def refused(self, path: str, facts: Fetch | None = None, **policy: Any) -> FetchError:
        with pytest.raises(FetchError) as caught:
            self.get(path, facts, **policy)
        return caught.value


@pytest.fixture
def bench() -> Iterator[Bench]:
    server = Publisher()
    made = Bench(server)
    yield made
    made.connection.close()
    server.close()


def test_a_report_comes_with_address_time_type_and_hash(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [answer(200, PDF, "application/octet-stream")]
    fetched = bench.get("/r.pdf")
    assert fetched.content == PDF
    assert fetched.media_type == PDF_TYPE
    assert fetched.url == bench.server.url("/r.pdf")
    assert fetched.retrieved_at == NOW
    assert fetched.sha256 == hashlib.sha256(PDF).hexdigest()
    assert fetched.not_modified is False
    headers = bench.server.asked[0][1]
    assert headers["user-agent"] == "armswatch/test"
    assert headers["accept-encoding"] == "gzip, deflate"


def test_an_unchanged_report_is_asked_for_by_etag_and_not_sent_again(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [
        answer(200, PDF, PDF_TYPE, ETag='"v1"', Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT"),
        answer(304),
    ]
    first = bench.get("/r.pdf")
    second = bench.get("/r.pdf")
    assert (second.not_modified, second.content, second.sha256) == (True, b"", first.sha256)
    assert second.media_type == PDF_TYPE
    assert bench.server.asked[1][1]["if-none-match"] == '"v1"'
    assert bench.server.asked[1][1]["if-modified-since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


def test_a_report_that_the_archive_does_not_hold_is_fetched_whole_again(bench: Bench) -> None:
    """The run was killed between download and archive: the ETag alone must not lose the report."""
    bench.server.script["/r.pdf"] = [answer(200, PDF, PDF_TYPE, ETag='"v1"')]
    bench.get("/r.pdf")
    bench.archive.clear()
    assert bench.get("/r.pdf").content == PDF
    assert "if-none-match" not in bench.server.asked[1][1]


def test_a_304_that_nobody_asked_for_is_a_failure(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [answer(304)]
    assert bench.refused("/r.pdf").status == 304


def test_a_redirect_within_the_named_hosts_is_followed(bench: Bench) -> None:
    bench.server.script["/old"] = [answer(301, Location="/new.pdf#page=2")]
    bench.server.script["/new.pdf"] = [answer(200, PDF, PDF_TYPE)]
    assert bench.get("/old").url == bench.server.url("/new.pdf")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://elsewhere.example/r.pdf", "elsewhere.example is not one that source.yml names"),
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254 is not one that source.yml names"),
        ("file:///etc/passwd", "is not an http or https address"),
        ("ftp://127.0.0.1/r.pdf", "is not an http or https address"),
        ("http://user:pw@{host}/r.pdf", "holds a user name"),
        ("http://127.0.0.1.evil.example/r.pdf", "is not one that source.yml names"),
        ("http://2130706433/r.pdf", "2130706433 is not one that source.yml names"),
        ("http://0x7f.1/r.pdf", "0x7f.1 is not one that source.yml names"),
        ("http://[::1]/r.pdf", "[::1] is not one that source.yml names"),
        ("http://[::ffff:127.0.0.1]/r.pdf", "is not one that source.yml names"),
        ("//elsewhere.example/r.pdf", "elsewhere.example is not one that source.yml names"),
        ("http://elsewhere.example\\@{host}/r.pdf", "holds a user name"),
        ("http://{host}@elsewhere.example/r.pdf", "holds a user name"),
        ("javascript:alert(1)", "leads to, what is no web address"),
        ("data:application/pdf;base64,JVBERi0=", "leads to, what is no web address"),
    ],
)
def test_a_redirect_elsewhere_is_refused(location: str, reason: str, bench: Bench) -> None:
    bench.server.script["/r"] = [answer(302, Location=location.format(host=bench.server.host))]
    error = bench.refused("/r")
    assert reason in str(error)
    assert error.retryable is False
    assert len(bench.server.asked) == 1


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://example.org:port/", "https:///r.pdf", "", "r.pdf"]
)
def test_an_index_page_that_names_no_address_is_one_sentence(address: str, bench: Bench) -> None:
    bench.server.script["/r"] = [answer(302, Location=address or "http://[::1")]
    with pytest.raises(FetchError, match=r"is not a web address|is not an http or https address"):
        bench.fetcher().get(address, bench.facts())
    assert bench.refused("/r", max_attempts=1)


def test_a_redirect_without_an_address_is_refused(bench: Bench) -> None:
    bench.server.script["/r"] = [answer(302)]
    assert "without saying where" in bench.refused("/r").sentence


def test_redirects_in_a_circle_and_without_end_are_refused(bench: Bench) -> None:
    bench.server.script["/a"] = [answer(302, Location="/b")]
    bench.server.script["/b"] = [answer(302, Location="/a")]
    assert bench.refused("/a").sentence == "redirects in a circle"
    for step in range(9):
        bench.server.script[f"/{step}"] = [answer(307, Location=f"/{step + 1}")]
    assert bench.refused("/0", max_redirects=5).sentence == "redirects more than 5 times"


def test_https_is_never_left_for_http(bench: Bench) -> None:
    from flows.fetch import _Task

    task = _Task(bench.policy, bench.facts(hosts=["example.org"]), (PDF_TYPE,))
    with pytest.raises(FetchError, match="from https to http"):
        task.address("http://example.org/r.pdf", came_from="https://example.org/r.pdf")
    assert task.address("https://EXAMPLE.org:443/a b.pdf#x", None) == "https://example.org/a%20b.pdf"


def test_a_named_host_that_leads_to_a_private_address_is_refused(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [answer(200, PDF, PDF_TYPE)]
    error = bench.refused("/r.pdf", allow_private_hosts=())
    assert "which is not a public address" in error.sentence
    assert error.retryable is False
    assert bench.server.asked == []


def test_an_address_in_octal_is_no_address(bench: Bench) -> None:
    bench.server.script["/r"] = [answer(302, Location="http://0177.0.0.1/r.pdf")]
    assert bench.refused("/r", max_attempts=1)
    with pytest.raises(FetchError, match="what is no web address"):
        bench.fetcher(allow_private_hosts=()).get(
            "http://0177.0.0.1/r.pdf", bench.facts(hosts=["0177.0.0.1"])
        )
    assert [path for path, _ in bench.server.asked] == ["/r"]


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "localhost", "[::1]"])
def test_a_private_address_is_known_however_it_is_written(host: str, bench: Bench) -> None:
    fetcher = bench.fetcher(allow_private_hosts=())
    with pytest.raises(FetchError, match="which is not a public address"):
        fetcher.get(f"http://{host}/r.pdf", bench.facts(hosts=[host]))
    assert bench.server.asked == []


def test_the_address_that_was_checked_is_the_one_connected_to(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a name that is public when checked and private a moment later is resolved only once."""
    calls = []

    def resolve(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        calls.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("flows.network.socket.getaddrinfo", resolve)
    port = bench.server.host.rpartition(":")[2]
    facts = bench.facts(hosts=[f"reports.example:{port}"])
    bench.server.script["/r.pdf"] = [answer(200, PDF, PDF_TYPE)]
    fetcher = bench.fetcher(allow_private_hosts=(f"reports.example:{port}",))
    assert fetcher.get(f"http://reports.example:{port}/r.pdf", facts).content == PDF
    assert calls.count("reports.example") == 1
    assert bench.server.asked[0][1]["host"] == f"reports.example:{port}"
    with pytest.raises(FetchError, match=r"leads to 127\.0\.0\.1"):
        bench.fetcher(allow_private_hosts=()).get(f"http://reports.example:{port}/r.pdf", facts)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "255.255.255.255"],
)  # fmt: skip
def test_private_addresses_in_every_dress(address: str) -> None:
    assert is_public(address) is False


def test_public_addresses() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert is_public("::ffff:93.184.215.14")


def test_a_name_that_does_not_exist_and_a_closed_port_may_be_tried_again(bench: Bench) -> None:
    fetcher = bench.fetcher(max_attempts=2)
    with pytest.raises(FetchError, match="could not be connected to") as caught:
        fetcher.get("http://no-such-host.invalid/r.pdf", bench.facts(hosts=["no-such-host.invalid"]))
    assert caught.value.retryable is True
    facts = bench.facts(hosts=["127.0.0.1:1"])
    assert bench.slept
    with pytest.raises(FetchError, match="could not be connected to"):
        bench.fetcher(max_attempts=1, allow_private_hosts=("127.0.0.1:1",)).get("http://127.0.0.1:1/r", facts)


def test_throttling_is_honoured_in_seconds_and_by_date(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [
        answer(429, Retry_After="7"),
        answer(503, Retry_After="Tue, 24 Nov 2026 05:00:30 GMT"),
        answer(200, PDF, PDF_TYPE),
    ]
    assert bench.get("/r.pdf").content == PDF
    assert bench.slept == [7.0, 30.0]


def test_a_publisher_that_asks_to_wait_too_long_is_left_for_the_next_run(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [answer(429, Retry_After="86400")]
    error = bench.refused("/r.pdf")
    assert error.sentence == "answered 429 Too Many Requests and asks to wait 86400 s, longer than the limit"
    assert (bench.slept, len(bench.server.asked)) == ([], 1)


@pytest.mark.parametrize("header", ["soon", "-5", "", "9" * 400])
def test_an_unreadable_retry_after_is_the_usual_backoff(header: str, bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [answer(503, Retry_After=header), answer(200, PDF, PDF_TYPE)]
    assert bench.get("/r.pdf").content == PDF
    assert 0.5 <= bench.slept[0] <= 1.0


def test_errors_of_the_server_are_retried_with_growing_pauses_then_told(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [answer(500)]
    error = bench.refused("/r.pdf")
    assert (error.sentence, error.status, error.retryable) == (
        "answered 500 Internal Server Error",
        500,
        True,
    )
    assert len(bench.server.asked) == 4
    assert [0.5 <= bench.slept[0] <= 1, 1 <= bench.slept[1] <= 2, 2 <= bench.slept[2] <= 4] == [True] * 3


def test_a_missing_report_is_not_retried(bench: Bench) -> None:
    error = bench.refused("/gone.pdf")
    assert (error.sentence, error.retryable) == ("answered 404 Not Found", False)
    assert len(bench.server.asked) == 1


def test_a_body_that_was_cut_short_is_a_failure_and_retried(bench: Bench) -> None:
    cut = answer(200, PDF[:100], PDF_TYPE, Content_Length=str(len(PDF)))
    bench.server.script["/r.pdf"] = [cut, answer(200, PDF, PDF_TYPE)]
    assert bench.get("/r.pdf").content == PDF
    bench.server.script["/cut.pdf"] = [cut]
    assert bench.refused("/cut.pdf").sentence == "broke off its answer, cut it short or did not speak HTTP"


def test_a_gzip_body_that_was_cut_short_is_a_failure(bench: Bench) -> None:
    packed = gzip.compress(PDF)
    bench.server.script["/r.pdf"] = [answer(200, packed[:-12], PDF_TYPE, Content_Encoding="gzip")]
    assert bench.refused("/r.pdf").sentence == "the answer was cut short"
    bench.server.script["/bad.pdf"] = [answer(200, b"no gzip at all", PDF_TYPE, Content_Encoding="gzip")]
    assert "damaged" in bench.refused("/bad.pdf").sentence


@pytest.mark.parametrize("whole", [True, False])
def test_a_pdf_without_any_length_must_have_its_end_mark(whole: bool, bench: Bench) -> None:
    def unframed(request: Any) -> None:
        request.protocol_version = "HTTP/1.0"
        request.send_response(200)
        request.end_headers()
        request.wfile.write(PDF if whole else PDF[:-10])

    bench.server.script["/r.pdf"] = [unframed]
    if whole:
        assert bench.get("/r.pdf").content == PDF
    else:
        assert "no end mark" in bench.refused("/r.pdf").sentence


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PDF)),
        ("x-gzip", gzip.compress(PDF)),
        ("gzip", gzip.compress(PDF[:50]) + gzip.compress(PDF[50:])),
        ("deflate", zlib.compress(PDF)),
        ("deflate", zlib.compress(PDF)[2:-4]),
    ],
    ids=["gzip", "x-gzip", "two gzip members", "deflate", "raw deflate"],  # gzip holds the time of day
)
def test_compressed_bodies_are_read_in_all_their_forms(encoding: str, packed: bytes, bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [answer(200, packed, PDF_TYPE, Content_Encoding=encoding)]
    assert bench.get("/r.pdf").content == PDF


def test_compression_that_was_not_asked_for_is_refused(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [answer(200, PDF, PDF_TYPE, Content_Encoding="br")]
    assert "compressed as 'br'" in bench.refused("/r.pdf").sentence


def test_a_gzip_bomb_stops_at_the_limit(bench: Bench) -> None:
    bomb = gzip.compress(b"%PDF-" + b"\0" * 50_000_000, 9)
    assert len(bomb) < 60_000
    bench.server.script["/r.pdf"] = [answer(200, bomb, PDF_TYPE, Content_Encoding="gzip")]
    facts = bench.facts(PDF_TYPE, max_bytes=1_000_000)
    assert bench.refused("/r.pdf", facts).sentence == "sent more than 1000000 bytes"


def test_too_much_is_refused_by_its_announcement_and_while_it_streams(bench: Bench) -> None:
    def endless(request: Any) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"x" * 65536)

    facts = bench.facts("text/plain", max_bytes=100_000)
    bench.server.script["/big"] = [answer(200, b"", "text/plain", Content_Length="100001")]
    bench.server.script["/endless"] = [endless]
    for path in ("/big", "/endless"):
        error = bench.refused(path, facts)
        assert (error.sentence, error.retryable) == ("sent more than 100000 bytes", False)


@pytest.mark.parametrize("headers_too", [True, False])
def test_a_server_that_drips_is_cut_off_at_the_total_time(headers_too: bool, bench: Bench) -> None:
    def slow(request: Any) -> None:
        if not headers_too:
            request.send_response(200)
            request.end_headers()
        request.drip(40, 0.05)

    bench.server.script["/r.pdf"] = [slow]
    error = bench.refused("/r.pdf", max_seconds=0.4)
    assert error.sentence == "took longer than the total time limit"
    assert error.retryable is True


@pytest.mark.parametrize(
    ("path", "accept", "body", "said"),
    [
        ("/r.pdf", ["text/html", PDF_TYPE], PAGE, "sent html where pdf was expected"),
        ("/r", [PDF_TYPE], PAGE, "sent html where pdf was expected"),
        ("/r", [PDF_TYPE], b"  <!-- maintenance --> <HTML>", "sent html"),
        ("/r", [PDF_TYPE], b"<html>how to open %PDF- files", "sent html"),
        ("/d.csv", ["text/csv", "text/html"], b"\xef\xbb\xbf\n<!doctype html>", "sent html where text was expected"),
        ("/d.xlsx", ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"], PAGE, "sent html"),
        ("/d", ["application/json"], PAGE, "sent html where json was expected"),
        ("/i", ["text/html"], PDF, "sent pdf where html was expected"),
        ("/d", ["text/csv"], b"a,b\0\0\0", "sent binary where text was expected"),
    ],
)  # fmt: skip
def test_a_server_that_lies_about_the_type_is_found_out(
    path: str, accept: list[str], body: bytes, said: str, bench: Bench
) -> None:
    bench.server.script[path] = [answer(200, body, PDF_TYPE)]
    error = bench.refused(path, bench.facts(*accept))
    assert said in error.sentence
    assert bench.connection.execute("SELECT count(*) FROM http_cache").fetchone() == (0,)


@pytest.mark.parametrize(
    ("accept", "declared", "body", "media_type"),
    [
        (["text/plain", "text/csv"], "text/csv; charset=utf-8", CSV, "text/csv"),
        (["text/plain", "text/csv"], "application/octet-stream", CSV, "text/plain"),
        (["text/plain"], "text/plain", b"[Congressional Record Volume 165]", "text/plain"),
        (["application/json"], "text/plain", b' [["E_COMMODITY"]]', "application/json"),
        (["text/html"], "text/html", b"<pre>\nEC-1", "text/html"),
        (["text/html"], "text/html", b'<?xml version="1.0"?>\n<!DOCTYPE html>', "text/html"),
        (["application/xml"], "text/xml", b"<?xml version='1.0'?><a/>", "application/xml"),
        (["text/csv"], "text/csv", "país,1\n".encode("utf-16"), "text/csv"),
    ],
)
def test_the_media_type_is_by_the_bytes_and_fits_what_was_expected(
    accept: list[str], declared: str, body: bytes, media_type: str, bench: Bench
) -> None:
    bench.server.script["/d"] = [answer(200, body, declared)]
    assert bench.get("/d", bench.facts(*accept)).media_type == media_type


def test_expect_narrows_what_one_address_may_send(bench: Bench) -> None:
    bench.server.script["/r"] = [answer(200, PAGE)]
    with pytest.raises(FetchError, match="sent html where pdf was expected"):
        bench.fetcher().get(bench.server.url("/r"), bench.facts(), expect=[PDF_TYPE])


def test_kinds_by_magic() -> None:
    assert [kind_of(b) for b in (b"PK\x03\x04x", b"\xd0\xcf\x11\xe0x", b"\x1f\x8bx", b"\xff\xfea\0")] == [
        "zip", "ole", "gzip", "text",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="cannot be checked"):
        kinds_of(["application/x-odd"])


@pytest.mark.parametrize("status", [200, 204])
def test_an_empty_answer_counts_only_where_source_yml_gives_it_a_meaning(status: int, bench: Bench) -> None:
    bench.server.script["/m"] = [answer(status)]
    meant = bench.facts("application/json", empty_means="no trade in that month")
    fetched = bench.get("/m", meant)
    assert (fetched.content, fetched.not_modified, fetched.media_type) == (b"", False, "application/json")
    assert bench.refused("/m", bench.facts("application/json")).sentence == "sent an empty answer"


def test_pages_of_an_index_are_fetched_with_a_pause_for_each_host() -> None:
    slept: list[float] = []
    pace = Pace(slept.append, monotonic=lambda: 100.0)
    for host in ("a.example", "a.example", "b.example", "a.example"):
        pace.wait(host, 2.5)
    assert slept == [2.5, 5.0]


def test_the_pause_of_source_yml_is_kept(bench: Bench) -> None:
    for page in (1, 2):
        bench.server.script[f"/{page}"] = [answer(200, PAGE)]
    fetcher = bench.fetcher()
    for page in (1, 2):
        fetcher.get(bench.server.url(f"/{page}"), bench.facts(delay_seconds=60))
    assert len(bench.slept) == 1
    assert 50 < bench.slept[0] <= 60


def test_a_key_reaches_the_publisher_and_nothing_else(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = {"congress_api_key": KEY}.get
    facts = bench.facts("application/json", secrets={"api_key": "congress_api_key"})
    host = bench.server.host
    bench.server.script["/list"] = [
        answer(302, Location=f"http://{host}/v3?page=2&api_key={KEY}&format=json")
    ]
    bench.server.script["/v3"] = [answer(200, b"{}", "application/json", ETag='"1"')]
    fetched = bench.get("/list?page=2", facts, secret=secret)
    assert fetched.url == bench.server.url("/v3?page=2&format=json")
    assert [path for path, _ in bench.server.asked] == [
        f"/list?page=2&api_key={KEY}",
        f"/v3?page=2&format=json&api_key={KEY}",
    ]
    bench.server.script["/v3"] = [answer(500)]
    error = bench.refused("/list?page=2", facts, secret=secret, max_attempts=1)
    bench.server.script["/path"] = [answer(302, Location=f"/echo/{KEY}")]
    echoed = bench.refused("/path", facts, secret=secret)
    assert echoed.sentence == "a redirect repeats an API key in its path"
    kept = bench.connection.execute("SELECT * FROM http_cache").fetchall()
    shown = [
        repr(fetched),
        str(error),
        repr(error),
        error.url,
        str(echoed),
        echoed.url,
        repr(kept),
        caplog.text,
    ]
    shown.append(repr(bench.policy) + repr(replace(bench.policy, secret=secret)))
    assert KEY not in "".join(shown)
    assert "127.0.0.1" in caplog.text


def test_a_key_never_goes_to_another_host(bench: Bench) -> None:
    other = Publisher()
    try:
        other.script["/r"] = [answer(200, b"{}", "application/json")]
        bench.server.script["/r"] = [answer(302, Location=other.url("/r"))]
        facts = bench.facts("application/json", hosts=[bench.server.host, other.host], secrets={"key": "k"})
        hosts = (bench.server.host, other.host)
        bench.get("/r", facts, secret={"k": KEY}.get, allow_private_hosts=hosts)
        assert bench.server.asked[0][0] == f"/r?key={KEY}"
        assert other.asked[0][0] == "/r"
    finally:
        other.close()


def test_a_key_that_is_not_set_is_named_when_the_publisher_refuses(bench: Bench) -> None:
    bench.server.script["/v3"] = [answer(403)]
    facts = bench.facts("application/json", secrets={"api_key": "congress_api_key"})
    assert (
        bench.refused("/v3", facts).sentence
        == "answered 403 Forbidden; the setting congress_api_key is not set"
    )


def test_the_policy_comes_from_the_settings() -> None:
    settings = load_settings(
        max_fetch_bytes=5, allow_private_hosts=["127.0.0.1:9"], contact="desk@example.org"
    )
    policy = FetchPolicy.of(settings)
    assert (policy.max_bytes, policy.allow_private_hosts) == (5, ("127.0.0.1:9",))
    assert policy.user_agent == settings.user_agent
    assert callable(read_body)


def test_https_is_spoken_with_a_checked_certificate(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed; it makes the certificate for this test")
    certificate, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    bench.server.socket = server.wrap_socket(bench.server.socket, server_side=True)
    bench.server.script["/r.pdf"] = [answer(200, PDF, PDF_TYPE)]
    url = f"https://{bench.server.host}/r.pdf"
    with pytest.raises(FetchError, match="could not be connected to"):
        bench.fetcher(max_attempts=1).get(url, bench.facts())
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    assert bench.fetcher().get(url, bench.facts()).content == PDF


def test_the_next_address_of_a_host_is_tried(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(bench.server.host.rpartition(":")[2])
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("127.0.0.2", "127.0.0.1")]
    monkeypatch.setattr("flows.network.socket.getaddrinfo", lambda *_, **__: found)
    bench.server.script["/r.pdf"] = [answer(200, PDF, PDF_TYPE)]
    assert bench.get("/r.pdf").content == PDF


def test_a_retry_after_date_without_a_zone_is_utc_and_the_past_is_now(bench: Bench) -> None:
    bench.server.script["/r.pdf"] = [
        answer(503, Retry_After="Tue, 24 Nov 2026 05:00:09 -0000"),
        answer(503, Retry_After="Mon, 23 Nov 2026 05:00:00 GMT"),
        answer(200, PDF, PDF_TYPE),
    ]
    assert bench.get("/r.pdf").content == PDF
    assert bench.slept == [9.0, 0.0]


def test_a_server_that_says_nothing_is_told_as_such(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.fetch._IO_SECONDS", 0.2)
    bench.server.script["/r.pdf"] = [lambda request: time.sleep(0.6)]
    assert bench.refused("/r.pdf", max_attempts=1).sentence == "did not answer within 0 s"
