"""What many parts of one page ask is read once: the viewer's posts, the catalogues, the stamp of the ledgers.

Only while something is read and nothing written (a GET): outside of it every question goes to the database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_held: ContextVar[dict[Any, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Until the end of it the answers of ``remembered`` functions are kept."""
    before = _held.set({})
    try:
        yield
    finally:
        _held.reset(before)


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """A question whose answer does not change while a page is put together; who asks does not change the answer either."""

    @wraps(function)
    def ask(*given: P.args, **named: P.kwargs) -> T:
        held = _held.get()
        if held is None:
            return function(*given, **named)
        key = (function, given, tuple(named.items()))
        if key not in held:
            held[key] = function(*given, **named)
        return held[key]  # type: ignore[no-any-return]

    return ask
