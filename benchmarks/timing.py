"""Seconds that were taken, told in milliseconds."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def milliseconds(call: Callable[[], Any], times: int = 40) -> dict[str, Any]:
    """Run once to warm up, then ``times`` times."""
    call()
    taken = []
    for _again in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return told_of(taken)


def told_of(seconds: Sequence[float]) -> dict[str, Any]:
    """How often, the median, the 95th percentile and the longest."""
    if not seconds:
        return {"times": 0}
    ordered = sorted(seconds)
    slow = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    return {"times": len(ordered)} | {
        name: round(value * 1000, 1)
        for name, value in (("median_ms", statistics.median(ordered)), ("p95_ms", slow), ("longest_ms", ordered[-1]))
    }
