"""Days as ledgers write them. Reading what a cell says is apart from deciding the year it left out."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from houqin.lib.notes import Unreadable, unreadable
from houqin.lib.notes import mark as _
from houqin.lib.text import tidy

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(32874, 73051)  # 1990 … 2099
_WEEKDAYS = {ch: n for n, ch in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAY = re.compile(r"(?:星期|礼拜|周)\s*([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_ENGLISH = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_CLOCK = re.compile(
    r"(?:[T\s]|(?<=日))\s*(?:上午|下午|早上|中午|晚上)?\s*\d{1,2}\s*[::时点]\s*(?:\d{1,2}\s*分?)?(?::\d{1,2})?.*$|\s*(?:上午|下午|早上|中午|晚上)$"
)
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    ("2024年3月4日", re.compile(r"(?P<y>\d{4}|\d{2})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?")),
    ("2024-03-04", re.compile(r"(?P<y>\d{4})\s*(?P<s>[-/.、。\\~])\s*(?P<m>\d{1,2})\s*(?P=s)\s*(?P<d>\d{1,2})[日.]?")),
    ("24.3.4", re.compile(r"(?P<y>\d{2})\s*(?P<s>[-/.、。\\])\s*(?P<m>\d{1,2})\s*(?P=s)\s*(?P<d>\d{1,2})[日.]?")),
    ("20240304", re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")),
    ("2024 3 4", re.compile(r"(?P<y>\d{4})\s+(?P<m>\d{1,2})\s+(?P<d>\d{1,2})")),
    ("3月4日", re.compile(r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?")),
    ("3.4", re.compile(r"(?P<m>\d{1,2})\s*[./\-、。\\]\s*(?P<d>\d{1,2})[日号]?")),
]

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
"""Beyond them nothing of a school lies, and the ends of the calendar are far enough to count from."""

TEN_YEARS = 3660
"""Days; farther away than this nobody plans or looks back."""


def named_day(text: str) -> date | None:
    """The day YYYY-MM-DD that an address names; None where it is none, or so far away that its neighbours are no days."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def day_or(text: str, otherwise: date, *, farthest: int | None = None) -> date:
    """The day that an address names (YYYY-MM-DD); another where it names none, or one ``farthest`` days away or more."""
    day = named_day(text)
    if day is None:
        return otherwise
    return otherwise if farthest is not None and abs((day - otherwise).days) >= farthest else day


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or, counted backwards, earlier), or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class DayRead:
    """What a cell says of a day: the year may be missing; a weekday may stand beside it; 3.1 may mean 3.10."""

    month: int
    day: int
    year: int | None = None
    weekday: int | None = None
    style: str = ""
    or_day: int | None = None

    def on(self, year: int) -> date:
        """That day in `year`; `Unreadable` where there is none (29 February)."""
        return _real(self.year or year, self.month, self.day, f"{self.month}月{self.day}日")

    def exists_in(self, year: int) -> bool:
        """Is there such a day in `year`?"""
        try:
            date(year, self.month, self.day)
        except ValueError:
            return False
        return True

    def fits_weekday(self, year: int) -> bool:
        """Does the weekday that stands beside it agree with `year`? True when none does."""
        if self.weekday is None:
            return True
        return self.exists_in(year) and date(year, self.month, self.day).weekday() == self.weekday


def _real(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise unreadable(
            "no-such-day",
            _("There is no such day as “%(text)s”. Look it up in the paper ledger and write the right day."),
            text=text,
        ) from None


def _no_day(text: object) -> Unreadable:
    return unreadable("no-day", _("“%(text)s” is not a date that I can read."), text=text)


def read_weekday(text: str) -> int | None:
    """星期三, 周三, (三) beside a date, Wednesday → 2."""
    found = _WEEKDAY.search(text)
    if not found:
        return None
    return _WEEKDAYS[found[1]] if found[1] else _ENGLISH.index(found[2].lower())


def read_day(value: object) -> DayRead:
    """Read a cell; raises `Unreadable` with the reason in words."""
    if isinstance(value, datetime | date):
        return DayRead(value.month, value.day, value.year, style="Excel")
    if isinstance(value, bool) or value is None:
        raise _no_day(value)
    if isinstance(value, int | float | Decimal):
        return _from_number(value)
    return _from_text(tidy(value))


def _from_number(value: float | Decimal) -> DayRead:
    whole = int(value)
    if whole in _SERIALS:  # a fraction is the time of day
        day = _EXCEL_EPOCH + timedelta(days=whole)
        return DayRead(day.month, day.day, day.year, style="Excel")
    text = format(float(value), ".15g")
    if re.fullmatch(r"\d{1,2}\.\d{1,2}", text):
        month, number = text.split(".")
        or_day = int(number) * 10 if len(number) == 1 and int(number) in (1, 2, 3) else None
        return _checked(DayRead(int(month), int(number), style="3.4", or_day=or_day), text)
    return _from_text(text)


def _from_text(text: str) -> DayRead:
    weekday = read_weekday(text)
    bare = _WEEKDAY.sub("", text)
    bare = re.sub(r"\([^)\d]*\)", "", bare).strip(" ,;:()")
    bare = _CLOCK.sub("", bare).strip(" ,;:()")
    bare = re.sub(r"^(日期|时间|供餐日期|用餐日期)[::]?\s*", "", bare)
    for style, pattern in _PATTERNS:
        found = pattern.fullmatch(bare)
        if found:
            return _made(found, style, weekday, text)
    chinese = _chinese(bare)
    if chinese and chinese != bare:
        return _from_text(chinese if weekday is None else f"{chinese} 周{'一二三四五六日'[weekday]}")
    if re.fullmatch(r"\d{5}(\.\d+)?", bare) and int(float(bare)) in _SERIALS:
        return _from_number(float(bare))
    raise _no_day(text)


def _chinese(text: str) -> str | None:
    """二〇二四年三月十四日 → 2024年3月14日."""
    if not re.fullmatch(r"[〇零一二三四五六七八九十年月日号]+", text):
        return None

    def number(found: re.Match[str]) -> str:
        part = found[0]
        if "十" not in part:
            return part.translate(_NUMERALS)
        tens, _ten, ones = part.partition("十")
        return str(int(tens.translate(_NUMERALS) or "1") * 10 + int(ones.translate(_NUMERALS) or "0"))

    return re.sub(r"[〇零一二三四五六七八九十]+", number, text)


def _made(found: re.Match[str], style: str, weekday: int | None, text: str) -> DayRead:
    parts = found.groupdict()
    year = int(parts["y"]) if parts.get("y") else None
    if year is not None and year < 100:
        year += 2000
    return _checked(DayRead(int(parts["m"]), int(parts["d"]), year, weekday, style), text)


def _checked(read: DayRead, text: str) -> DayRead:
    """A year-less 29 February may exist; 31 February never does."""
    _real(read.year or 2024, read.month, read.day, text)
    if read.year is not None and not 1990 <= read.year <= 2099:
        raise _no_day(text)
    return read
