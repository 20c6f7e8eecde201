"""Shelf lives as labels print them: ``12个月``, ``3天``, ``常温6个月``, ``一年`` → months or days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from houqin.lib.notes import mark as _
from houqin.lib.notes import unreadable
from houqin.lib.numbers import read_decimal
from houqin.lib.text import squeezed

_PART = re.compile(
    r"(\d+(?:\.\d+)?|[一二三四五六七八九十两半百]+)(个半月|个月|月|天|日|年半|年|周|星期|小时|时|h|d)", re.IGNORECASE
)
_DAYS = {"天": 1, "日": 1, "d": 1, "周": 7, "星期": 7}


@dataclass(frozen=True)
class ShelfLife:
    """Months and days that a food keeps from its day of production."""

    months: int = 0
    days: int = 0

    def after(self, produced: date) -> date:
        """The last day on which it may be used."""
        month = produced.month - 1 + self.months
        year, month = produced.year + month // 12, month % 12 + 1
        day = min(produced.day, calendar.monthrange(year, month)[1])
        return date(year, month, day) + timedelta(days=self.days)

    def __str__(self) -> str:
        return f"{self.months}个月" if self.months else f"{self.days}天"


def read_shelf_life(value: object) -> ShelfLife:
    """Read the first span a label states (``冷藏7天/冷冻12个月`` keeps 7 days: the shorter promise holds)."""
    text = squeezed(value)
    found = [_span(*part) for part in _PART.findall(text)]
    if not found and re.fullmatch(r"\d{1,4}(\.0+)?", text):
        found = [ShelfLife(days=int(float(text)))]  # a bare number under 保质期 counts days
    if not found:
        raise unreadable("no-shelf-life", _("“%(text)s” is not a shelf life that I can read."), text=text)
    return min(found, key=lambda span: span.months * 30 + span.days)


def _span(number: str, unit: str) -> ShelfLife:
    amount, unit = read_decimal(number), unit.lower()
    if unit in _DAYS:
        return ShelfLife(days=int(amount * _DAYS[unit]))
    if unit in {"小时", "时", "h"}:
        return ShelfLife(days=max(1, int(amount // 24)))
    if unit.startswith("年"):
        return ShelfLife(months=int(amount * 12) + (6 if unit == "年半" else 0))
    months = int(amount)
    half = 15 if unit == "个半月" or amount != months else 0
    return ShelfLife(months=months, days=half)
