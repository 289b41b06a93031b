"""A real HTTP server on loopback that answers as it is told and keeps what it received."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

LONGEST_HANG = 30  # seconds, should a test forget to end its peer


@dataclass(frozen=True)
class Received:
    """One request as it arrived; `body` is the parsed JSON, or None where it was none."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What the peer says; `drops` closes the connection without a word, `hangs` says nothing for as long as it can.

    `after` so many seconds, or once the peer lets go; `slowly` with so many seconds before each byte of the body.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    hangs: bool = False
    after: float = 0
    slowly: float = 0


DROP, HANG = Answer(drops=True), Answer(hangs=True)
GARBAGE = Answer(status=0, body=b"\x00\xff this is not HTTP\r\n\r\n")


class Peer:
    """Subclasses say how the vendor answers in each mode. Use as a context manager; every request has its thread."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.modes: deque[str] = deque(["accept"])
        self.lock = threading.Lock()
        self.released = threading.Event()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.peer = self
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, *modes: str) -> None:
        """How to answer the next requests, one each; the last mode stays."""
        self.modes = deque(modes)

    def let_go(self) -> None:
        """Whoever hangs hears nothing, and whoever is late is answered now."""
        self.released.set()
        self.released.clear()

    def take(self, request: Received) -> Answer:
        with self.lock:
            self.received.append(request)
            mode = self.modes.popleft() if len(self.modes) > 1 else self.modes[0]
        return self.reply(mode, request)

    def reply(self, mode: str, request: Received) -> Answer:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True
    request_queue_size = 128
    peer: Peer

    def handle_error(self, *_: object) -> None:
        """A sender that gives up breaks our pipe; that is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.peer.take(Received(self.command, self.path, dict(self.headers.items()), _parsed(sent)))
        self.close_connection = True
        if answer.hangs:
            self.server.peer.released.wait(LONGEST_HANG)
        elif not answer.drops:
            self.server.peer.released.wait(answer.after)
            self._write(answer)

    def _write(self, answer: Answer) -> None:
        if not answer.status:
            self.wfile.write(answer.body)
            return
        (self.send_response_only if "Date" in answer.headers else self.send_response)(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body)), "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        if not answer.slowly:
            self.wfile.write(answer.body)
        for sign in answer.body if answer.slowly else b"":
            self.server.peer.released.wait(answer.slowly)
            self.wfile.write(bytes([sign]))
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Quiet: the test says what matters."""


def _parsed(sent: bytes) -> Any:
    try:
        return json.loads(sent)
    except ValueError:
        return None
