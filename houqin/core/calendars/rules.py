"""What a day is: by the national calendar, unless a unit marked it, and never a school day outside the terms."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import chinese_calendar

_AUGUST = 8


class What(StrEnum):
    """What a day is to a school."""

    SCHOOL_DAY = "school_day"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    VACATION = "vacation"
    CLOSURE = "closure"
    BOARDING_WEEKEND = "boarding_weekend"

    @property
    def is_school_day(self) -> bool:
        """Whether lessons are held."""
        return self in {What.SCHOOL_DAY, What.MAKE_UP}

    @property
    def boarders_stay(self) -> bool:
        """Whether boarders are at school and eat there."""
        return self.is_school_day or self == What.BOARDING_WEEKEND


@dataclass(frozen=True)
class Decided:
    """What a day is and what it is called; provisional while the State Council's notice for its year is not known."""

    what: What
    label: str = ""
    provisional: bool = False


def national(day: date) -> Decided:
    """The national calendar with its adjusted workdays; Monday to Friday where its year is not known yet."""
    weekend = day.weekday() > 4
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return Decided(What.WEEKEND if weekend else What.SCHOOL_DAY, provisional=True)
    if off:
        return Decided(What.HOLIDAY if name else What.WEEKEND, name or "")
    return Decided(What.MAKE_UP if weekend else What.SCHOOL_DAY, name or "")


def decide(day: date, *, mark: tuple[str, str] | None, in_term: bool | None) -> Decided:
    """What a day is, from a mark (kind, label) and whether a term holds it; None: no terms are set for its year."""
    nation = national(day)
    label = (mark[1] if mark else "") or nation.label
    if in_term is False:
        return Decided(What.VACATION, label)
    return Decided(What(mark[0]), label) if mark else nation


def school_year(day: date) -> int:
    """The school year, named by the calendar year in which it begins, of a term that starts on the day."""
    return day.year if day.month >= _AUGUST else day.year - 1


def school_years(day: date) -> tuple[int, ...]:
    """The school years whose terms decide about a day: in August, between two of them, both."""
    return (day.year - 1, day.year) if day.month == _AUGUST else (school_year(day),)
