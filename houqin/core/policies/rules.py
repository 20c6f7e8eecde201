"""Which of the values set along the tree holds: the nearest, or the strictest where a rule may only be tightened."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

Value = int | str | bool


class Kind(StrEnum):
    """What a rule's value is: a whole number of a unit, a time of day "07:30", or on and off."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    COUNT = "count"
    GRAMS = "grams"
    PERCENT = "percent"
    TEMPERATURE = "temperature"
    CLOCK = "clock"
    SWITCH = "switch"


# Least and most that makes sense; a temperature is in tenths of a degree Celsius.
RANGES: dict[Kind, tuple[int, int]] = {
    Kind.MINUTES: (1, 24 * 60),
    Kind.HOURS: (1, 31 * 24),
    Kind.DAYS: (0, 366),
    Kind.COUNT: (0, 1_000_000),
    Kind.GRAMS: (1, 10_000_000),
    Kind.PERCENT: (0, 100),
    Kind.TEMPERATURE: (-400, 3000),
}
STRICTEST: dict[str, Callable[..., Any]] = {"less": min, "earlier": min, "more": max, "later": max, "on": max}


def fits(kind: Kind, value: object) -> bool:
    """Whether a value is of the kind and within what makes sense."""
    if kind == Kind.SWITCH:
        return isinstance(value, bool)
    if kind == Kind.CLOCK:
        return isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is not None
    least, most = RANGES[kind]
    return type(value) is int and least <= value <= most


def loosens(tighten: str, upper: Value, value: Value) -> bool:
    """Whether a value is looser than the one above it; never where a rule may be set freely."""
    return bool(tighten) and value != upper and STRICTEST[tighten](upper, value) == upper


def holding(tighten: str, values: Sequence[Value | None]) -> int | None:
    """Which of the values along the tree, topmost first, holds; None when no unit has set one.

    Freely set: the nearest. Tighten-only: the strictest, and of equal ones the topmost.
    """
    holds: int | None = None
    for number, value in enumerate(values):
        if value is None:
            continue
        upper = values[holds] if holds is not None else None
        if upper is None or not tighten or loosens(tighten, value, upper):
            holds = number
    return holds
