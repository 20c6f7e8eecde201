"""A month of a unit as a table of weeks."""

from calendar import Calendar
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from houqin.core.calendars.days import DayInfo, day_infos
from houqin.core.calendars.models import Term
from houqin.core.calendars.rules import What
from houqin.core.calendars.words import WORDS
from houqin.core.orgs.models import OrgUnit
from houqin.lib.dates import named_day

ICONS = {
    What.SCHOOL_DAY: "school",
    What.MAKE_UP: "repeat",
    What.WEEKEND: "home",
    What.HOLIDAY: "flag",
    What.VACATION: "beach",
    What.CLOSURE: "lock",
    What.BOARDING_WEEKEND: "bed",
}
USUAL = {What.SCHOOL_DAY, What.WEEKEND, What.VACATION}


@dataclass(frozen=True)
class Cell:
    """One day of the month, ready to be drawn."""

    info: DayInfo

    @property
    def word(self) -> Any:
        """What the day is."""
        return WORDS[self.info.kind]

    @property
    def icon(self) -> str:
        """Its drawing."""
        return ICONS[self.info.kind]


@dataclass(frozen=True)
class Month:
    """A month: weeks from Monday, None where a day belongs to another month."""

    first: date
    weeks: Sequence[Sequence[Cell | None]]
    cells: Sequence[Cell]

    @property
    def before(self) -> date:
        """The month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """The month after."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def counts(self) -> list[tuple[Any, str, What, int]]:
        """The legend: word, drawing, kind and how many days of it."""
        found = Counter(cell.info.kind for cell in self.cells)
        return [(WORDS[what], ICONS[what], what, found[what]) for what in What if found[what]]

    @property
    def unusual(self) -> list[Cell]:
        """The days that are not what their weekday says, or that have a name."""
        return [cell for cell in self.cells if cell.info.kind not in USUAL or cell.info.label]

    @property
    def terms(self) -> list[Term]:
        """The terms that the month lies in."""
        return list(dict.fromkeys(cell.info.term for cell in self.cells if cell.info.term))

    @property
    def without_terms(self) -> bool:
        """Whether no term is set for the time, so that the national calendar alone decides."""
        return not self.terms and all(cell.info.kind != What.VACATION for cell in self.cells)

    @property
    def provisional(self) -> bool:
        """Whether some day is by its weekday only."""
        return any(cell.info.provisional for cell in self.cells)


def month_of(org: OrgUnit, asked: str, today: date) -> Month:
    """The month "2024-03" of a unit, this month where none is asked for. Two queries."""
    first = _month(asked) or today.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    by_day = {info.day: Cell(info) for info in day_infos(org, first, last)}
    weeks = [[by_day.get(day) for day in week] for week in Calendar().monthdatescalendar(first.year, first.month)]
    return Month(first, weeks, list(by_day.values()))


def _month(text: str) -> date | None:
    day = named_day(f"{text}-01")
    return day if day is not None and 2000 < day.year < 2100 else None
