"""A real HTTP server on loopback that answers from a script: pages, redirects, throttles, truncates, lies."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; answers are functions of it."""

    protocol_version = "HTTP/1.1"
    server: Publisher

    def do_GET(self) -> None:
        self.close_connection = True
        path = self.path.partition("?")[0]
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        script = self.server.script.get(path)
        if not script:
            self.send(404, b"", "text/plain")
            return
        answer = script.pop(0) if len(script) > 1 else script[0]
        try:
            answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.broken += 1

    def send(self, status: int, body: bytes, media_type: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers and status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def drip(self, pieces: int, pause: float) -> None:
        for _ in range(pieces):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(pause)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


class Publisher(ThreadingHTTPServer):
    """Serves ``script[path]``, a list of answers; the last one is repeated. ``asked`` lists all requests."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.script: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.broken = 0
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


def answer(status: int, body: bytes = b"", media_type: str = "text/html", **headers: str) -> Answer:
    """A plain answer."""
    return lambda request: request.send(status, body, media_type, **headers)


def throttled(seconds: int) -> Answer:
    """Too many requests; ask again after so many seconds."""
    return answer(429, b"slow down", "text/plain", Retry_After=str(seconds))


def as_json(content: object) -> Answer:
    """An answer of an API."""
    return answer(200, json.dumps(content).encode(), "application/json")


def by_query(name: str, answers: dict[str, Answer]) -> Answer:
    """Answers by the value of a query parameter; ``""`` where the parameter is missing."""

    def choose(request: Request) -> None:
        (value,) = parse_qs(urlsplit(request.path).query).get(name, [""])
        answers[value](request)

    return choose
