"""Thousands of values that live for a moment, beside the many that live as long as the process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

MANY = 50_000
"""New values until Python looks for cycles among them: more than a batch of a thousand receivers, or a release of some
thousand commits, is made of."""
_lock = Lock()
_usual: list[tuple[int, int, int]] = []
"""How often it looked before, once for each who wants it seldom at this moment."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Python counts what is new, and else goes through everything it has in the midst of it, in vain.

    Nothing stays different once the last of several threads has done: what is alike in another one meanwhile is
    collected a little later.
    """
    with _lock:
        before = _usual[0] if _usual else gc.get_threshold()
        _usual.append(before)
        gc.set_threshold(MANY, *before[1:])
    try:
        yield
    finally:
        with _lock:
            _usual.pop()
            if not _usual:
                gc.set_threshold(*before)
