"""Waste a pupil and day by kind, and how often it was removed the same day: for a school, and for its direct office."""

import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.lib.text import harmless
from houqin.modules.environment.queries.waste import LEDGER, RULE, WasteBoard, term_of, waste_board
from houqin.modules.environment.rules import KINDS, Waste
from houqin.modules.environment.views.schools import schools_looked_at
from houqin.ui import formats, nav
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.export import XLSX

TITLE = _("Waste by kind")
NAMES = {"recyclable": _("Recyclable"), "hazardous": _("Hazardous"), "food": _("Food waste"), "other": _("Other waste")}
SPANS = {"month": _("This month"), "before": _("Last month"), "term": _("This term")}
A_DAY = timedelta(days=1)


def _span(request: HttpRequest, org: OrgUnit | None) -> tuple[str, date, date]:
    """The month of today, the one before, or the term that has begun, until today."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    chosen = request.GET.get("span", "month")
    begins = viewer.today.replace(day=1)
    if chosen == "before":
        return chosen, (begins - A_DAY).replace(day=1), begins - A_DAY
    if chosen == "term" and org is not None:
        term = term_of(org, viewer.today)
        if term is not None:
            return chosen, term.starts_on, min(term.ends_on, viewer.today)
    return "month", begins, viewer.today


@page(permission="environment.view")
def waste(request: HttpRequest) -> HttpResponse:
    """Amounts by kind, a pupil and day, the share removed the same day; each figure opens its entries."""
    orgs, org = schools_looked_at(request, TITLE)
    span, first, last = _span(request, orgs[0] if orgs else None)
    board = waste_board(orgs, first, last)
    at = {"org": org.pk} if org else {}
    days = {"day_after": first, "day_before": last}
    lines = [_line(str(NAMES[kind]), board.whole, kind) for kind in KINDS]
    context: dict[str, Any] = {
        "title": TITLE, "org": org, "span": span, "spans": SPANS, "first": first, "last": last, "board": board,
        "whole": _line(gettext("All four kinds"), board.whole, ""), "lines": lines, "chain": focus_of(request).chain,
        **_rows_behind(days | at), "income": board.whole.income_fen,
        "missed": sum(board.missed.values()),
        "missed_url": f"{reverse('duties:duties')}?{urlencode({'view': 'missed', 'rule': RULE} | days | at)}",
        "of_schools": [] if org else [_of_school(one, board, days) for one in orgs],
        "chart": _chart(board), "heads": [gettext("Day"), *(f"{NAMES[kind]} (kg)" for kind in KINDS)],
        "table": [
            (formats.day(day), *(formats.kilograms(one.grams[kind]) for kind in KINDS))
            for day, one in sorted(board.by_day.items())
        ],
        "excel_url": f"{reverse('environment:waste-excel')}?{urlencode({'span': span})}",
    }  # fmt: skip
    return render(request, "environment/waste.html", context)


def _line(name: str, one: Waste, kind: str) -> dict[str, Any]:
    days = one.days[kind] if kind else one.all_days
    removed = days - one.left[kind] if kind else one.removed
    each = one.grams_each(kind)
    return {
        "name": name, "grams": one.grams[kind] if kind else one.total_grams, "days": days, "removed": removed,
        "left": days - removed, "each": formats.number(each, 1) if each is not None else formats.NOTHING,
    }  # fmt: skip


def _of_school(org: OrgUnit, board: WasteBoard, days: dict[str, date]) -> dict[str, Any]:
    one = board.by_school[org.pk]
    return _line(org.name, one, "") | {
        "url": f"{reverse('environment:waste')}?under={org.path}", "written": one.written, "missed": board.missed.get(org.pk, 0),
    } | _rows_behind(days | {"org": org.pk})  # fmt: skip


def _rows_behind(which: Mapping[str, Any]) -> dict[str, str]:
    """The entries behind a figure, and those of them in which something stayed over night."""
    query = urlencode({"ledger": LEDGER, **which})
    return {
        "entries_url": f"{reverse('ledgers:entries')}?{query}",
        "stayed_url": f"{reverse('ledgers:breaches')}?{query}",
    }


def _chart(board: WasteBoard) -> dict[str, Any]:
    """Kilograms a day, the kinds on top of each other: zero-based, with the unit."""
    days = sorted(board.by_day)
    return {
        "grid": {"left": 56, "right": 16, "top": 36, "bottom": 76},
        "legend": {"bottom": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [formats.day(day)[5:10] for day in days]},
        "yAxis": {"type": "value", "name": gettext("kg"), "min": 0},
        "series": [
            {
                "type": "bar", "stack": "waste", "name": str(NAMES[kind]), "barMaxWidth": 40,
                "data": [round(board.by_day[day].grams[kind] / 1000, 1) for day in days],
            }
            for kind in KINDS
        ],
    }  # fmt: skip


@page(permission="environment.view")
def waste_excel(request: HttpRequest) -> HttpResponseBase:
    """The same figures as a workbook: by school and kind."""
    orgs, org = schools_looked_at(request, TITLE)
    _span_code, first, last = _span(request, orgs[0] if orgs else None)
    board = waste_board(orgs, first, last)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 FileResponse closes it
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    heads = [
        _("School"), _("Kind"), _("Amount (kg)"), _("Grams a pupil and day"), _("Days of a kind"), _("Removed the same day"),
        _("Pupil-days"), _("Sold recyclables for (yuan)"),
    ]  # fmt: skip
    sheet.write_row(0, 0, [str(head) for head in heads])
    row = 1
    for one in orgs:
        found = board.by_school[one.pk]
        for kind in KINDS:
            each = found.grams_each(kind)
            sheet.write_row(row, 0, [
                harmless(one.name), str(NAMES[kind]), found.grams[kind] / 1000, round(float(each), 1) if each is not None else "",
                found.days[kind], found.days[kind] - found.left[kind], found.pupil_days,
                found.income_fen / 100 if kind == "recyclable" else "",
            ])  # fmt: skip
            row += 1
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(heads), 14)
    book.close()
    file.seek(0)
    name = f"{TITLE} {org.name if org else ''} {first} {last}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


nav.register(
    nav.NavItem(
        family=Family.GREEN,
        title=TITLE,
        url_name="environment:waste",
        permission="environment.view",
        icon="recycle",
        order=10,
    )
)
urlpatterns = [path("waste/", waste, name="waste"), path("waste/excel/", waste_excel, name="waste-excel")]
