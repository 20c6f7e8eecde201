"""What is wrong with what was written down: not complete, hardly plausible, out of limits, not as it should be."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from houqin.flows.ledgers.columns import Column, Limit
from houqin.flows.ledgers.rules.slips import likely

Values = Mapping[str, Any]
REMARK = "remark"
LINE = "line"


@dataclass(frozen=True)
class Missing:
    """Something that has to be written down is not there."""

    key: str
    column: Column


@dataclass(frozen=True)
class Doubt:
    """A value that is hardly possible: asked again. ``likely`` is what was probably meant, as stored, the likeliest first."""

    key: str
    column: Column
    value: int
    likely: tuple[int, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A value out of order: beyond ``limit``, or, without one, an answer that should be another."""

    key: str
    column: Column
    value: Any
    limit: Limit | None = None

    @property
    def needs_remark(self) -> bool:
        """Whether somebody has to write what was done: an answer out of order. A reading speaks for itself."""
        return self.limit is None


@dataclass(frozen=True)
class Lacking(Finding):
    """Whoever did it had not the ``paper`` that the post asks for; ``value`` says what is known of it."""

    paper: str = ""
    source: str = ""
    by_law: bool = False


def missing(columns: Sequence[Column], values: Values, at: str = "", around: Values | None = None) -> list[Missing]:
    """What is required and was not given; what has a limit under conditions is required where they are met."""
    whole = {**(around or {}), **values}
    return [
        Missing(at + column.code, column)
        for column in columns
        if values.get(column.code) in (None, "", []) and (column.required or _concerned(column, whole))
    ]


def _concerned(column: Column, values: Values) -> bool:
    return any(limit.when and applies(limit, values) for limit in column.limits)


def doubts(columns: Sequence[Column], values: Values, confirmed: Collection[str] = (), at: str = "") -> list[Doubt]:
    """Values beyond what is plausible that nobody has confirmed yet."""
    return list(_doubts(columns, values, confirmed, at))


def _doubts(columns: Sequence[Column], values: Values, confirmed: Collection[str], at: str) -> Iterator[Doubt]:
    for column in columns:
        value = values.get(column.code)
        if column.plausible is None or value is None or at + column.code in confirmed:
            continue
        if not _within(value, column, *column.plausible):
            yield Doubt(at + column.code, column, value, tuple(likely(column, value)))


def findings(columns: Sequence[Column], values: Values, at: str = "", around: Values | None = None) -> list[Finding]:
    """Everything out of order among these values; ``around`` are the values of the entry that a line belongs to."""
    whole = {**(around or {}), **values}
    found: list[Finding] = []
    for column in columns:
        value = values.get(column.code)
        if value is None or value in ("", []):
            continue
        if column.is_measured:
            limit = _broken(column, value, whole)
            if limit is not None:
                found.append(Finding(at + column.code, column, value, limit))
        elif _out_of_order(column, value):
            found.append(Finding(at + column.code, column, value))
    return found


def keeps(limit: Limit, column: Column, value: int) -> bool:
    """Whether a stored value keeps a limit, bounds included."""
    low = limit.min is None or value >= limit.min * column.per_unit
    return low and (limit.max is None or value <= limit.max * column.per_unit)


def applies(limit: Limit, values: Values) -> bool:
    """Whether a limit concerns an entry with these values."""
    return all(_said(values.get(code), wanted) for code, wanted in limit.when.items())


def _said(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    if isinstance(value, list | tuple):
        return wanted in value
    return str(value) == wanted


def _broken(column: Column, value: int, values: Values) -> Limit | None:
    """Of the limits that are broken the one of the highest rank: law before habit."""
    broken = [one for one in column.limits if applies(one, values) and not keeps(one, column, value)]
    return min(broken, key=lambda one: ("A", "A*", "B", "C").index(one.confidence), default=None)


def _out_of_order(column: Column, value: Any) -> bool:
    if column.kind == "yes_no":
        return bool(value != column.expects)
    if column.kind in ("choice", "choices"):
        out = {choice.code for choice in column.choices if choice.breach}
        return bool(out & ({value} if isinstance(value, str) else set(value)))
    return False


def _within(value: int, column: Column, least: Decimal, most: Decimal) -> bool:
    return least * column.per_unit <= value <= most * column.per_unit
