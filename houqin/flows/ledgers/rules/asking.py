"""What a unit may make of a ledger for all below it: further columns, tighter limits, and what they cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from houqin.flows.ledgers.columns import Column, Limit

# Tenths of a minute that one more thing to write takes a trained person on a phone; in a list it is asked a line.
_TENTHS = {"long": 10, "text": 5, "person": 4, "place": 3, "choices": 3}
_TENTHS_ELSE = 2
LINES_OF_A_LIST = 8


@dataclass(frozen=True)
class Bounds:
    """A limit that a unit asks for: a lowest and a highest value in the unit typed, under conditions or always."""

    min: Decimal | None = None
    max: Decimal | None = None
    when: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One unit's additions to a ledger: the codes of its columns get ``prefix``; ``limits`` by column, of lines as ``lines.code``."""

    prefix: str
    columns: tuple[Column, ...] = ()
    of_lines: tuple[Column, ...] = ()
    limits: Mapping[str, Sequence[Limit]] = field(default_factory=dict)


def regional(column: Column, names: Sequence[str]) -> Column:
    """The column with the limits that hold where these units, topmost first, stand above: regional before national.

    Of limits under the same conditions the nearest region's replace all others.
    """
    if not any(limit.region for limit in column.limits):
        return column
    rank = {"": 0} | {name: number for number, name in enumerate(names, 1)}
    nearest: dict[tuple[tuple[str, str], ...], int] = {}
    for limit in column.limits:
        if limit.region in rank:
            key = _conditions(limit)
            nearest[key] = max(nearest.get(key, 0), rank[limit.region])
    kept = [
        limit for limit in column.limits if limit.region in rank and rank[limit.region] == nearest[_conditions(limit)]
    ]
    return column.model_copy(update={"limits": kept})


def merged(columns: Sequence[Column], change: Change, within: str) -> list[Column]:
    """Columns with a unit's additions: its own at the end, its limits beside those that hold already."""
    extra = change.of_lines if within else change.columns
    codes = {change.prefix + column.code for column in extra}
    found = [column for column in columns if column.code not in codes]
    found = [
        column.model_copy(update={"limits": [*column.limits, *change.limits[within + column.code]]})
        if change.limits.get(within + column.code)
        else column
        for column in found
    ]
    return found + [column.model_copy(update={"code": change.prefix + column.code}) for column in extra]


def loosened(held: Sequence[Limit], limit: Limit) -> Limit | None:
    """The limit in force that a new one would loosen, if any: one that applies whenever the new one does."""
    for known in held:
        if not known.when.items() <= limit.when.items():
            continue
        lower = known.min is not None and limit.min is not None and limit.min < known.min
        higher = known.max is not None and limit.max is not None and limit.max > known.max
        if lower or higher:
            return known
    return None


def adds_nothing(held: Sequence[Limit], limit: Limit) -> bool:
    """Whether a limit as strict holds already under these conditions."""
    known = [one for one in held if one.when.items() <= limit.when.items()]
    floor = limit.min is None or any(one.min is not None and one.min >= limit.min for one in known)
    ceiling = limit.max is None or any(one.max is not None and one.max <= limit.max for one in known)
    return floor and ceiling


def contradicts(column: Column, limit: Limit) -> bool:
    """Whether, under some answers, no value could keep a limit together with those in force, or none that is plausible."""
    beside = [
        one for one in column.limits if all(limit.when.get(code, one.when[code]) == one.when[code] for code in one.when)
    ]
    floors = [one.min for one in beside if one.min is not None]
    ceilings = [one.max for one in beside if one.max is not None]
    if column.plausible:
        floors.append(column.plausible[0])
        ceilings.append(column.plausible[1])
    too_high = limit.min is not None and any(limit.min > one for one in (*ceilings, *_given(limit.max)))
    return too_high or (limit.max is not None and any(limit.max < one for one in floors))


def _given(bound: Decimal | None) -> tuple[Decimal, ...]:
    return () if bound is None else (bound,)


def tightest(limits: Sequence[Limit]) -> Limit | None:
    """What limits that hold together come to: the highest of the lowest values and the lowest of the highest; None: nothing."""
    if not limits:
        return None
    least = max((one.min for one in limits if one.min is not None), default=None)
    most = min((one.max for one in limits if one.max is not None), default=None)
    return limits[0].model_copy(update={"min": least, "max": most})


def cost_of(columns: Iterable[Column], of_lines: Iterable[Column], *, by_exception: bool = False) -> int:
    """Tenths of a minute that these additions take with each entry; what stands in a list is asked for each line.

    Where a list is filled in by exception only the exceptions cost: they count as one line.
    """
    lines = 1 if by_exception else LINES_OF_A_LIST
    return sum(_tenths(column) for column in columns) + lines * sum(_tenths(column) for column in of_lines)


def a_day(every: str, meals: int, slots: int) -> Decimal:
    """How often on a school day, on average, something of this rhythm falls due (200 school days, 40 weeks a year)."""
    per_day = {
        "meal": Decimal(meals),
        "week": Decimal(1) / 5,
        "half_month": Decimal(1) / 10,
        "month": Decimal(1) / 20,
        "quarter": Decimal(1) / 50,
        "half_year": Decimal(1) / 100,
        "term": Decimal(1) / 100,
        "before_term": Decimal(1) / 100,
        "before_holiday": Decimal(1) / 50,
        "year": Decimal(1) / 200,
        "after": Decimal(0),
        "event": Decimal(0),
    }
    return per_day.get(every, Decimal(slots))


def _tenths(column: Column) -> int:
    return _TENTHS.get(column.kind, _TENTHS_ELSE)


def _conditions(limit: Limit) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(limit.when.items()))
