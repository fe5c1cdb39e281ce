"""The way out to a publisher: checked addresses, one deadline for everything, secrets added below the log.

A client of this transport connects only to the addresses that were checked, so a name that answers with
another address a moment later (DNS rebinding) gains nothing. Every wait on the socket is cut to what is left
of the deadline, so a server that drips its headers or body cannot hold the run.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import httpcore
import httpx

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


# A redirect may echo an API key, and httpcore's debug log would print the headers it stands in.
logging.getLogger("httpcore.http11").addFilter(
    lambda record: not record.getMessage().startswith("receive_response_headers.complete")
)


class AddressRefusedError(Exception):
    """A host name leads to an address that is not on the public internet; the text is one sentence."""


class Deadline:
    """The moment by which all work for one request must be done, in seconds of ``monotonic``."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ends = monotonic() + seconds

    def left(self) -> float:
        """Seconds left; zero or less when the time is over."""
        return self._ends - self._monotonic()

    def cut(self, timeout: float | None) -> float:
        """``timeout``, or what is left if that is less. Raises httpcore.ReadTimeout when nothing is left."""
        left = self.left()
        if left <= 0:
            raise httpcore.ReadTimeout("the total time is over")
        return left if timeout is None else min(timeout, left)


def is_public(address: str) -> bool:
    """True for an IP address of the public internet, also where IPv6 merely wraps an IPv4 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is None and ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast


def checked_addresses(host: str, port: int, allowed: Collection[str]) -> list[str]:
    """The addresses of a host, all public unless ``host:port`` is in ``allowed``.

    Raises AddressRefusedError when one of them is not public, httpcore.ConnectError when there is none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpcore.ConnectError(f"the name {host} could not be resolved") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if f"{host}:{port}" not in allowed:
        for address in addresses:
            if not is_public(address):
                raise AddressRefusedError(f"{host} leads to {address}, which is not a public address")
    return addresses


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait is cut to the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.cut(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only, within the deadline."""

    def __init__(self, allowed: Collection[str], deadline: Deadline) -> None:
        self._inner = httpcore.SyncBackend()
        self._allowed = allowed
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = checked_addresses(host.lower(), port, self._allowed)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the next address of the same host; the last one's failure is told
        return self._connect(addresses[-1], port, timeout)

    def _connect(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        stream = self._inner.connect_tcp(address, port, self._deadline.cut(timeout))
        return _TimedStream(stream, self._deadline)


class GuardedTransport(httpx.HTTPTransport):
    """One request's transport. Secrets join the query here, below everything that logs or raises with a URL.

    No proxy and no address from the environment is used; connections are not kept.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        allowed: Collection[str],
        deadline: Deadline,
        secrets: Mapping[str, str],
    ) -> None:
        super().__init__(verify=context, trust_env=False)
        self._secrets = dict(secrets)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_keepalive_connections=0,
            network_backend=_GuardedBackend(allowed, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self._secrets:
            return super().handle_request(request)
        path = request.url.raw_path
        joint = b"&" if b"?" in path else b"?"
        url = request.url.copy_with(raw_path=path + joint + urlencode(self._secrets).encode("ascii"))
        return super().handle_request(
            httpx.Request(
                request.method,
                url,
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )
