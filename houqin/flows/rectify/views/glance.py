"""Findings at a glance: counts, the oldest that are overdue, what is found again and again, and the three lists."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.queries import counts, standings, weak_points
from houqin.flows.rectify.rules import A_YEAR
from houqin.ui import nav
from houqin.ui.focus import focus_of, home_of
from houqin.ui.nav import Family
from houqin.ui.pages import page

TITLE = _("Findings at a glance")
MOST_SCHOOLS, MOST_POINTS = 20, 200


@page(permission="rectify.view")
def glance(request: HttpRequest) -> HttpResponse:
    """Of the unit looked at. Counts and ages; schools are not ranked by how much was found there."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    narrowed: Q = focus.narrow("org__path")
    context: dict[str, Any] = {
        "title": TITLE, "unit": focus.org or home_of(request), "counts": counts(viewer, narrowed),
        "schools": standings(viewer, narrowed, MOST_SCHOOLS),
        "weak": weak_points(viewer, narrowed, viewer.today - A_YEAR, MOST_POINTS), "most": MOST_POINTS,
    }  # fmt: skip
    return render(request, "rectify/glance.html", context)


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="rectify:glance", permission="rectify.view", icon="list-check", order=11,
    )
)  # fmt: skip
urlpatterns = [path("glance/", glance, name="glance")]
