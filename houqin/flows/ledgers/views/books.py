"""The book of ledgers of a school, and the month sheet of each: on the screen, on paper, as Excel."""

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import school_of
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.out import excel
from houqin.flows.ledgers.out.book import VIEW, Kept, book
from houqin.flows.ledgers.out.months import Month, MonthSheet, month_sheet
from houqin.flows.ledgers.words import language
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page

TITLE = _("Ledgers")


def choose(request: HttpRequest, title: str | Promise) -> HttpResponse:
    """Which school: for whoever reads the ledgers of several."""
    return choose_school(request, title, VIEW, template="ledgers/choose_school.html")


def the_school(request: HttpRequest) -> OrgUnit:
    """The school that a sheet is about; a sheet is never of several."""
    school = school_of(request.viewer, focus_of(request).org, VIEW)  # type: ignore[attr-defined]
    if school is None:
        raise Refused(_("A sheet is that of one school. Choose the school first."))
    return school


@page(permission=VIEW)
def the_book(request: HttpRequest) -> HttpResponse:
    """All ledgers of a school: what is due, when each was written last, what was out of limits."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, VIEW)
    if school is None:
        return choose(request, TITLE)
    found = book(school, viewer)
    families = [(title, [_shown(one, school, viewer) for one in kept]) for title, kept in found.families]
    context = {
        "title": TITLE, "school": school, "book": found, "families": families, "today": viewer.today, "now": viewer.now,
        "without_places": [one.ledger.title(language()) for one in found.without_places],
        "of_choice": [(one.ledger.title(language()), _why(one.ledger)) for one in found.of_choice],
        "may_adopt": viewer.may("ledgers.adopt", school.path),
    }  # fmt: skip
    return render(request, "ledgers/book.html", context)


def _why(ledger: Any) -> str:
    return str(ledger.why_zh if language().startswith("zh") else ledger.why_en)


def _shown(one: Kept, school: OrgUnit, viewer: Viewer) -> dict[str, Any]:
    """One row of the book."""
    ledger = one.resolved.ledger
    write = ""
    if ledger.fed_by:
        write = reverse(ledger.fed_by)
    elif viewer.may("ledgers.record", school.path):
        write = f"{reverse('ledgers:write', args=[one.code])}?{urlencode({'org': school.path})}"
    entries = reverse("ledgers:entries")
    return {
        "kept": one, "title": ledger.title(language()), "why": _why(ledger), "write": write,
        "demand": one.resolved.demand.label, "month": reverse("ledgers:month", args=[one.code]),
        "entries": f"{entries}?{urlencode({'ledger': one.code})}",
        "breached": f"{entries}?{urlencode({'ledger': one.code, 'view': 'out'})}",
    }  # fmt: skip


def _sheet(request: HttpRequest, code: str) -> MonthSheet:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return month_sheet(the_school(request), code, Month.read(request.GET.get("month", ""), viewer.today), viewer)


@page(permission=VIEW)
def month(request: HttpRequest, code: str) -> HttpResponse:
    """The month sheet of a ledger on the screen, with the months beside it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if school_of(viewer, focus_of(request).org, VIEW) is None:
        return choose(request, TITLE)
    sheet = _sheet(request, code)
    context = {
        "title": sheet.title,
        "sheet": sheet,
        "summary": excel.summary(sheet),
        "school": sheet.org,
        "today": viewer.today,
    }
    return render(request, "ledgers/month.html", context)


@page(permission=VIEW)
def month_print(request: HttpRequest, code: str) -> HttpResponse:
    """The month sheet as A4 pages in the official form."""
    sheet = _sheet(request, code)
    return render(
        request, "ledgers/month_print.html", {"title": sheet.title, "sheet": sheet, "summary": excel.summary(sheet)}
    )


@page(permission=VIEW)
def month_excel(request: HttpRequest, code: str) -> FileResponse:
    """The month sheet as a workbook."""
    return excel.workbook(_sheet(request, code))


nav.register(
    nav.NavItem(
        family=Family.STANDARD, title=TITLE, url_name="ledgers:book", permission=VIEW, icon="notebook", order=20
    )
)
urlpatterns = [
    path("", the_book, name="book"),
    path("months/<slug:code>/", month, name="month"),
    path("months/<slug:code>/print/", month_print, name="month-print"),
    path("months/<slug:code>/excel/", month_excel, name="month-excel"),
]
