"""The HTTP client against a real server that pages, throttles, truncates and lies."""

from __future__ import annotations

import gzip
import hashlib
import time
import zlib
from typing import Any

import pytest

from flows.body import read_body
from flows.fetch import FetchError, FetchPolicy, Pace
from flows.settings import load_settings
from flows.sniff import kind_of, kinds_of
from tests.flows.fetch_bench import CSV, NOW, PAGE, PDF, PDF_TYPE, Bench
from tests.flows.publisher import answer


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


def test_the_policy_comes_from_the_settings() -> None:
    settings = load_settings(
        max_fetch_bytes=5, allow_private_hosts=["127.0.0.1:9"], contact="desk@example.org"
    )
    policy = FetchPolicy.of(settings)
    assert (policy.max_bytes, policy.allow_private_hosts) == (5, ("127.0.0.1:9",))
    assert policy.user_agent == settings.user_agent
    assert callable(read_body)


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
