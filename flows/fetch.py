"""The one HTTP client: conditional, polite, bounded, retried; every answer is checked before it is kept.

What it will not do: leave the hosts that ``source.yml`` names, reach a private address, follow a redirect
from https to http, take a page of HTML for a PDF, keep a body that was cut short, or show an API key.
"""

from __future__ import annotations

import hashlib
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from random import SystemRandom
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urljoin, urlsplit, urlunsplit

import httpcore
import httpx

from flows.body import FetchError, read_body
from flows.fetch_state import FetchCache, Pace, Validators
from flows.network import AddressRefusedError, Deadline, GuardedTransport
from flows.sniff import fits, kind_of, kinds_of, media_type_for
from parsers.facts import Fetch

if TYPE_CHECKING:
    from flows.settings import Settings

_REDIRECTS = {301, 302, 303, 307, 308}
_RETRYABLE = {408, 425, 429, 500, 502, 503, 504}
__all__ = ["FetchCache", "FetchError", "FetchPolicy", "Fetched", "Fetcher", "Pace"]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_IO_SECONDS = 30.0
_LONGEST_BACKOFF = 60.0


@dataclass(frozen=True)
class Fetched:
    """What a publisher answered. ``url`` is the address that answered, without any key.

    ``not_modified`` means that the bytes are those the archive already holds under ``sha256``; ``content`` is
    then empty. An answer that ``source.yml`` declares as meaningful when empty has empty content and
    ``not_modified`` False.
    """

    content: bytes
    media_type: str
    url: str
    retrieved_at: datetime
    not_modified: bool
    sha256: str


def _no_secret(_name: str) -> str | None:
    return None


@dataclass(frozen=True)
class FetchPolicy:
    """The limits of one download; ``source.yml`` may only narrow them. ``secret`` gives a setting's value."""

    user_agent: str
    allow_private_hosts: tuple[str, ...] = ()
    max_bytes: int = 200_000_000
    max_seconds: float = 600.0
    max_attempts: int = 4
    max_redirects: int = 5
    max_retry_after: float = 120.0
    secret: Callable[[str], str | None] = field(default=_no_secret, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> FetchPolicy:
        """The policy that the settings ask for."""
        return cls(
            user_agent=settings.user_agent,
            allow_private_hosts=settings.allow_private_hosts,
            max_bytes=settings.max_fetch_bytes,
            max_seconds=settings.max_fetch_seconds,
            max_attempts=settings.max_fetch_attempts,
            max_redirects=settings.max_redirects,
            max_retry_after=settings.max_retry_after_seconds,
            secret=settings.secret,
        )


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Fetches reports. One per thread (its cache is a sqlite3 connection); share the ``pace`` among threads.

    ``holds(url, sha256)`` says whether those bytes arrived in the archive from that address and are whole:
    only then is the publisher asked "has it changed?", so a run that was killed between download and ledger
    never loses a report to a 304.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        cache: FetchCache,
        *,
        holds: Callable[[str, str], bool],
        pace: Pace | None = None,
        clock: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._cache = cache
        self._holds = holds
        self._pace = pace or Pace(sleep, monotonic)
        self._clock = clock
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = SystemRandom().random
        self._context: ssl.SSLContext | None = None

    def get(self, url: str, facts: Fetch, *, expect: Sequence[str] | None = None) -> Fetched:
        """The report or index page at ``url``, as ``facts`` (the ``fetch`` part of source.yml) allows it.

        ``expect`` narrows ``facts.accept`` to the media types that are right for this address. Raises
        FetchError; failures that may pass (429, 5xx, broken connections) have been retried by then.
        """
        task = _Task(self._policy, facts, tuple(expect or facts.accept))
        deadline = Deadline(self._policy.max_seconds, self._monotonic)
        attempt = 1
        while True:
            try:
                return self._follow(url, task, deadline)
            except FetchError as error:
                pause = self._pause(error, attempt)
                if not error.retryable or attempt == self._policy.max_attempts or pause >= deadline.left():
                    raise
            self._sleep(pause)
            attempt += 1

    def _pause(self, error: FetchError, attempt: int) -> float:
        """Seconds before the next attempt: as asked by the publisher, else doubling, with jitter."""
        if error.retry_after is not None:
            return error.retry_after
        return float(min(_LONGEST_BACKOFF, 2 ** (attempt - 1)) * (0.5 + self._jitter() / 2))

    def _follow(self, url: str, task: _Task, deadline: Deadline) -> Fetched:
        """Follow redirects by hand: each address on the way is checked as the first one was."""
        here = task.address(url, came_from=None)
        wanted = task.kinds_at(here)
        first = here
        seen = {here}
        for _hop in range(self._policy.max_redirects + 1):
            answer = self._ask(here, task, wanted, deadline, with_secrets=task.may_carry_keys(here, first))
            if isinstance(answer, Fetched):
                return answer
            here = task.address(answer, came_from=here)
            if here in seen:
                raise FetchError("redirects in a circle", here, retryable=False)
            seen.add(here)
        raise FetchError(f"redirects more than {self._policy.max_redirects} times", here, retryable=False)

    def _ask(
        self, url: str, task: _Task, wanted: frozenset[str], deadline: Deadline, *, with_secrets: bool
    ) -> Fetched | str:
        """One request: what was fetched, or the address that it redirects to."""
        known = self._cache.get(url)
        if known is not None and not self._holds(url, known.sha256):
            known = None
        secrets = task.secrets() if with_secrets else {}
        self._pace.wait(urlsplit(url).netloc, task.facts.delay_seconds)
        if self._context is None:
            self._context = httpx.create_ssl_context()  # honours SSL_CERT_FILE
        transport = GuardedTransport(self._context, self._policy.allow_private_hosts, deadline, secrets)
        try:
            with (
                httpx.Client(transport=transport, trust_env=False, timeout=_IO_SECONDS) as client,
                client.stream("GET", url, headers=self._headers(task, known)) as response,
            ):
                if response.status_code in _REDIRECTS:
                    return task.location(response, url)
                return self._answer(response, url, task, wanted, known)
        except AddressRefusedError as error:
            raise FetchError(str(error), url, retryable=False) from None
        except httpx.InvalidURL:
            raise FetchError("is, or leads to, what is no web address", url, retryable=False) from None
        except (httpx.HTTPError, httpx.StreamError, httpcore.TimeoutException) as error:
            raise FetchError(_broken(error, deadline), url, retryable=True) from None

    def _headers(self, task: _Task, known: Validators | None) -> dict[str, str]:
        headers = {
            "User-Agent": self._policy.user_agent,
            "Accept": ", ".join([*task.expect, "*/*;q=0.1"]),
            "Accept-Encoding": "gzip, deflate",  # eCFR answers 406 to a client that takes no compression
        }
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return headers

    def _answer(
        self,
        response: httpx.Response,
        url: str,
        task: _Task,
        wanted: frozenset[str],
        known: Validators | None,
    ) -> Fetched:
        now = self._clock()
        status = response.status_code
        if status == 304 and known is not None and (known.etag or known.last_modified):
            self._cache.put(url, known, now)
            return Fetched(b"", known.media_type, url, now, True, known.sha256)
        if status not in {200, 204}:
            raise self._refusal(response, url, task)
        content = (
            b""
            if status == 204
            else read_body(response, url, min(task.facts.max_bytes, self._policy.max_bytes))
        )
        declared = response.headers.get("content-type", "")
        media_type = _checked_type(content, declared, url, task, wanted)
        digest = hashlib.sha256(content).hexdigest()
        seen = Validators(
            response.headers.get("etag"), response.headers.get("last-modified"), digest, media_type
        )
        self._cache.put(url, seen, now)
        return Fetched(content, media_type, url, now, False, digest)

    def _refusal(self, response: httpx.Response, url: str, task: _Task) -> FetchError:
        status = response.status_code
        sentence = f"answered {status} {response.reason_phrase}".rstrip()
        if status in {401, 403} and (missing := task.missing_secrets()):
            sentence += f"; the setting {', '.join(missing)} is not set"
        retry_after = _retry_after(response.headers.get("retry-after"), self._clock())
        retryable = status in _RETRYABLE
        if retryable and retry_after is not None and retry_after > self._policy.max_retry_after:
            # Too long to sit and wait; the next run asks again.
            sentence += f" and asks to wait {retry_after:.0f} s, longer than the limit"
            retryable = False
        return FetchError(sentence, url, retryable=retryable, status=status, retry_after=retry_after)


class _Task:
    """One call of ``get``: which hosts, kinds and secrets it may use."""

    def __init__(self, policy: FetchPolicy, facts: Fetch, expect: tuple[str, ...]) -> None:
        self.facts = facts
        self.expect = expect
        self._kinds = kinds_of(expect)
        self._policy = policy
        self._hosts = {host.lower() for host in facts.hosts}

    def secrets(self) -> dict[str, str]:
        """The query parameters that carry keys; one whose setting is empty is left out."""
        given = {name: self._policy.secret(setting) for name, setting in self.facts.secrets.items()}
        return {name: value for name, value in given.items() if value}

    def missing_secrets(self) -> list[str]:
        """The settings that the source could use and that are not set."""
        return sorted(s for s in self.facts.secrets.values() if not self._policy.secret(s))

    def kinds_at(self, url: str) -> frozenset[str]:
        """What may come from this address: one that ends in ``.pdf`` promises a PDF and nothing else.

        ``.txt`` promises nothing: the Federal Register serves its raw text in a shell of HTML.
        """
        ending = PurePosixPath(urlsplit(url).path).suffix.lower().lstrip(".")
        promised = {"pdf": "pdf", "xlsx": "zip", "zip": "zip", "csv": "text", "json": "json"}
        kind = promised.get(ending)
        return frozenset({kind}) if kind in self._kinds else self._kinds

    def may_carry_keys(self, here: str, first: str) -> bool:
        """True at the host that was asked first, where it is one of the API: keys go to no other.

        The API's hosts are those of the index pages and monthly addresses that ``source.yml`` names; a
        source that names neither has only the one.
        """
        host = urlsplit(here).netloc.lower()
        months = [self.facts.months.url] if self.facts.months else []
        api = {urlsplit(url).netloc.lower() for url in (*self.facts.index, *months)}
        return host == urlsplit(first).netloc.lower() and (not api or host in api)

    def address(self, url: str, came_from: str | None) -> str:
        """The address in plain form, without fragment and without any key; checked against ``hosts``.

        Raises FetchError when it may not be asked.
        """
        try:
            url = self._without_secrets(url)
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise FetchError("is not a web address", url, retryable=False) from None
        host = (parts.hostname or "").lower()
        if parts.scheme not in _DEFAULT_PORTS or not host:
            raise FetchError("is not an http or https address", url, retryable=False)
        if parts.username is not None or parts.password is not None:
            raise FetchError("holds a user name", url, retryable=False)
        shown = f"[{host}]" if ":" in host else host
        if port not in {None, _DEFAULT_PORTS[parts.scheme]}:
            shown = f"{shown}:{port}"
        if shown not in self._hosts:
            raise FetchError(f"the host {shown} is not one that source.yml names", url, retryable=False)
        if came_from is not None and came_from.startswith("https:") and parts.scheme == "http":
            raise FetchError("a redirect leads from https to http", url, retryable=False)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._")
        return urlunsplit((parts.scheme, shown, path, query, ""))

    def location(self, response: httpx.Response, url: str) -> str:
        """Where a redirect leads, as a whole address. Raises FetchError when it does not say."""
        target = response.headers.get("location")
        if not target:
            raise FetchError("redirects without saying where", url, retryable=False)
        return urljoin(url, str(target))

    def _without_secrets(self, url: str) -> str:
        """Redirects may echo the query: the keys are taken out again before anything shows the address."""
        secrets = self.secrets()
        parts = urlsplit(url)
        if any(name in secrets for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
            pairs = parse_qsl(parts.query, keep_blank_values=True)
            rest = urlencode([(name, value) for name, value in pairs if name not in secrets])
            url = urlunsplit(parts._replace(query=rest))
        for value in secrets.values():
            if value in url or quote_plus(value) in url:
                where = f"{parts.scheme}://{parts.hostname}"
                raise FetchError("a redirect repeats an API key in its path", where, retryable=False)
        return url


def _checked_type(content: bytes, declared: str, url: str, task: _Task, wanted: frozenset[str]) -> str:
    """The media type by the bytes themselves. Raises FetchError when they are not what was asked for."""
    if not content:
        if task.facts.empty_means is None:
            raise FetchError("sent an empty answer", url, retryable=True)
        return task.expect[0]
    kind = kind_of(content)
    fitting = fits(kind, wanted)
    if fitting is None:
        sentence = (
            f"sent {kind} where {' or '.join(sorted(wanted))} was expected (declared as {declared[:80]!r})"
        )
        raise FetchError(sentence, url, retryable=False)
    return media_type_for(fitting, declared, task.expect)


def _retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait, from a number or a date; None where the header is missing or unreadable."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _broken(error: Exception, deadline: Deadline) -> str:
    """A sentence for a broken connection; the library's own text may hold an address, so it is not used."""
    if deadline.left() <= 0:
        return "took longer than the total time limit"
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return "could not be connected to"
    if isinstance(error, httpx.TimeoutException | httpcore.TimeoutException):
        return f"did not answer within {_IO_SECONDS:.0f} s"
    if isinstance(error, httpx.RemoteProtocolError):
        return "broke off its answer, cut it short or did not speak HTTP"
    return f"failed ({type(error).__name__})"
