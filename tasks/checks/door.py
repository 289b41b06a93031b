"""How a request leaves: to an address that was checked, and never longer than its deadline."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from tasks.checks.guard import Network, resolve


def left(deadline: float) -> float:
    """Seconds until a `time.monotonic()` deadline; raises when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.TimeoutException
    return seconds


class Door(httpcore.NetworkBackend):
    """Resolves a name once, checks what it resolved to, and connects to exactly that."""

    def __init__(self, allowed: tuple[Network, ...], deadline: float) -> None:
        self._allowed = allowed
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = resolve(host, port, self._allowed, left(self._deadline))
        for tries_left in range(len(addresses), 1, -1):
            try:
                return self._connect(addresses[-tries_left], port, left(self._deadline) / tries_left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, left(self._deadline))

    def _connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        return TimedStream(httpcore.SyncBackend().connect_tcp(address, port, seconds), self._deadline)


class TimedStream(httpcore.NetworkStream):
    """A connection on which every wait ends at one deadline, so a slow drip cannot outlast it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, left(self._deadline))
        return TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
