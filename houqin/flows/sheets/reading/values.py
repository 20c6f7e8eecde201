"""One cell of a known field → its typed value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from houqin.flows.sheets.reading.dishes import read_dishes
from houqin.flows.sheets.reading.grids import Cell, shown
from houqin.flows.sheets.reading.shapes import FieldType
from houqin.lib.money import read_fen, read_unit_price
from houqin.lib.notes import mark as _
from houqin.lib.notes import unreadable
from houqin.lib.numbers import read_count
from houqin.lib.shelf_life import read_shelf_life
from houqin.lib.text import clean, is_nothing, name_key, squeezed, tidy_lines
from houqin.lib.units import read_quantity

MEALS: dict[str, tuple[str, ...]] = {
    "breakfast": ("早餐", "早饭", "早点", "早", "早膳", "breakfast"),
    "morning_snack": ("早加餐", "上午加餐", "上午点心", "上午餐点", "早点心", "课间餐", "上午点", "加餐"),
    "lunch": ("午餐", "中餐", "午饭", "中饭", "中", "午", "中午", "午膳", "营养午餐", "lunch"),
    "afternoon_snack": ("下午点心", "午点", "下午加餐", "下午点", "点心", "午加餐", "下午餐点", "水果"),
    "dinner": ("晚餐", "晚饭", "晚", "晚膳", "夜饭", "dinner", "supper"),
    "supper": ("夜宵", "宵夜", "晚加餐", "晚自习加餐"),
}
_MEAL_OF = {name_key(name): code for code, names in MEALS.items() for name in names}
_YES = {
    "是",
    "有",
    "√",
    "✓",
    "✔",
    "合格",
    "y",
    "yes",
    "1",
    "true",
    "已",
    "对",
    "通过",
    "已培训",
    "住校",
    "住读",
    "内宿",
    "住宿",
    "寄宿",
    "v",
    "☑",
}
_NO = {
    "否",
    "无",
    "×",
    "✗",
    "x",
    "不合格",
    "n",
    "no",
    "0",
    "false",
    "未",
    "没有",
    "走读",
    "不住校",
    "通学",
    "外宿",
    "不寄宿",
    "☐",
    "/",
    "-",
    "—",
    "非",
}


def read_meal(value: Cell) -> str:
    """早饭, 中餐, 午餐（学生）→ breakfast, lunch …"""
    text = squeezed(shown(value))
    code = _meal(text)
    if code:
        return code
    raise unreadable("no-meal", _("“%(text)s” is not a meal that I know (早餐, 午餐, 晚餐 …)."), text=text)


@lru_cache(maxsize=4096)
def _meal(text: str) -> str | None:
    key = name_key(re.sub(r"\([^)]*\)", "", text))
    if key in _MEAL_OF:
        return _MEAL_OF[key]
    found = {code for name, code in _MEAL_OF.items() if len(name) >= 2 and name in key}
    return found.pop() if len(found) == 1 else None


def _yes_no(value: Cell) -> bool | None:
    if isinstance(value, bool):
        return value
    text = squeezed(shown(value)).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise unreadable("no-yes-no", _("“%(text)s” is neither yes nor no."), text=text)


def _sex(value: Cell) -> str:
    text = squeezed(shown(value)).casefold()
    if text in {"男", "男性", "m", "male", "1"}:
        return "male"
    if text in {"女", "女性", "f", "female", "2"}:
        return "female"
    raise unreadable("no-sex", _("“%(text)s” is neither 男 nor 女."), text=text)


def _code(value: Cell) -> str:
    """Digits and letters without spaces; a day typed into a batch column becomes its eight digits."""
    if isinstance(value, date | datetime):
        return value.strftime("%Y%m%d")
    return squeezed(shown(value))


_READERS: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.TEXT: lambda cell: clean(tidy_lines(shown(cell))) if isinstance(cell, str) else shown(cell),
    FieldType.NAME: lambda cell: clean(shown(cell)),
    FieldType.CODE: _code,
    FieldType.QUANTITY: read_quantity,
    FieldType.MONEY: read_fen,
    FieldType.UNIT_PRICE: read_unit_price,
    FieldType.COUNT: read_count,
    FieldType.YES_NO: _yes_no,
    FieldType.MEAL: read_meal,
    FieldType.SEX: _sex,
    FieldType.SHELF_LIFE: read_shelf_life,
    FieldType.DISHES: lambda cell: read_dishes(shown(cell)),
}
_KEEPS_NOTHING_MARKS = {FieldType.YES_NO}


def read_cell(kind: FieldType, cell: Cell) -> Any:
    """The typed value, None for an empty cell or a mark for *nothing*; `Unreadable` with the reason.

    Days are not read here: they need the sheet's year (`reading.days`)."""
    if cell is None or (isinstance(cell, str) and not squeezed(cell)):
        return None
    if kind not in _KEEPS_NOTHING_MARKS and isinstance(cell, str) and is_nothing(cell):
        return None
    return _READERS[kind](cell)
