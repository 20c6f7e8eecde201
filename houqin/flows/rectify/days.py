"""Days of deadlines. Working days are those of the State Council's calendar with its adjusted Saturdays, whatever a school's terms are."""

from datetime import date

from houqin.core.calendars.rules import national


def is_working(day: date) -> bool:
    """Whether offices work on a day; Monday to Friday where the notice for its year is not known yet."""
    return national(day).what.is_school_day


def every_day(day: date) -> bool:
    """What does not wait for offices to work again: each day counts."""
    return True
