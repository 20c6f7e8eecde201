"""The board of a school, a town, a district or a city: every figure opens its rows, and nobody is ranked."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES, Kind, OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.boards import may_see_rates
from houqin.flows.indicators.reading import NOTHING, Amount, last_day
from houqin.flows.indicators.registry import indicators
from houqin.flows.indicators.words import in_words
from houqin.flows.rectify.indicators import DAYS, IN_TIME, REPEATED
from houqin.modules.inspections.indicators import COVERED
from houqin.modules.inspections.queries import boards
from houqin.ui import formats, nav
from houqin.ui.focus import focus_of, unit_of
from houqin.ui.nav import Family
from houqin.ui.pages import page

TITLE = _("Board of inspections")
SPANS = {"30": _("30 days"), "90": _("90 days"), "365": _("A year")}
TURNS = {1: (_("better"), "passed", "trending-up"), -1: (_("worse"), "soon", "trending-down")}
A_DAY = timedelta(days=1)


def looked_at(request: HttpRequest) -> OrgUnit:
    """The unit that figures are about; those of a school are the business of the school and its direct office."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    unit = unit_of(request)
    if unit.kind not in OFFICES:
        unit = next((one for one in focus_of(request).chain if one.kind == Kind.SCHOOL), unit)
    require(viewer, "indicators.view", at=unit)
    if unit.kind not in OFFICES and not may_see_rates(viewer, unit):
        raise Refused(
            _("Figures of one school are for the school itself and the office directly above it. Ask that office.")
        )
    return unit


@page(permission="indicators.view", may_lag=True)
def board(request: HttpRequest) -> HttpResponse:
    """What is open by severity and age, the indicators now and before, twelve months, like with like, what comes again."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    unit = looked_at(request)
    asked = request.GET.get("days", "")
    span = asked if asked in SPANS else "30"
    last = last_day(viewer.today - A_DAY) or viewer.today - A_DAY
    first = last - timedelta(days=int(span)) + A_DAY
    found = boards.board(viewer, unit, first, last)
    context = {
        "title": TITLE, "org": unit, "chain": focus_of(request).chain, "span": span, "spans": SPANS, "first": first, "last": last,
        "board": found, "open": found.total("all"), "overdue": found.total("overdue"), "ages": [name for *_bounds, name in boards.AGES],
        "open_url": boards.listing(unit, view="open"), "overdue_url": boards.listing(unit, view="overdue"),
        "shown": [indicators()[code] for code in boards.SHOWN], "led": _led(found),
        "changes": [(one, in_words(one.indicator, one.now), in_words(one.indicator, one.before), TURNS.get(one.turn)) for one in found.changes],
        "units": _lines(found.units), "alike": _lines(found.alike),
    }  # fmt: skip
    return render(request, "inspections/board.html", context | _charts(found.months))


def _led(found: boards.Board) -> list[dict[str, Any]]:
    """The two rates that stand at the top beside what is open, each with its counts and what it was before."""
    by_code = {one.indicator.code: one for one in found.changes}
    return [
        {
            "title": one.indicator.title, "url": one.url, "value": _rounded(one.now.value(100)),
            "note": gettext("%(part)s of %(all)s; before: %(figure)s") % {
                "part": formats.number(one.now.amount), "all": formats.number(one.now.of),
                "figure": in_words(one.indicator, one.before),
            },
        }
        for one in (by_code[IN_TIME], by_code[COVERED])
        if one.now.of
    ]  # fmt: skip


def _lines(lines: list[boards.UnitLine]) -> list[dict[str, Any]]:
    return [
        {"line": line, "cells": [(one.title, in_words(one, amount), url) for one, amount, url in line.amounts]}
        for line in lines
    ]


def _charts(months: list[tuple[date, dict[str, Amount]]]) -> dict[str, Any]:
    """Three pictures of twelve months, each with its own unit on the axis, and one table under them."""
    names = [f"{month:%Y-%m}" for month, _some in months]
    of = {code: [some.get(code, NOTHING) for _month, some in months] for code in boards.DRAWN}
    first = [one.of - one.amount for one in of[REPEATED]]
    again = [one.amount for one in of[REPEATED]]
    in_time = [_rounded(one.value(100)) for one in of[IN_TIME]]
    days = [_rounded(one.value()) for one in of[DAYS]]
    return {
        "found_chart": _chart(names, gettext("findings"), [
            {"type": "bar", "stack": "found", "name": gettext("for the first time"), "data": first, "barMaxWidth": 40},
            {"type": "bar", "stack": "found", "name": gettext("found again"), "data": again, "barMaxWidth": 40},
        ]),
        "in_time_chart": _chart(names, "%", [{"type": "line", "name": gettext("Put right in time"), "data": in_time}], most=100),
        "days_chart": _chart(names, gettext("days"), [{"type": "line", "name": gettext("Mean days to put right"), "data": days}]),
        "found_heads": [gettext("Month"), gettext("Newly found"), gettext("Found again")],
        "found_rows": [(name, one.of, one.amount) for name, one in zip(names, of[REPEATED], strict=True)],
        "in_time_heads": [gettext("Month"), gettext("Put right in time")],
        "in_time_rows": [(name, formats.percent(one.amount, one.of)) for name, one in zip(names, of[IN_TIME], strict=True)],
        "days_heads": [gettext("Month"), gettext("Mean days to put right"), gettext("Put right and closed")],
        "days_rows": [
            (name, formats.NOTHING if value is None else formats.number(value, 1), one.of)
            for name, value, one in zip(names, days, of[DAYS], strict=True)
        ],
        "any_month": any(some for _month, some in months),
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _chart(names: list[str], unit: str, series: list[dict[str, Any]], most: int | None = None) -> dict[str, Any]:
    axis: dict[str, Any] = {"type": "value", "name": unit, "min": 0}
    return {
        "grid": {"left": 56, "right": 16, "top": 36, "bottom": 56 if len(series) > 1 else 28},
        **({"legend": {"bottom": 0}} if len(series) > 1 else {}),
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": names},
        "yAxis": axis | ({"max": most} if most else {}),
        "series": series,
    }


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="inspections:board", permission="indicators.view", icon="chart-dots", order=9
    )
)  # fmt: skip
urlpatterns = [path("board/", board, name="board")]
