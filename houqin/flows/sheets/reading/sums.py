"""小计 and 合计 lines are never data, but they prove whether the lines above them were read rightly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from houqin.flows.sheets.reading.headers import Header
from houqin.flows.sheets.reading.rows import Line
from houqin.flows.sheets.reading.shapes import FieldType
from houqin.flows.sheets.reading.understanding import RowKind, SheetRead
from houqin.flows.sheets.reading.values import read_cell
from houqin.lib.notes import Note, Unreadable
from houqin.lib.notes import mark as _


def check_sums(sheet: SheetRead, lines: Sequence[Line], header: Header) -> None:
    """Compare each sum line with what was read since the last one, on that day, and since the beginning."""
    fields = [each for each in header.shape.fields if each.name in header.shape.sums]
    for each in fields:
        since, total, today = 0, 0, 0
        day: Any = None
        for line, row in zip(lines, sheet.rows, strict=True):
            if row.kind is RowKind.SUM:
                told = _told(each.type, line.raw.get(each.name))
                if told is not None and not any(
                    abs(told - sum_) <= max(2, told // 2000) for sum_ in (since, total, today)
                ):
                    sheet.warnings.append(_mismatch(each.title, line.number, told, since or total, each.type))
                since = 0
                continue
            if row.kind is not RowKind.DATA:
                continue
            if row.values.get("day") != day:
                day, today = row.values.get("day"), 0
            value = row.values.get(each.name)
            if isinstance(value, int):
                since, total, today = since + value, total + value, today + value


def _told(kind: FieldType, cell: Any) -> int | None:
    try:
        value = read_cell(kind, cell)
    except Unreadable:
        return None
    return value if isinstance(value, int) else None


def _mismatch(title: str, line: int, told: int, found: int, kind: FieldType) -> Note:
    shown = (lambda fen: f"{fen / 100:.2f}") if kind is FieldType.MONEY else str
    return Note(
        "sum-differs",
        _("Line %(line)s: the sum of %(column)s says %(told)s, the lines above it add up to %(found)s."),
        {"line": line, "column": Note("", title), "told": shown(told), "found": shown(found)},
    )
