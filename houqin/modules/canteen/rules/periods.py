"""The days that a set of forms is about: a day, a week from Monday, a month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

ONE = timedelta(days=1)


class Span(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @classmethod
    def around(cls, span: Span, day: date) -> Self:
        """The day itself, its week or its month."""
        if span == Span.WEEK:
            monday = day - timedelta(days=day.weekday())
            return cls(monday, monday + timedelta(days=6))
        if span == Span.MONTH:
            return cls(day.replace(day=1), month_end(day))
        return cls(day, day)

    @property
    def before(self) -> date:
        """The last day before it."""
        return self.first - ONE

    @property
    def after(self) -> date:
        """The first day after it."""
        return self.last + ONE

    @property
    def months(self) -> tuple["Period", ...]:
        """The months that lie in it from their first day to their last."""
        found, day = [], self.first
        while day <= self.last:
            month = Period.around(Span.MONTH, day)
            if self.first <= month.first and month.last <= self.last:
                found.append(month)
            day = month.after
        return tuple(found)


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
