"""Whether something takes twice as long for twice the words, and not four times."""

from __future__ import annotations

import time
from collections.abc import Callable

FEW, MANY = 25_000, 100_000  # characters
FAIR = 10
"""So many times as long may four times the words take. Where each character is looked at for each, it is 16 times."""
NOISE = 0.15  # seconds that a busy machine may add; what is this fast need not be compared


def is_linear(read: Callable[[str], object], unit: str, begin: str = "", end: str = "") -> bool:
    """Of the text that repeats `unit` between a beginning and an end. Few come first, since many may take minutes."""
    few = _seconds(read, _text(unit, FEW, begin, end))
    return few < 2 and _seconds(read, _text(unit, MANY, begin, end)) < NOISE + FAIR * few


def _text(unit: str, length: int, begin: str, end: str) -> str:
    return begin + unit * (length // len(unit)) + end


def _seconds(read: Callable[[str], object], text: str) -> float:
    before = time.process_time()
    read(text)
    return time.process_time() - before
