"""Equipment that is due for service, inspection or scrap."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.places.marks import marks_at
from houqin.core.places.rules import Need
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.fitness import due_equipment
from houqin.ui import nav
from houqin.ui.focus import focus_of, home_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.links import page_of
from houqin.ui.screens.look import Look
from houqin.ui.screens.states import badge

TITLE = _("Equipment that is due")
MOST = 500
WORDS = {
    Need.SCRAP: (_("To be scrapped: not to be used"), "danger"),
    Need.OVERDUE: (_("Overdue"), "danger"),
    Need.SOON: (_("Due soon"), "soon"),
}


@page(permission="places.view")
def equipment(request: HttpRequest) -> HttpResponse:
    """What is due at the unit looked at, the most urgent first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    found = due_equipment(viewer, focus.narrow("org__path"))
    counts = {name: sum(due.need == name for due in found) for name in Need}
    look = Look(viewer)
    shown = found[:MOST]
    marks = marks_at([due.place.public_id for due in shown], viewer.today)
    rows = [
        (due, badge(*WORDS[due.need]), page_of(due.place, look), marks.get(str(due.place.public_id), ()))
        for due in shown
    ]
    context = {
        "title": TITLE, "rows": rows, "counts": counts, "total": len(found), "unit": focus.org or home_of(request),
        "cut": len(found) > MOST,
    }  # fmt: skip
    template = "credentials/equipment_print.html" if request.GET.get("print") else "credentials/equipment.html"
    return render(request, template, context)


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="credentials:equipment", permission="places.view",
        icon="fire-extinguisher", order=80,
    )
)  # fmt: skip
urlpatterns = [path("equipment/", equipment, name="equipment")]
