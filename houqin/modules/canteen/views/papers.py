"""Papers that offices still need: number, print, take as Excel; and the register of their numbers."""

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import school_of
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen import papers_export
from houqin.modules.canteen.actions.papers import number_vouchers
from houqin.modules.canteen.models import Voucher, VoucherKind
from houqin.modules.canteen.queries.vouchers import pages
from houqin.modules.canteen.queries.vouchers.listing import Form
from houqin.modules.canteen.queries.vouchers.printing import sheets
from houqin.modules.canteen.rules.periods import Span
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens import Block, Column, Day, Facts, Instant, Link, Screen, Timeline
from houqin.ui.screens.acting import carry_out

TITLE = _("Papers to print")
SPANS = {Span.DAY: _("One day"), Span.WEEK: _("One week"), Span.MONTH: _("One month")}


@page(permission="canteen.view")
def papers(request: HttpRequest) -> HttpResponse:
    """The forms of a school and a period; a deed gives numbers to those without one and goes on to print."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, "canteen.view")
    if school is None:
        return choose_school(request, TITLE, "canteen.view")
    if request.method == "POST":
        return _number(request, school)
    asked = pages.read_asked(viewer, request.GET)
    context = pages.overview(school, viewer, asked) | {
        "title": TITLE, "school": school, "asked": asked, "spans": SPANS.items(), "kinds": VoucherKind.choices,
        "query": _query(asked), "may_number": viewer.may("canteen.record", school.path),
    }  # fmt: skip
    return render(request, "canteen/papers.html", context)


def _number(request: HttpRequest, school: OrgUnit) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = pages.read_asked(viewer, request.POST)

    def run() -> tuple[str, str]:
        period = asked.period
        fresh = number_vouchers(school, by=viewer, first=period.first, last=period.last, kinds=asked.kinds)
        told = ngettext("%(count)s form has its number.", "%(count)s forms have their numbers.", len(fresh))
        return f"{reverse('canteen:papers-print')}?{_query(asked)}", told % {"count": len(fresh)}

    return carry_out(request, run) or HttpResponseRedirect(f"{request.path}?{_query(asked)}")


def _query(asked: pages.Asked) -> str:
    given: list[tuple[str, str]] = [("span", asked.span), ("day", asked.day.isoformat())]
    return urlencode(given + [("kind", kind) for kind in asked.kinds])


def _chosen(request: HttpRequest) -> tuple[OrgUnit, list[Form]]:
    """The school and the forms that the address names: one by its voucher, else those of a period."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if "one" in request.GET:
        return pages.form_named(viewer, request.GET["one"])
    school = school_of(viewer, focus_of(request).org, "canteen.view")
    if school is None:
        raise Refused(_("Forms are those of one school. Choose the school first."))
    return school, pages.forms_asked(school, viewer, pages.read_asked(viewer, request.GET))


@page(permission="canteen.view")
def print_papers(request: HttpRequest) -> HttpResponse:
    """The numbered forms as A4 pages."""
    school, forms = _chosen(request)
    context = {"title": TITLE, "sheets": sheets(school, request.viewer, forms)}  # type: ignore[attr-defined]
    return render(request, "canteen/papers_print.html", context)


@page(permission="canteen.view")
def papers_xlsx(request: HttpRequest) -> FileResponse:
    """The numbered forms as a workbook, a worksheet each."""
    school, forms = _chosen(request)
    found = sheets(school, request.viewer, forms)  # type: ignore[attr-defined]
    return papers_export.workbook(f"{school.name} {forms[0].day if forms else ''}".strip(), found)


def _links(row: Voucher, viewer: Viewer) -> dict[str, Any]:
    return {"query": urlencode({"one": str(row.public_id)})}


class VoucherScreen(Screen):
    """Every number that was given, and what it stands for."""

    model = Voucher
    slug = "vouchers"
    title = _("Register of forms")
    icon = "file-certificate"
    sort = "-day"
    columns = [
        Column("number", sort=True, card="title"),
        Column("kind", card="fact"),
        Day("day", sort=True, card="fact"),
        Column(
            "what", _("Of"), value=pages.voucher_subject, related=["supplier", "meal", "delivery__supplier"], card="fact"
        ),
        Link("org", sort="org__path"),
        Instant("made_at", sort=True),
        Column("account"),
    ]  # fmt: skip
    filters = {"kind": "choice", "day": "range", "org": "choice"}
    search = ["number", "supplier__name", "delivery__supplier__name"]
    empty = _("Numbers will stand here as soon as forms are printed.")
    panels = [
        Block("canteen/voucher_head.html", _links),
        Facts([
            Column("kind"), Day("day"), Column("what", _("Of"), value=pages.voucher_subject), Link("org"), Instant("made_at"),
            Column("account"),
        ]),
        Timeline(),
    ]  # fmt: skip


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="canteen:papers", permission="canteen.view", icon="printer", order=60
    )
)
urlpatterns = [
    path("papers/", papers, name="papers"),
    path("papers/print/", print_papers, name="papers-print"),
    path("papers/excel/", papers_xlsx, name="papers-excel"),
    *VoucherScreen.urls(),
]
