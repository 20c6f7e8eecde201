"""Numbers and deadlines of cases. Pure."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta, tzinfo

from houqin.flows.rectify.rules import due_day

END_OF_DAY = time(23, 59, 59)


def due_at(
    start: datetime, allowed: int, *, in_days: bool, is_working: Callable[[date], bool], zone: tzinfo
) -> datetime:
    """Minutes count by the clock; working days begin with the next one and run out with the end of the last."""
    if not in_days:
        return start + timedelta(minutes=allowed)
    return datetime.combine(due_day(start.astimezone(zone).date(), allowed, is_working), END_OF_DAY, tzinfo=zone)


def numbered(prefix: str, day: date, before: int) -> str:
    """The readable number of a unit's next case of a kind and day: ``YS-20240304-0001``."""
    return f"{prefix}-{day:%Y%m%d}-{before + 1:04d}"


def exceeds(measures: Collection[str], fen: int, told: Collection[str], told_fen: int) -> bool:
    """Whether a decision holds a measure, or asks an amount, of which the person was not told."""
    return not set(measures) <= set(told) or fen > told_fen
