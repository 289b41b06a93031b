"""A real web site on loopback whose pages a test writes as it goes; it remembers what was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

HTML = "text/html; charset=utf-8"
LONGEST = 30  # seconds, should a test forget to close its site


class Visit(BaseHTTPRequestHandler):
    """One request, as a page of the site sees it."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.close_connection = True
        with self.server.site.lock:
            self.server.site.asked.append(f"{self.command} {self.path}")
            self.server.site.headers.append(dict(self.headers.items()))
        path = self.path if self.path in self.server.site.pages else self.path.partition("?")[0]
        self.server.site.pages.get(path, says(404))(self)

    do_HEAD = do_CONNECT = do_GET

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), "Connection": "close", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet: the test says what matters."""


Page = Callable[[Visit], None]


def says(status: int, body: str = "", kind: str = HTML, **headers: str) -> Page:
    return lambda visit: visit.say(status, body.encode(), Content_Type=kind, **headers)


def redirects(to: str, status: int = 302) -> Page:
    return says(status, Location=to)


def blurts(said: bytes) -> Page:
    """Bytes that need not be HTTP."""

    def page(visit: Visit) -> None:
        visit.wfile.write(said)

    return page


def hangs(visit: Visit) -> None:
    """Says nothing until the site closes."""
    visit.server.site.closing.wait(LONGEST)


def drips(visit: Visit) -> None:
    """A body that comes a byte at a time, each soon enough, and never ends."""
    visit.say(200, Content_Type=HTML, Content_Length="1000000")
    while not visit.server.site.closing.wait(0.05):
        visit.wfile.write(b".")


def floods(visit: Visit) -> None:
    """A body without an end."""
    visit.say(200, Content_Type=HTML, Content_Length=str(2**40))
    while not visit.server.site.closing.is_set():
        visit.wfile.write(b"<a href=/x>" * 1000)


class Site:
    """Use as a context manager; `pages` are by path, with the query first where there is one of its own."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.server = _Server((host, 0), Visit)
        self.server.site = self
        self.scheme = "https" if tls else "http"
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    site: Site

    def handle_error(self, *_: object) -> None:
        """A visitor that gives up breaks our pipe; that is what some tests are about."""
