"""Entries as the file that a superior's platform takes: what was written once is never typed again.

Only entries that stand go out: what was amended goes as amended. Whatever a reader may not see stays masked in the file.
"""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone

from houqin.core.catalogues.loading import entry, newest_entries
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.words import slot_of
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.out.months import when
from houqin.flows.ledgers.out.templates import AREA, Gives, UploadColumn, UploadTemplate
from houqin.flows.ledgers.reading import Cell, Line, Readable, read
from houqin.flows.ledgers.values import figure
from houqin.flows.seals.models import Seal
from houqin.lib.text import harmless
from houqin.ui import formats

Value = str | int | Decimal | None


def templates(day: date) -> list[UploadTemplate]:
    """Every template that holds on a day."""
    return [_typed(item) for item in newest_entries(AREA, day)]


def template_of(code: str, day: date) -> UploadTemplate:
    """The template of this code; NotVisible (404) when there is none."""
    item = entry(AREA, code, day)
    if item is None:
        raise NotVisible
    return _typed(item)


def _typed(item: Any) -> UploadTemplate:
    common = ("title_zh", "title_en", "source", "clause", "confidence", "region", "effective_from", "effective_to")
    return UploadTemplate.model_validate(
        {"code": item.code, **{name: getattr(item, name) for name in common}, **item.body}
    )


def rows_of(template: UploadTemplate, org: OrgUnit, first: date, last: date, viewer: Viewer) -> list[list[Value]]:
    """The rows of the file, in the order of the days."""
    found = LedgerEntry.objects.visible_to(viewer).standing()
    found = found.filter(org=org, ledger=template.ledger, day__range=(first, last), nothing_to_report=False)
    entries = sorted(read(found.select_related("org", "account", "about"), viewer), key=when)
    seals = dict(
        Seal.objects.filter(item_id__in=[one.entry.public_id for one in entries]).values_list("item_id", "number")
    )
    rows: list[list[Value]] = []
    for one in entries:
        for line in one.lines if template.rows == Gives.LINE else (None,):
            known = _Known(template, one, line, seals.get(one.entry.public_id, 0), len(rows) + 1)
            rows.append([known.value(column) for column in template.columns])
    return rows


class _Known:
    """What one row can take its values from."""

    def __init__(self, template: UploadTemplate, one: Readable, line: Line | None, seal: int, number: int) -> None:
        self.template, self.one, self.line, self.seal, self.number = template, one, line, seal, number

    def value(self, column: UploadColumn) -> Value:
        """What stands in this column."""
        if column.fixed:
            return column.fixed
        kind, _dot, code = column.takes.partition(".")
        if kind == "value" or (kind == "line" and code):
            return self._cell(column, kind, code)
        return self._fact(column)

    def _fact(self, column: UploadColumn) -> Value:
        one = self.one
        org = one.entry.org
        if column.takes == "day":
            return one.day.strftime(column.form or self.template.day_form)
        if column.takes == "at":
            return timezone.localtime(one.at).strftime(column.form or "%H:%M")
        facts: Mapping[str, Value] = {
            "slot": column.words.get(one.slot, slot_of(one.slot) if one.slot else ""),
            "where": one.about, "who": one.who, "second": one.second, "seal": self.seal or None, "number": self.number,
            "remark": formats.listed([one.remark, self.line.remark if self.line else ""]),
            "line": self.line.label if self.line else "", "school.name": org.name, "school.code": org.code,
        }  # fmt: skip
        return facts[column.takes]

    def _cell(self, column: UploadColumn, kind: str, code: str) -> Value:
        cells = self.one.cells if kind == "value" else self.line.cells if self.line else ()
        cell = next((one for one in cells if one.code == code), None)
        if cell is None or cell.words == formats.NOTHING:
            return None
        of = self._column(kind, code)
        return cell.words if of is None or cell.value is None else _written(column, of, cell)

    def _column(self, kind: str, code: str) -> Column | None:
        held = self.one.resolved
        columns = held.columns if kind == "value" else (held.lines.columns if held.lines else ())
        return next((one for one in columns if one.code == code), None)


def _written(column: UploadColumn, of: Column, cell: Cell) -> Value:
    value = cell.value
    if of.is_measured:
        found = figure(of, value) * column.times
        return int(found) if found == found.to_integral_value() else found
    if of.kind == "yes_no":
        return column.words.get("yes" if value else "no", cell.words)
    if of.kind == "choices":
        return "、".join(column.words.get(one, one) for one in value) if column.words else cell.words
    if of.kind == "choice":
        return column.words.get(value, cell.words)
    if of.kind == "day":
        return date.fromisoformat(value).strftime(column.form or "%Y-%m-%d")
    if of.kind == "moment":
        return timezone.localtime(datetime.fromisoformat(value)).strftime(column.form or "%Y-%m-%d %H:%M")
    return cell.words


def content(template: UploadTemplate, rows: list[list[Value]]) -> bytes:
    """The file."""
    heads = [column.title for column in template.columns]
    return _csv(template, heads, rows) if template.format == "csv" else _xlsx(template, heads, rows)


def _csv(template: UploadTemplate, heads: list[str], rows: list[list[Value]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if template.heading:
        writer.writerow([template.heading])
    writer.writerow(heads)
    writer.writerows(_plain(row) for row in rows)
    return out.getvalue().encode(template.encoding, errors="replace")


def _plain(row: list[Value]) -> Iterator[str]:
    for value in row:
        yield (
            harmless(value)
            if isinstance(value, str)
            else ""
            if value is None
            else f"{value:f}"
            if isinstance(value, Decimal)
            else str(value)
        )


def _xlsx(template: UploadTemplate, heads: list[str], rows: list[list[Value]]) -> bytes:
    with tempfile.TemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = book.add_worksheet(template.sheet)
        at = 0
        if template.heading:
            sheet.write_string(at, 0, template.heading)
            at += 1
        lines: list[Sequence[Value]] = [heads, *rows]
        for line in lines:
            for number, value in enumerate(line):
                if isinstance(value, str) and value:
                    sheet.write_string(at, number, harmless(value))
                elif isinstance(value, int | Decimal):
                    sheet.write_number(at, number, float(value))
            at += 1
        book.close()
        file.seek(0)
        return file.read()
