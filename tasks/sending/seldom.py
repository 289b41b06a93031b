"""Thousands of values that live for a moment, beside the many that live as long as the process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 50_000
"""New values until Python looks for cycles among them: more than a batch of a thousand receivers is made of."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Python counts what is new, and else goes through everything it has in the midst of a batch, in vain.

    Nothing stays different: what is alike in another thread at that moment is collected a little later.
    """
    before = gc.get_threshold()
    gc.set_threshold(MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
