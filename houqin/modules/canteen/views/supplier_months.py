"""Month totals by supplier as a board, a print and a workbook."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import day_or
from houqin.modules.canteen.queries.vouchers.months import month_board
from houqin.modules.canteen.recall_export import sent
from houqin.modules.canteen.rules.periods import Period, Span
from houqin.ui import nav
from houqin.ui.focus import focus_of, home_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens import Column, Look, Money, Number, Weight
from houqin.ui.screens.columns import Cell

TITLE = _("Month by supplier")
COLUMNS: list[Column] = [
    Column("supplier", _("Supplier")), Number("schools", _("Schools")), Number("deliveries", _("Deliveries")),
    Weight("grams", _("Weight")), Money("fen", _("Amount")), Weight("back_grams", _("Returned and exchanged")),
    Money("back_fen", _("Taken off")), Weight("turned_away_grams", _("Turned away")), Money("due_fen", _("Owed")),
]  # fmt: skip


@page(permission="canteen.view")
def supplier_months(request: HttpRequest) -> HttpResponse | FileResponse:
    """What each supplier brought to the unit looked at in a month, took back, and is owed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    month = _month(request.GET.get("month", ""), viewer.today)
    board = month_board(viewer, focus.narrow("org__path"), focus.path, month)
    name = f"{TITLE} {month.first:%Y-%m}"
    if request.GET.get("format") == "xlsx":
        return sent(name, [column.export_label(Party) for column in COLUMNS], COLUMNS, _lines(board, Look(viewer)))
    context = {"title": TITLE, "month": month, "unit": focus.org or home_of(request), "board": board}
    template = "canteen/supplier_months_print.html" if request.GET.get("print") else "canteen/supplier_months.html"
    return render(request, template, context)


def _month(text: str, today: date) -> Period:
    return Period.around(Span.MONTH, day_or(f"{text}-01", today))


def _lines(board: dict[str, Any], look: Look) -> Iterator[list[Cell]]:
    for row, _url in board["rows"]:
        yield [column.cell(row, look) for column in COLUMNS]


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="canteen:supplier-months", permission="canteen.view",
        icon="report-money", order=62,
    )
)  # fmt: skip
urlpatterns = [path("papers/suppliers/", supplier_months, name="supplier-months")]
