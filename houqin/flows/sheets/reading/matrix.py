"""Weighed menus as a grid: a column a day and a line a meal, or the other way round; each cell is one meal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from houqin.flows.sheets.reading.days import YearRule
from houqin.flows.sheets.reading.dishes import read_dishes
from houqin.flows.sheets.reading.grids import Grid, as_stored, column_letter, shown
from houqin.flows.sheets.reading.shapes import Shape
from houqin.flows.sheets.reading.titles import is_signature, is_sum
from houqin.flows.sheets.reading.understanding import RowKind, RowRead
from houqin.flows.sheets.reading.values import read_meal
from houqin.lib.dates import DayRead, read_day, read_weekday
from houqin.lib.notes import Note, Unreadable, unreadable
from houqin.lib.notes import mark as _
from houqin.lib.text import squeezed, tidy, tidy_lines

_SEARCHED = 25
_A_DAY = r"(?:\d{4}\s*[年./-]\s*)?\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
_WEEK = re.compile(rf"(?P<first>{_A_DAY})\s*(?:[-–—~至到]+)\s*(?:{_A_DAY}|\d{{1,2}}\s*日)")
_DISH = ("菜品", "菜名", "菜肴", "食谱", "菜谱", "餐品", "品名", "名称")
_AMOUNT = ("用量", "重量", "克", "带量", "数量", "克重", "g", "份量", "净重")
_FOOD = ("食材", "原料", "配料", "主料", "食物", "材料")


@dataclass(frozen=True)
class Span:
    """Lines or columns that belong to one day or one meal."""

    first: int
    last: int


@dataclass
class MatrixFound:
    """A grid of meals: days and meals with the columns and lines they cover."""

    shape: Shape
    first: int  # header rows, counted from 0
    last: int
    days: list[tuple[Span, DayRead | int]] = field(default_factory=list)  # int: only a weekday
    meals: list[tuple[Span, str]] = field(default_factory=list)
    days_down: bool = False

    @property
    def day_reads(self) -> list[DayRead]:
        """The days that carry a date."""
        return [day for _span, day in self.days if isinstance(day, DayRead)]


def find_matrix(grid: Grid, shape: Shape) -> MatrixFound | None:
    """Look for days across and meals down, then for meals across and days down."""
    for row in range(min(_SEARCHED, len(grid.rows))):
        across = _days_across(grid, row)
        last, days = across
        if days and _is_header_of_days(grid, last, days):
            meals = _meals_down(grid, last + 1, days[0][0].first)
            if meals:
                return MatrixFound(shape, row, last, days, meals)
        meals_across = _meals_across(grid, row)
        if meals_across:
            days_down = _days_down(grid, row + 1, meals_across[0][0].first)
            if days_down:
                return MatrixFound(shape, row, row, days_down, meals_across, days_down=True)
    return None


def _is_header_of_days(grid: Grid, row: int, days: list[tuple[Span, DayRead | int]]) -> bool:
    """Days fill the line but for a label or two; in a ledger's line a day stands beside many other things."""
    filled = len(grid.filled(row))
    return filled - len(days) <= 2 and (len(days) >= 2 or filled <= 2)


def _day_or_weekday(text: str) -> DayRead | int | None:
    try:
        return read_day(text)
    except Unreadable:
        bare = squeezed(text)
        return read_weekday(text) if len(bare) <= 5 or re.fullmatch(r"[a-zA-Z]+", bare) else None


def _days_across(grid: Grid, row: int) -> tuple[int, list[tuple[Span, DayRead | int]]]:
    """Days in `row`, or in `row` and the next together (星期一 above 3月4日)."""
    found = _days_in(grid, row)
    weekdays_only = found and all(isinstance(day, int) for _span, day in found)
    if not found or weekdays_only or row + 1 >= len(grid.rows):
        below = _days_in(grid, row + 1, above=row) if row + 1 < len(grid.rows) else []
        if weekdays_only and len(below) >= len(found) and all(isinstance(day, DayRead) for _span, day in below):
            return row + 1, below
        return row, found
    below = _days_in(grid, row + 1)
    if len(below) == len(found) and all(isinstance(day, int) for _span, day in below):
        return row + 1, _days_in(grid, row + 1, above=row)
    return row, found


def _days_in(grid: Grid, row: int, above: int | None = None) -> list[tuple[Span, DayRead | int]]:
    merged = {merge.left: merge.right for merge in grid.merges if merge.top <= row <= merge.bottom}
    cells = grid.filled(row)
    found: list[tuple[Span, DayRead | int]] = []
    for place, (column, _text) in enumerate(cells):
        text = shown(grid.at(row, column))
        if above is not None:
            text = f"{shown(grid.at(above, column))} {text}"
        day = _day_or_weekday(tidy(text)) if above is None else _joined_day(text)
        if day is None:
            continue
        end = merged.get(column, column)
        if end == column and found and place + 1 < len(cells):
            end = cells[place + 1][0] - 1
        found.append((Span(column, end), day))
    return found


def _joined_day(text: str) -> DayRead | int | None:
    return _day_or_weekday(tidy(text))


def _meal_or_none(text: str) -> str | None:
    try:
        return read_meal(text) if text and len(text) <= 12 else None
    except Unreadable:
        return None


def _meals_down(grid: Grid, start: int, before: int) -> list[tuple[Span, str]]:
    """Meal names left of the days; each runs until the next one, or to a line that is something else."""
    found: list[tuple[Span, str]] = []
    for row in range(start, len(grid.rows)):
        labels = [grid.text(row, column) for column in range(before)]
        meal = next((code for label in labels if (code := _meal_or_none(squeezed(label)))), None)
        first = next((label for label in labels if label), "")
        if meal and not (found and found[-1][1] == meal and found[-1][0].last == row - 1):
            found.append((Span(row, row), meal))
        elif found and found[-1][0].last == row - 1 and not grid.is_blank(row):
            if is_signature(first) or is_sum(first) or (first and _ends_block(first)):
                continue
            found[-1] = (Span(found[-1][0].first, row), found[-1][1])
    return found


def _ends_block(label: str) -> bool:
    """Lines under the meals that are not dishes: energy, notes, signatures."""
    return bool(
        re.match(r"(能量|热量|蛋白|脂肪|钙|营养|备注|说明|注|合计|费用|餐标|金额|制表|审核|签)", squeezed(label))
    )


def _meals_across(grid: Grid, row: int) -> list[tuple[Span, str]]:
    found = []
    cells = grid.filled(row)
    for place, (column, text) in enumerate(cells):
        meal = _meal_or_none(squeezed(text))
        if meal:
            end = cells[place + 1][0] - 1 if place + 1 < len(cells) else column
            found.append((Span(column, end), meal))
    only_meals = len(found) >= 2 or (len(found) == 1 and len(cells) <= 3)
    return found if only_meals and found[0][0].first >= 1 else []


def _days_down(grid: Grid, start: int, before: int) -> list[tuple[Span, DayRead | int]]:
    found: list[tuple[Span, DayRead | int]] = []
    for row in range(start, len(grid.rows)):
        texts = [shown(grid.at(row, column)) for column in range(before)]
        joined = tidy(" ".join(text for text in texts if text and not tidy(text).isdigit()))
        day = _day_or_weekday(joined) if joined else None
        if day is None:
            day = next((each for text in texts if text and (each := _day_or_weekday(tidy(text))) is not None), None)
        if day is not None:
            found.append((Span(row, row), day))
        elif found and not joined and not grid.is_blank(row):
            found[-1] = (Span(found[-1][0].first, row), found[-1][1])
    return found


def week_start(titles: Sequence[str], years: YearRule) -> date | None:
    """The first day of the week that a title or sheet name states: ``第10周（3月4日—3月8日）``."""
    for title in titles:
        found = _WEEK.search(tidy(title))
        if found:
            try:
                return years.day(read_day(found["first"]))
            except Unreadable:
                continue
    return None


def week_days(titles: Sequence[str]) -> list[DayRead]:
    """The same, still without a year."""
    found = [_WEEK.search(tidy(title)) for title in titles]
    reads = []
    for each in found:
        try:
            reads += [read_day(each["first"])] if each else []
        except Unreadable:
            continue
    return reads


def matrix_rows(grid: Grid, found: MatrixFound, years: YearRule, start: date | None) -> list[RowRead]:
    """One row for each meal that has something in its cell."""
    told = found.shape.matrix
    assert told is not None
    rows: list[RowRead] = []
    before: date | None = None
    for day_span, day in found.days:
        row_warnings: list[Note] = []
        problem: Note | None = None
        on: date | None = None
        try:
            on = before = _day_of(day, years, start, before, row_warnings)
        except Unreadable as error:
            problem = error.note
        for meal_span, meal in found.meals:
            lines, columns = (day_span, meal_span) if found.days_down else (meal_span, day_span)
            text = _cell_text(grid, lines, columns, found.last)
            if not text:
                continue
            place = f"{column_letter(columns.first)}{lines.first + 1}"
            cells = [as_stored(cell) for cell in grid.rows[lines.first]]
            row = RowRead(lines.first + 1, RowKind.DATA, cells, {"cell": place}, list(row_warnings))
            row_warnings = []
            _fill(row, on, meal, text, told.day, told.meal, told.cell, problem)
            rows.append(row)
    return rows


def _day_of(day: DayRead | int, years: YearRule, start: date | None, before: date | None, warnings: list[Note]) -> date:
    if isinstance(day, DayRead):
        return years.day(day, before, warnings)
    if start is None:
        raise unreadable(
            "which-week", _("Only the weekday is written. Which week is it? Write a date above the table.")
        )
    return start + timedelta(days=(day - start.weekday()) % 7)


def _fill(
    row: RowRead,
    on: date | None,
    meal: str,
    text: str,
    day_field: str,
    meal_field: str,
    cell_field: str,
    problem: Note | None,
) -> None:
    dishes = read_dishes(text)
    row.values.update({day_field: on, meal_field: meal, cell_field: dishes.dishes})
    row.warnings += dishes.warnings
    if problem:
        row.problems.append(problem)
        row.kind = RowKind.UNREADABLE


def _cell_text(grid: Grid, lines: Span, columns: Span, header_last: int) -> str:
    """The text of one meal: a cell, several lines of one column, or 菜名 | 食材 | 用量 side by side."""
    if columns.last == columns.first:
        return _column_text(grid, lines, columns.first)
    roles = _roles(grid, columns, header_last + 1, lines)
    if not roles:
        used = [column for column in range(columns.first, columns.last + 1) if _column_text(grid, lines, column)]
        return "\n".join(_column_text(grid, lines, column) for column in used)
    dishes: list[tuple[str, list[str]]] = []
    for row in range(lines.first, lines.last + 1):
        told = {role: grid.text(row, column) for role, column in roles.items()}
        if told.get("dish") or not dishes:
            dishes.append((told.get("dish") or told.get("food", ""), []))
        if told.get("food"):
            dishes[-1][1].append(f"{told['food']}{told.get('amount', '')}")
    return "\n".join(f"{name}({'、'.join(foods)})" if foods else name for name, foods in dishes if name)


def _column_text(grid: Grid, lines: Span, column: int) -> str:
    texts = (tidy_lines(shown(grid.at(row, column))) for row in range(lines.first, lines.last + 1))
    return "\n".join(text for text in texts if text and text not in {"/", "-", "—", "无"})


def _roles(grid: Grid, columns: Span, header_row: int, lines: Span) -> dict[str, int]:
    """Which column of a day holds dishes, ingredients, amounts, by the line under the days."""
    for row in range(header_row, max(header_row + 1, min(lines.first, header_row + 2))):
        roles: dict[str, int] = {}
        for column in range(columns.first, columns.last + 1):
            text = squeezed(grid.text(row, column)).casefold()
            for role, names in (("food", _FOOD), ("amount", _AMOUNT), ("dish", _DISH)):
                if text and role not in roles and any(name in text for name in names) and len(text) <= 10:
                    roles[role] = column
                    break
        if "food" in roles and ("amount" in roles or "dish" in roles):
            return roles
    return {}
