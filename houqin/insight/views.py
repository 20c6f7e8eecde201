"""The board of an office."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.insight.queries import Overview, daily, overview, start_path, urls_of
from houqin.ui import formats, nav
from houqin.ui.focus import focus_of, home_of
from houqin.ui.nav import Family
from houqin.ui.pages import page


def received_chart(days: list[tuple[Any, int]]) -> dict[str, Any]:
    """Kilograms received a day: zero-based bars with their unit and direct labels."""
    return {
        "grid": {"left": 56, "right": 16, "top": 36, "bottom": 32},
        "xAxis": {"type": "category", "data": [formats.day(day)[5:] for day, _grams in days]},
        "yAxis": {"type": "value", "name": gettext("kg"), "min": 0},
        "series": [
            {
                "type": "bar",
                "data": [round(grams / 1000, 1) for _day, grams in days],
                "label": {"show": True, "position": "top"},
                "barMaxWidth": 48,
            }
        ],
    }


def context_of(board: Overview, days: list[tuple[Any, int]]) -> dict[str, Any]:
    """What the board's template shows."""
    names = ("schools", "recorded", "received_grams", "amount_fen", "meals", "servings", "pending", "frozen")
    return {
        "board": board,
        "urls": urls_of(None, board.first, board.last),
        "total": {name: board.total(name) for name in names},
        "chart": received_chart(days),
        "heads": [gettext("Day"), gettext("Received (kg)")],
        "table": [(formats.day(day), formats.kilograms(grams)) for day, grams in days],
    }


@page(permission="canteen.view", may_lag=True)
def board(request: HttpRequest) -> HttpResponse:
    """What came in and was served below a unit, and who has not answered a recall."""
    viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    here = start_path(viewer, focus.path)
    found = overview(viewer, here)
    context = context_of(found, daily(viewer, here)) | {"unit": focus.org or home_of(request)}
    return render(request, "insight/board.html", context)


nav.register(
    nav.NavItem(
        family=Family.SMART,
        title=_("Overview"),
        url_name="insight:overview",
        permission="canteen.view",
        icon="layout-dashboard",
        order=10,
    )
)
urlpatterns = [path("", board, name="overview")]
