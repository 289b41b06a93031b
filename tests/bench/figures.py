"""How a figure is printed: one JSON object a line, with what it was measured on."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles


def say(name: str, **facts: object) -> None:
    """One line on stdout, at once."""
    print(json.dumps({"bench": name, "cores": os.cpu_count(), **facts}), flush=True)


def timed(run: Callable[[], object]) -> float:
    """Seconds it takes."""
    before = time.perf_counter()
    run()
    return time.perf_counter() - before


def spread(seconds: Sequence[float]) -> dict[str, object]:
    """Median, 95th percentile and largest, in milliseconds."""
    high = quantiles(seconds, n=20)[18] if len(seconds) > 1 else seconds[0]
    found = {"p50_ms": median(seconds), "p95_ms": high, "max_ms": max(seconds)}
    return {**{name: round(value * 1000, 1) for name, value in found.items()}, "n": len(seconds)}


def often(run: Callable[[], object], times: int, before: Callable[[], object] = lambda: None) -> dict[str, object]:
    """The spread of so many runs, and the median CPU time of this process: what a busy machine does not change much.

    `before` goes before each, and is not counted.
    """
    waited, worked = [], []
    for _ in range(times):
        before()
        at = time.process_time()
        waited.append(timed(run))
        worked.append(time.process_time() - at)
    return {**spread(waited), "cpu_ms": round(median(worked) * 1000, 1)}
