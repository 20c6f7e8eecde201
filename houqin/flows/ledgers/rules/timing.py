"""When something may be written down: not ahead of time, not long after, and late only with a cause."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

SLACK = timedelta(minutes=5)  # two clocks never agree


class When(StrEnum):
    """How the time of an entry stands to its day."""

    IN_TIME = "in_time"
    LATE = "late"
    TOO_LATE = "too_late"
    AHEAD = "ahead"


def stands(day: date, captured: datetime, recorded: datetime, *, back_days: int, night_until: time) -> When:
    """How an entry for ``day`` stands that was captured then (local time): until ``night_until`` the night belongs to the day before."""
    if day > captured.date() or captured > recorded + SLACK:
        return When.AHEAD
    behind = (captured.date() - day).days
    if behind == 0 or (behind == 1 and captured.time() <= night_until):
        return When.IN_TIME
    return When.LATE if behind <= back_days else When.TOO_LATE


def is_ahead(value: datetime, captured: datetime) -> bool:
    """Whether something is said to have happened that has not come yet."""
    return value > captured + SLACK


def clock_is_ahead(day: date, clock: str, captured: datetime) -> bool:
    """Whether a time of day lies ahead of when it was written down (local time)."""
    at = datetime.combine(day, time.fromisoformat(clock), tzinfo=captured.tzinfo)
    return is_ahead(at, captured)
