"""A recall's report as a spreadsheet."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from houqin.modules.canteen.models import Recall
from houqin.ui import formats
from houqin.ui.screens import Column, Instant, Weight
from houqin.ui.screens.columns import Cell
from houqin.ui.screens.export import XLSX, write_xlsx


def report_xlsx(recall: Recall, board: dict[str, Any]) -> FileResponse:
    """One line a school: told, acknowledged, reported, and its kilograms by the books and as found."""
    columns: list[Column] = [Column("school"), *(Instant(name) for name in ("told", "known", "found"))]
    columns += [Weight(name) for name in "abcdefgh"] + [Column("note")]
    kg = _("kg")
    heads = [
        _("School"), _("Told"), _("Acknowledged"), _("Found reported"), f"{_('Received')} ({kg})", f"{_('In store')} ({kg})",
        f"{_('Handed out today')} ({kg})", f"{_('Served before today')} ({kg})", f"{_('Found in the pot')} ({kg})",
        f"{_('Found handed out')} ({kg})", f"{_('Found in store')} ({kg})", f"{_('Served already')} ({kg})", _("Remark"),
    ]  # fmt: skip
    return sent(f"{recall.number} {board['title']}", heads, columns, _lines(board))


def _lines(board: dict[str, Any]) -> Iterator[list[Cell]]:
    for line in board["lines"]:
        answer, where = line.answer, line.where
        moments = (answer.notified_at, answer.acknowledged_at, answer.answered_at)
        grams = (
            where.received, where.in_store, where.issued_today, where.served, answer.pot_grams, answer.kitchen_grams,
            answer.store_grams, answer.served_grams,
        )  # fmt: skip
        told = [formats.instant(moment) if moment else "" for moment in moments]
        yield [str(answer.org), *told, *(None if one is None else one / 1000 for one in grams), answer.note]


def sent(name: str, heads: list[str], columns: list[Column], rows: Iterator[list[Cell]]) -> FileResponse:
    """The workbook as a download; texts are never taken for formulas."""
    file = TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
    write_xlsx(file, heads, columns, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
