"""Milliseconds of repeated calls: median and 95th percentile."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def milliseconds(call: Callable[[], Any], times: int = 40) -> dict[str, float]:
    """Run once to warm up, then ``times`` times."""
    call()
    taken = []
    for _again in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[int(len(taken) * 0.95) - 1], 1),
        "times": times,
    }
