"""Examples drawn by hypothesis, the same ones in every run."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.strategies import SearchStrategy


def draw_each(strategy: SearchStrategy[Any], count: int, use: Callable[[Any], object]) -> None:
    """Give so many examples to a function that notes for itself what went wrong."""

    @settings(
        max_examples=max(1, count),
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(example: Any) -> None:
        use(example)

    each()
