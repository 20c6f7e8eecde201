"""Reports of recalls and traces as spreadsheets."""

from collections.abc import Iterator
from datetime import date
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from houqin.lib.text import harmless
from houqin.modules.canteen.models import Recall
from houqin.modules.canteen.queries.asking import Asked
from houqin.modules.canteen.queries.trace import Trace
from houqin.ui import formats
from houqin.ui.screens import Column, Instant, Weight
from houqin.ui.screens.columns import Cell
from houqin.ui.screens.export import XLSX, write_xlsx


def report_xlsx(recall: Recall, board: dict[str, Any]) -> FileResponse:
    """One line a school: told, acknowledged, reported, and its kilograms by the books and as found."""
    columns: list[Column] = [Column("school"), *(Instant(name) for name in ("told", "known", "found"))]
    columns += [Weight(name) for name in "abcdefghi"] + [Column("note")]
    kg = _("kg")
    heads = [
        _("School"), _("Told"), _("Acknowledged"), _("Found reported"), f"{_('Received')} ({kg})", f"{_('In store')} ({kg})",
        f"{_('Handed out today')} ({kg})", f"{_('Served before today')} ({kg})", f"{_('Returned, written off or sent on')} ({kg})", f"{_('Found in the pot')} ({kg})",
        f"{_('Found handed out')} ({kg})", f"{_('Found in store')} ({kg})", f"{_('Served already')} ({kg})", _("Remark"),
    ]  # fmt: skip
    return sent(f"{recall.number} {board['title']}", heads, columns, _lines(board))


def _lines(board: dict[str, Any]) -> Iterator[list[Cell]]:
    for line in board["lines"]:
        answer, where = line.answer, line.where
        moments = (answer.notified_at, answer.acknowledged_at, answer.answered_at)
        grams = (
            where.received, where.in_store, where.issued_today, where.served, where.gone, answer.pot_grams, answer.kitchen_grams,
            answer.store_grams, answer.served_grams,
        )  # fmt: skip
        told = [formats.instant(moment) if moment else "" for moment in moments]
        yield [str(answer.org), *told, *(None if one is None else one / 1000 for one in grams), answer.note]


def trace_xlsx(trace: Trace, asked: Asked) -> FileResponse:
    """Two sheets: the meals with dishes and eaters, and the lots with what came in and what is left."""
    kg = _("kg")
    meals: list[list[Any]] = [
        [
            row.school.name, row.meal.day, row.meal.get_kind_display(), "、".join(row.dishes), row.tier.label,
            row.grams / 1000, row.eaters.number, _("Estimate") if row.eaters.estimated else _("Counted"),
        ]
        for row in trace.meals
    ]  # fmt: skip
    lots: list[list[Any]] = [
        [
            row.school.name, str(row.lot), row.lot.supplier.name, row.lot.produced_on, row.lot.batch, row.lot.received_on,
            row.tier.label, row.received_grams / 1000, row.left_grams / 1000,
        ]
        for row in trace.lots
    ]  # fmt: skip
    heads = {
        _("Meals"): [
            _("School"), _("Day"), _("Meal"), _("Dishes"), _("How sure"), f"{_('Weight')} ({kg})", _("Eaters"),
            _("How counted"),
        ],
        _("Lots"): [
            _("School"), _("Lot"), _("Supplier"), _("Produced"), _("Batch"), _("Received on"), _("How sure"),
            f"{_('Received')} ({kg})", f"{_('In store')} ({kg})",
        ],
    }  # fmt: skip
    file = TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    for (title, head), rows in zip(heads.items(), (meals, lots), strict=True):
        _sheet(book, title, head, rows)
    book.close()
    file.seek(0)
    name = "_".join(filter(None, [_("Trace"), asked.supplier.name, asked.product.name, asked.typed["produced"]]))
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _sheet(book: Workbook, title: str, heads: list[str], rows: list[list[Any]]) -> None:
    """One sheet with a bold first line that stays; texts are never taken for formulas."""
    sheet, bold, days = (
        book.add_worksheet(title),
        book.add_format({"bold": True}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    sheet.set_column(0, len(heads) - 1, 16)
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, days)
            elif isinstance(value, int | float):
                sheet.write_number(line, column, value)
            elif value:
                sheet.write_string(line, column, harmless(str(value)))


def sent(name: str, heads: list[str], columns: list[Column], rows: Iterator[list[Cell]]) -> FileResponse:
    """The workbook as a download; texts are never taken for formulas."""
    file = TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
    write_xlsx(file, heads, columns, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
