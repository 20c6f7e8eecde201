"""The year of a sheet: who states it, whether its weekdays agree, and the day of each row under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from houqin.lib.dates import DayRead
from houqin.lib.notes import Note, unreadable
from houqin.lib.notes import mark as _
from houqin.lib.years import StatedYear, stated_year, weekday_years

_WEEKDAYS = "一二三四五六日"
_FUTURE = timedelta(days=31)


@dataclass
class YearRule:
    """Gives each day its year. `stated` is None when nobody knows it: then days without a year are refused."""

    stated: StatedYear | None
    how: Note | None = None
    needed: bool = False
    warnings: list[Note] = field(default_factory=list)
    today: date = date.max - _FUTURE

    @property
    def asks(self) -> bool:
        """Must a person say which year it is?"""
        return self.needed and self.stated is None

    def day(self, read: DayRead, before: date | None = None, warnings: list[Note] | None = None) -> date:
        """The day meant by `read`, coming after `before` in the sheet."""
        found = self._dated(read, before)
        told = warnings if warnings is not None else []
        if read.weekday is not None and found.weekday() != read.weekday:
            told.append(
                Note(
                    "other-weekday",
                    _("%(day)s is a 星期%(real)s, the sheet says 星期%(told)s."),
                    {"day": found.isoformat(), "real": _WEEKDAYS[found.weekday()], "told": _WEEKDAYS[read.weekday]},
                )
            )
        if found > self.today + _FUTURE:
            told.append(Note("future-day", _("%(day)s lies in the future."), {"day": found.isoformat()}))
        return found

    def _dated(self, read: DayRead, before: date | None) -> date:
        if read.year is not None:
            return read.on(read.year)
        if self.stated is None:
            raise unreadable("which-year", _("Which year? Neither the sheet nor its folder says."))
        read = _tenth_or_first(read, before, self.stated)
        found = read.on(self.stated.year_of(read.month))
        if self.stated.second is None and before and before.month >= 9 and found.month <= 2 and found < before:
            found = read.on(before.year + 1)  # the sheet was begun in autumn and goes on after New Year
        elif self.stated.second is None and before and before.year == self.stated.first + 1 and found.month <= 8:
            found = read.on(before.year)
        return found


def _tenth_or_first(read: DayRead, before: date | None, stated: StatedYear) -> DayRead:
    """A numeric cell 3.1 is 3.10 when the days before it have gone past 1 March."""
    if read.or_day is None or before is None or before.month != read.month or before.day <= read.day:
        return read
    if before.day <= read.or_day and read.exists_in(stated.year_of(read.month)):
        return DayRead(read.month, read.or_day, style=read.style)
    return read


def decide_year(
    days: Sequence[DayRead],
    stated: Sequence[StatedYear],
    *,
    today: date,
    answered: str = "",
    full_days: Sequence[date] = (),
    folder: StatedYear | None = None,
) -> YearRule:
    """Which year the year-less `days` of a sheet take.

    In this order: a person's answer; years written in the same column; what the sheet, its workbook, file and
    folder state (nearest first); the weekdays; other full dates in the rows; what the rest of the folder agrees on."""
    rule = YearRule(None, needed=any(day.year is None for day in days), today=today)
    if answered and (told := stated_year(answered)):
        return _with(rule, told, Note("year-answered", _("year %(year)s: as you said"), {"year": told.label}))
    if not rule.needed:
        return rule
    own = Counter(day.year for day in days if day.year is not None)
    if len(own) == 1 and (year := next(iter(own))):
        return _with(
            rule, StatedYear(year), Note("year-column", _("year %(year)s: other rows write it"), {"year": year})
        )
    fitting = weekday_years(days, today.year)
    if stated:
        return _checked(rule, stated[0], fitting, days)
    return _implied(rule, fitting, full_days, folder, today)


def _with(rule: YearRule, year: StatedYear, how: Note) -> YearRule:
    rule.stated, rule.how = year, how
    return rule


def _checked(rule: YearRule, told: StatedYear, fitting: list[int], days: Sequence[DayRead]) -> YearRule:
    known = [day for day in days if day.weekday is not None and day.year is None]
    right = sum(day.fits_weekday(told.year_of(day.month)) for day in known)
    if known and right * 2 < len(known):
        near = [year for year in fitting if abs(year - told.first) <= 1]
        if near:
            rule.warnings.append(
                Note(
                    "year-against-weekday",
                    _("%(where)s says %(told)s, but the weekdays are those of %(year)s; %(year)s is taken."),
                    {"where": told.where or "—", "told": told.label, "year": near[0]},
                )
            )
            told = StatedYear(near[0], where=told.where)
    return _with(
        rule,
        told,
        Note("year-stated", _("year %(year)s: stated in %(where)s"), {"year": told.label, "where": told.where}),
    )


def _implied(
    rule: YearRule, fitting: list[int], full_days: Sequence[date], folder: StatedYear | None, today: date
) -> YearRule:
    in_rows = Counter(day.year for day in full_days).most_common(1)
    if fitting:
        folder_years = {folder.first, folder.second} if folder else set()
        year = next((year for year in fitting if year in folder_years), None)
        year = year or next((year for year in fitting if in_rows and year == in_rows[0][0]), None)
        past = [each for each in fitting if each <= today.year]
        year = year or (past or fitting)[0]
        return _with(
            rule, StatedYear(year), Note("year-weekday", _("year %(year)s: the weekdays agree with it"), {"year": year})
        )
    if in_rows:
        year = in_rows[0][0]
        rule.warnings.append(
            Note(
                "year-from-rows",
                _("Days without a year are taken in %(year)s, like other dates in the rows."),
                {"year": year},
            )
        )
        return _with(
            rule, StatedYear(year), Note("year-rows", _("year %(year)s: other dates in the rows"), {"year": year})
        )
    if folder:
        rule.warnings.append(
            Note(
                "year-from-folder",
                _("Days without a year are taken in %(year)s, like the rest of the folder."),
                {"year": folder.label},
            )
        )
        return _with(
            rule, folder, Note("year-folder", _("year %(year)s: the rest of the folder"), {"year": folder.label})
        )
    return rule
