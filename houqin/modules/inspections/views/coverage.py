"""Who has not been inspected for how long: counts that open their schools."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import WHOLE, schools_within
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.coverage import NAMES, since, spans, with_last
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens import Column, Day, Link, Screen

VIEW = "inspections.view"
SHOWN = 20
TITLE = _("Coverage of inspections")
WORDS = {
    "never": _("Never inspected"), "24": _("Not for 24 months or longer"), "12": _("Not for 12 to 24 months"),
    "6": _("Not for 6 to 12 months"), "0": _("Within 6 months"),
}  # fmt: skip


@page(permission=VIEW)
def coverage(request: HttpRequest) -> HttpResponse:
    """How many schools, for how long."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    schools = schools_within(viewer, focus.org, VIEW, WHOLE)
    found = spans(schools, viewer, focus.org.path if focus.org else "")
    longest = with_last(schools.select_related("parent")).order_by(F("last_on").asc(nulls_first=True), "path")
    context = {
        "title": TITLE, "spans": [(WORDS[one.name], one) for one in found], "schools": sum(one.count for one in found),
        "long": sum(one.count for one in found if one.name in {"never", "24", "12"}), "chain": focus.chain, "longest": longest[:SHOWN],
    }  # fmt: skip
    return render(request, "inspections/coverage.html", context)


def _span(name: str) -> Any:
    return lambda viewer: since(name, viewer.today)


class UnvisitedScreen(Screen):
    """Schools with the day of their last inspection by others."""

    model = OrgUnit
    slug = "unvisited"
    title = _("When schools were last inspected")
    family = None
    icon = "calendar-search"
    permission = VIEW
    sort = "path"
    has_detail = False
    columns = [
        Column("name", sort="path", card="title"),
        Link("parent", sort="parent__path", card="fact"),
        Day("last_on", _("Last inspected"), sort=True, card="fact"),
    ]
    search = ["name", "code"]
    views = {name: (WORDS[name], _span(name)) for name in NAMES}
    empty = _("No school lies within what you are looking at.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """Open schools only."""
        return with_last(OrgUnit.objects.visible_to(viewer, VIEW).schools().filter(closed_on__isnull=True))


nav.register(
    nav.NavItem(
        family=Family.SAFE,
        title=TITLE,
        url_name="inspections:coverage",
        permission=VIEW,
        icon="calendar-search",
        order=7,
    )
)
urlpatterns = [path("coverage/", coverage, name="coverage"), *UnvisitedScreen.urls()]
