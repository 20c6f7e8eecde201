"""How many letters are signed, text by text, with counts that open their rows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.letters import queries
from houqin.lib.numbers import whole
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page


@page(permission="letters.view")
def rate(request: HttpRequest) -> HttpResponse:
    """The texts of a year: for how many they are, how many were issued and signed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    years = queries.years(viewer)
    asked = request.GET.get("year", "")
    year = number if (number := whole(asked)) in years else (years[0] if years else viewer.today.year)
    found = queries.rates(viewer, year, under=focus_of(request).path)
    context = {
        "title": _("Letters signed"), "rates": found, "year": year, "years": years, "chain": focus_of(request).chain,
        "asked": sum(row.asked for row in found), "signed": sum(row.signed for row in found),
        "overdue": sum(row.overdue for row in found), "may_write": viewer.may_anywhere("letters.issue"),
    }  # fmt: skip
    return render(request, "letters/rates.html", context)


nav.register(
    nav.NavItem(
        family=Family.STANDARD, title=_("Letters signed"), url_name="letters:rates", permission="letters.issue",
        icon="checklist", order=61,
    )
)  # fmt: skip
urlpatterns = [path("letters/rates/", rate, name="rates")]
