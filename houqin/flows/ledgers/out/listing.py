"""Entries with all that was written, as the rows of a file: read some at a time, so that memory does not grow with them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit
from houqin.flows.ledgers.columns import Column as Asked
from houqin.flows.ledgers.columns import Lines
from houqin.flows.ledgers.definitions import reader
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.reading import SEE_NAMES, Cell, Line, Readable, read
from houqin.flows.ledgers.values import figure, unit_of
from houqin.flows.ledgers.words import language
from houqin.ui import formats
from houqin.ui.masks import mask_name
from houqin.ui.screens import Column, Look
from houqin.ui.screens.columns import Cell as Value

AT_ONCE = 500
LONGEST = 30_000  # characters that a cell of a sheet holds, with room to spare


def told_rows(rows: QuerySet[Any], look: Look, *, each_line: bool) -> Iterator[LedgerEntry]:
    """Each entry with ``told``, what it says to this reader; where ``each_line``, once for each of its lines with ``line``.

    Personal data stay masked unless the look asks for them in full. The same row is handed on for each line: read it at once.
    """
    found = rows.iterator(chunk_size=AT_ONCE)
    while batch := list(islice(found, AT_ONCE)):
        for row, told in zip(batch, read(batch, look.viewer, masked=not look.full), strict=True):
            row.told = told
            for line in (told.lines if each_line else ()) or (None,):
                row.line = line
                yield row


def value_columns(rows: QuerySet[Any]) -> tuple[list[Column], bool]:
    """The columns that tell what was written in these entries, and whether each line of a list has a row of its own.

    Of one ledger: a column a field, in the order in which it is written, with its unit; older versions' fields and those
    that units asked for among them. Of several: all that was written in one.
    """
    codes = list(rows.order_by().values_list("ledger", flat=True).distinct()[:2])
    if len(codes) != 1:
        return [Column("said", _("What was written"), value=_said, mask=str, unmask=SEE_NAMES)], False
    head: dict[str, Column] = {}
    inner: dict[str, Column] = {}
    lines: Lines | None = None
    for columns, of_lines in _definitions(codes[0], rows):
        lines = lines or of_lines
        for found, asked, of in ((head, columns, "cells"), (inner, of_lines.columns if of_lines else (), "line")):
            for column in asked:
                found.setdefault(column.code, _Field(column, of))
    title = "" if lines is None else lines.zh if language().startswith("zh") else lines.en
    named = [Column("of_line", title, value=lambda row: row.line and row.line.label)] if lines else []
    return [*head.values(), *named, *inner.values()], lines is not None


def _definitions(code: str, rows: QuerySet[Any]) -> Iterator[tuple[Iterable[Asked], Lines | None]]:
    """The ledger by each version and at each unit that these entries know, the newest version first."""
    known, written = set(rows.order_by().values_list("version", "org_id").distinct()), reader()
    units = OrgUnit.objects.in_bulk({org_id for _version, org_id in known})
    for version, org_id in sorted(known, key=lambda one: (-one[0], units[one[1]].path)):
        held = written(code, version, units[org_id])
        yield held.columns, held.lines


class _Field(Column):
    """One field of a ledger: a figure where it is measured, else words."""

    def __init__(self, asked: Asked, of: str) -> None:
        mask = mask_name if asked.personal or asked.kind == "person" else None
        super().__init__(f"{of}.{asked.code}", asked.title(language()), mask=mask, unmask=SEE_NAMES if mask else "")
        self.asked, self.of = asked, of

    def export_label(self, model: Any) -> str:
        unit = unit_of(self.asked) if self.asked.is_measured else ""
        return f"{self.label(model)} ({unit})" if unit else self.label(model)

    def cell(self, row: Any, look: Look) -> Value:
        cells = row.told.cells if self.of == "cells" else row.line.cells if row.line else ()
        found: Cell | None = next((one for one in cells if one.code == self.asked.code), None)
        if found is None or found.words == formats.NOTHING:
            return ""
        if self.asked.is_measured and isinstance(found.value, int):
            return figure(self.asked, found.value)
        return found.words


def remarks(row: Any) -> list[str]:
    """What was remarked on the entry, and on the line in its own row."""
    return [row.told.remark, row.line.remark if row.line else ""]


def _said(row: Any) -> str:
    """Temperature: 7.8 °C; the lines one below the other."""
    told: Readable = row.told
    parts = [_cells(told.cells), *(_in_line(line) for line in told.lines)]
    return "\n".join(part for part in parts if part)[:LONGEST]


def _in_line(line: Line) -> str:
    words = "; ".join(part for part in (_cells(line.cells), line.remark) if part)
    return f"{line.label}: {words}" if line.label else words


def _cells(cells: Iterable[Cell]) -> str:
    return "; ".join(f"{one.label}: {one.words}" for one in cells if one.words != formats.NOTHING)
