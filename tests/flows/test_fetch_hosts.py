"""Whom the HTTP client talks to: hosts, redirects, addresses, certificates, and who sees a key."""

from __future__ import annotations

import logging
import shutil
import socket
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.fetch import FetchError
from flows.network import is_public
from tests.flows.fetch_bench import KEY, PDF, PDF_TYPE, Bench
from tests.flows.publisher import Publisher, answer


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
