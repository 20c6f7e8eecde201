"""What was meant by a figure that cannot be, or that is written as people write. ``slips.js`` does the same before anything is sent."""

import re
from collections.abc import Iterator
from decimal import Decimal

from houqin.flows.ledgers.columns import Column
from houqin.lib.numbers import read_decimal, rounded

MOST = 2
_GRAMS = 1000
_COMMA = re.compile(r"([+−-]?\d+)[,，](\d{1,2})")
_FREEZING = 32  # of water, in degrees Fahrenheit


def read(text: str) -> Decimal:
    """The figure as it is written: full-width, 7。8 and 7,8 for 7.8, 1,200 for 1200, 十二; Unreadable when it is none."""
    plain = text.replace("–", "-")
    return read_decimal(_COMMA.sub(r"\1.\2", plain) if _COMMA.fullmatch(plain) else plain)


def likely(column: Column, value: int) -> list[int]:
    """Values within the plausible bounds, as stored, that a slip turns into this one; the likeliest first.

    The point left out or a place or two off, kilograms typed as grams, a minus left out, degrees Fahrenheit. Only what can
    be written in this column: a figure is moved, not rounded, except from Fahrenheit.
    """
    assert column.plausible is not None
    low, high = (bound * column.per_unit for bound in column.plausible)
    found = dict.fromkeys(int(one) for one in _tried(column, Decimal(value), low, high) if one is not None)
    return [one for one in found if one != value][:MOST]


def _tried(column: Column, value: Decimal, low: Decimal, high: Decimal) -> Iterator[Decimal | None]:
    def first(*tried: Decimal) -> Decimal | None:
        return next((one for one in tried if low <= one <= high and one == one.to_integral_value()), None)

    yield (nearer := first(value / 10, value / 100))
    if column.kind == "weight":
        yield first(value / _GRAMS)
    yield first(-value) if nearer is not None else first(-value, -value / 10)
    if column.kind == "temperature":
        yield first(rounded((value - _FREEZING * column.per_unit) * 5 / 9))
    yield first(value * 10, value * 100)
    if column.kind == "weight":
        yield first(value * _GRAMS)
