"""A fetcher over a real server, for the tests of the HTTP client."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from flows.fetch import FetchCache, Fetcher, FetchError, FetchPolicy
from parsers.facts import Fetch

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
