"""Files for a superior's platform, and what a school publishes: the page for the school, the page for everyone."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.schools import school_of
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.flows.ledgers.definitions import every
from houqin.flows.ledgers.out import publishing
from houqin.flows.ledgers.out.book import VIEW
from houqin.flows.ledgers.out.months import Month
from houqin.flows.ledgers.out.uploads import content, rows_of, template_of, templates
from houqin.flows.ledgers.policies import PUBLISH
from houqin.flows.ledgers.views.books import choose, the_school
from houqin.flows.ledgers.words import language
from houqin.lib.dates import named_day
from houqin.ui.focus import focus_of
from houqin.ui.labels import qr_svg
from houqin.ui.pages import page
from houqin.ui.screens.export import XLSX

UPLOADS = _("Files for a superior's platform")
PUBLISHED = _("What the school publishes")
MOST_DAYS = 366
TYPES = {"xlsx": XLSX, "csv": "text/csv"}


def _period(request: HttpRequest, today: date) -> tuple[date, date]:
    """From and until, else the month of today; at most a year."""
    month = Month(today.replace(day=1))
    first, last = named_day(request.GET.get("first", "")), named_day(request.GET.get("last", ""))
    if first is None or last is None:
        return month.first, min(month.last, today)
    if last < first:
        raise Refused(_("The period ends before it begins. Turn the two days round."))
    if (last - first).days >= MOST_DAYS:
        raise Refused(_("A file holds at most one year. Choose a shorter period."))
    return first, last


@page(permission=VIEW)
def uploads(request: HttpRequest) -> HttpResponse:
    """Which platform, which period: the file that it takes, filled from what was written."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, VIEW)
    if school is None:
        return choose(request, UPLOADS)
    first, last = _period(request, viewer.today)
    names = {one.code: one.ledger.title(language()) for one in every(school, viewer.today)}
    rows = [
        {
            "template": one, "title": one.title(language()), "platform": one.platform(language()),
            "ledger": names.get(one.ledger, one.ledger), "columns": [column.title for column in one.columns],
        }
        for one in templates(viewer.today)
    ]  # fmt: skip
    context = {"title": UPLOADS, "school": school, "rows": rows, "first": first, "last": last}
    return render(request, "ledgers/uploads.html", context)


@page(permission=VIEW)
def upload_file(request: HttpRequest, code: str) -> HttpResponse:
    """The file of one platform for a school and a period."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    template, school = template_of(code, viewer.today), the_school(request)
    first, last = _period(request, viewer.today)
    body = content(template, rows_of(template, school, first, last, viewer))
    answer = HttpResponse(body, content_type=TYPES[template.format])
    name = f"{template.title_zh} {school.name} {first:%Y%m%d}-{last:%Y%m%d}.{template.format}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@page(permission=VIEW)
def published(request: HttpRequest) -> HttpResponse:
    """What of this school anyone may read, at which address, by which rule."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, VIEW)
    if school is None:
        return choose(request, PUBLISHED)
    families = publishing.open_families(school)
    address = request.build_absolute_uri(reverse("ledgers:public", args=[school.public_id]))
    kept = publishing.public_ledgers(school, viewer.today, list(PUBLISH))
    context = {
        "title": PUBLISHED, "school": school, "families": publishing.families_in_words(families), "address": address,
        "qr": qr_svg(address) if families else "",
        "rows": [
            (one.ledger.title(language()), publishing.families_in_words([str(one.ledger.family)])[0], str(one.ledger.family) in families)
            for one in kept
        ],
    }  # fmt: skip
    return render(request, "ledgers/published.html", context)


@page(public=True)
def public(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The extract that anyone may read, for thirty days, without a single name."""
    school = publishing.school_named(ref)
    if not publishing.open_families(school):
        raise NotVisible(_("This school publishes nothing of its ledgers here."))
    now = timezone.now()
    today = timezone.localtime(now).date()
    found = publishing.published(school, today, system_viewer(now=now))
    context = {"title": school.name, "school": school, "ledgers": found, "today": today, "days": publishing.DAYS}
    return render(request, "ledgers/public.html", context)


urlpatterns = [
    path("uploads/", uploads, name="uploads"),
    path("uploads/<slug:code>/", upload_file, name="upload-file"),
    path("published/", published, name="published"),
    path("public/<uuid:ref>/", public, name="public"),
]
