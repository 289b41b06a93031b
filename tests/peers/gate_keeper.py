"""A door in front of a server that closes for good after so many requests: the server is gone in mid-command."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK = 65_536


class GateKeeper:
    """Hands requests on to a port of this machine until it has had enough; then nobody listens any more."""

    def __init__(self, port: int, lets_through: int) -> None:
        self.port, self.left = port, lets_through
        self.door = socket.create_server(("127.0.0.1", 0))
        self.lines: list[socket.socket] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.address}/api"

    def __enter__(self) -> Self:
        self.address = self.door.getsockname()[1]
        if self.left:
            threading.Thread(target=self._open, daemon=True).start()
        else:
            self._close()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self.door.accept()
                server = socket.create_connection(("127.0.0.1", self.port))
                self.lines += [caller, server]
                threading.Thread(target=self._carry, args=(caller, server), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, caller), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                if b" HTTP/1.1\r\n" in chunk and not self._may_pass():
                    self._close()
                    return
                target.sendall(chunk)

    def _may_pass(self) -> bool:
        with self.lock:
            self.left -= 1
            return self.left >= 0

    def _close(self) -> None:
        for one in (self.door, *self.lines):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
