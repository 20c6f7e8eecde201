"""The year a ledger leaves out: stated in a title, a file or folder name, or implied by its weekdays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from houqin.lib.dates import DayRead
from houqin.lib.text import tidy

_PAIR = re.compile(r"(?<!\d)(20\d{2})\s*年?\s*(?:[-–—~至到/]|--)+\s*(20\d{2}|\d{2})(?=\D|$)")
_RANGE = re.compile(
    r"(?<!\d)(20\d{2})\s*[年./-]\s*(\d{1,2})\s*月?\s*(?:\d{1,2}\s*日?)?\s*[-–—~至到]+\s*(20\d{2})\s*[年./-]\s*(\d{1,2})"
)
_AUTUMN = re.compile(r"秋|第一学期|上学期|第1学期")
_SPRING = re.compile(r"春|第二学期|下学期|第2学期")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=\D|$|[01]\d[0-3]\d(?!\d))")
_SHORT = re.compile(r"(?<!\d)(\d{2})\s*(?=年|学年|春|秋|届春|届秋)")
_FORM_NOISE = re.compile(r"(打印|制表|填表|填报|导出|印制|下载)(日期|时间)?\s*[::]?\s*20\d{2}[^\s]*")
_AUGUST = 8
_WITHIN_A_YEAR = 330


@dataclass(frozen=True)
class StatedYear:
    """One calendar year, or two joined at a month (school year: from August the first, before it the second)."""

    first: int
    second: int | None = None
    turns_in: int = _AUGUST
    where: str = ""

    def year_of(self, month: int) -> int:
        """The year in which `month` lies."""
        if self.second is None:
            return self.first
        return self.first if month >= self.turns_in else self.second

    @property
    def label(self) -> str:
        """As a person would say it."""
        return str(self.first) if self.second is None else f"{self.first}—{self.second}"


def stated_year(text: object, where: str = "") -> StatedYear | None:
    """The year that a title line or a name states, or None when it states none or several."""
    plain = _FORM_NOISE.sub("", tidy(text))
    found = _RANGE.search(plain)
    if found and int(found[3]) == int(found[1]) + 1:
        return StatedYear(int(found[1]), int(found[3]), int(found[2]), where)
    if found and found[1] == found[3]:
        return StatedYear(int(found[1]), where=where)
    found = _PAIR.search(plain)
    if found and (pair := _paired(found)):
        return _in_term(pair, plain, where)
    years = {int(year) for year in _YEAR.findall(plain)}
    years = years or {2000 + int(year) for year in _SHORT.findall(plain) if 10 <= int(year) <= 60}
    if len(years) != 1:
        return None
    return _in_season(years.pop(), plain, where)


def _paired(found: re.Match[str]) -> tuple[int, int] | None:
    first, second = int(found[1]), int(found[2])
    second += first // 100 * 100 if second < 100 else 0
    return (first, second) if second == first + 1 else None


def _in_term(pair: tuple[int, int], text: str, where: str) -> StatedYear:
    if _SPRING.search(text) and not _AUTUMN.search(text):
        return StatedYear(pair[1], where=where)
    return StatedYear(*pair, where=where)


def _in_season(year: int, text: str, where: str) -> StatedYear:
    if "学年" in text and _SPRING.search(text) and not re.search(r"春", text):
        return StatedYear(year, year + 1, where=where)
    if re.search(r"秋", text) or ("学年" in text and _AUTUMN.search(text)):
        return StatedYear(year, year + 1, where=where)
    return StatedYear(year, where=where)


def weekday_years(days: Iterable[DayRead], around: int, reach: int = 12) -> list[int]:
    """Years in which nearly all of the weekdays written beside the days are right, nearest to `around` first."""
    known = [day for day in days if day.weekday is not None and day.year is None]
    if not known:
        return []
    fitting = [
        year
        for year in range(around - reach, around + 2)
        if sum(day.fits_weekday(year) for day in known) * 10 >= len(known) * 8
    ]
    return sorted(fitting, key=lambda year: (year > around, abs(year - around)))


def school_year_start(day: date) -> date:
    """1 September of the school year in which `day` lies."""
    return date(day.year if day.month >= _AUGUST else day.year - 1, 9, 1)


def only_one(stated: Sequence[StatedYear]) -> StatedYear | None:
    """The year that all of them agree on; 2024 agrees with 2024—2025, which says more."""
    pairs = {(year.first, year.second) for year in stated if year.second is not None}
    if not pairs:
        return stated[0] if len({year.first for year in stated}) == 1 else None
    if len(pairs) > 1 or any(year.first not in next(iter(pairs)) for year in stated):
        return None
    return min((year for year in stated if year.second is not None), key=lambda year: year.turns_in)


def spanned(days: Sequence[date]) -> StatedYear | None:
    """The year, or the two years joined where the first of these days lies, of days less than a year apart."""
    first, last = min(days, default=None), max(days, default=None)
    if first is None or last is None or (last - first).days > _WITHIN_A_YEAR:
        return None
    if first.year == last.year:
        return StatedYear(first.year)
    return StatedYear(first.year, last.year, first.month) if last.month < first.month else None
