"""Keeps HTTP libraries from logging what they send: their debug lines hold keys and secret addresses."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LOGGERS = (
    "python_http_client.client",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)

_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


def _allowed(_: logging.LogRecord) -> bool:
    return not _quiet.get()


for _name in LOGGERS:
    logging.getLogger(_name).addFilter(_allowed)


@contextmanager
def unlogged() -> Iterator[None]:
    """Within it, these libraries log nothing in this thread or task; elsewhere they log as ever."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)
