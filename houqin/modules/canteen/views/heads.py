"""报餐: a class tells who eats in ten seconds; the kitchen sees who has not told yet; the night roll tells breakfast."""

from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from houqin.core.calendars.days import day_info
from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import school_of
from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import day_or
from houqin.modules.canteen.actions import heads as deeds
from houqin.modules.canteen.forms.heads import HeadsForm, NightForm, OthersForm
from houqin.modules.canteen.queries import class_sheets, nights, reports
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.keys import Outcome, key_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.acting import arguments_of, carry_out

REPORT, BOARD, NIGHT = _("Who eats"), _("Who has reported"), _("Night roll")
UNTIL_MORNING = 10  # the roll of last night is still recorded in the morning


def _day(request: HttpRequest, otherwise: date) -> date:
    return day_or(request.POST.get("day") or request.GET.get("day", ""), otherwise)


@page(permission="canteen.report_heads")
def mine(request: HttpRequest) -> HttpResponse:
    """The classes of a teacher; who teaches none sees the classes of the school, without names."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    own = list(reports.own_classes(viewer))
    if len(own) == 1:
        return HttpResponseRedirect(reverse("canteen:heads-class", args=[own[0].pk]))
    school = own[0].org if own else _school(request, "canteen.report_heads")
    if school is None:
        return choose_school(request, REPORT, "canteen.report_heads")
    offered = class_sheets.days_offered(school, viewer.today)
    day = _day(request, offered[0].day if offered else viewer.today)
    board = reports.board_of(school, day)
    taught = {group.pk for group in own}
    lines = [line for line in board.lines if not taught or line.group.pk in taught]
    context = {"title": REPORT, "board": board, "lines": lines, "day": day, "is_own": bool(own)}
    return render(request, "canteen/heads_mine.html", context)


@page(permission="canteen.report_heads")
def of_class(request: HttpRequest, pk: int) -> HttpResponse:
    """One class on one day: the number stands there already, one button confirms it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    group = class_sheets.class_of(viewer, pk)
    offered = class_sheets.days_offered(group.org, viewer.today)
    day = _day(request, offered[0].day if offered else viewer.today)
    sheet = class_sheets.sheet_of(viewer, group, day_info(group.org, day))
    form = HeadsForm(request.POST or None, viewer=viewer, row=sheet)
    if request.method == "POST" and form.is_valid():
        answer = carry_out(request, lambda: _report(sheet, form, viewer), form=form)
        if answer is not None:
            return answer
    context = {
        "title": REPORT, "sheet": sheet, "form": form, "key": key_of(request), "offered": offered,
        "others": reports.own_classes(viewer).exclude(pk=group.pk), "is_today": day == viewer.today,
        "is_past_due": viewer.now > sheet.due and day == viewer.today, "first": offered[0] if offered else None,
    }  # fmt: skip
    return render(request, "canteen/heads_class.html", context, status=422 if request.method == "POST" else 200)


def _report(sheet: class_sheets.ClassSheet, form: HeadsForm, viewer: Viewer) -> Outcome:
    rows = deeds.report_heads(sheet.group, by=viewer, **arguments_of(form))
    told = "、".join(
        gettext("%(meal)s %(count)s") % {"meal": row.meal.get_kind_display(), "count": row.eaters} for row in rows
    )
    url = f"{reverse('canteen:heads-class', args=[sheet.group.pk])}?day={form.cleaned_data['day'].isoformat()}"
    return url, gettext("%(class)s: %(told)s. The kitchen knows.") % {"class": sheet.group, "told": told}


@page(permission="canteen.view")
def board(request: HttpRequest) -> HttpResponse:
    """All classes of a school's day: reported, late, not yet; sums by meal; staff and guests."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = _school(request, "canteen.view")
    if school is None:
        return choose_school(request, BOARD, "canteen.view")
    day = _day(request, viewer.today)
    found = reports.board_of(school, day)
    may_record = viewer.may("canteen.record", school.path) and day >= viewer.today
    form = OthersForm(request.POST or None, viewer=viewer, row=found) if may_record else None
    if request.method == "POST" and form is not None and form.is_valid():
        answer = carry_out(request, lambda: _report_others(school, form, viewer), form=form)
        if answer is not None:
            return answer
    context = {
        "title": BOARD, "board": found, "day": day, "form": form, "info": day_info(school, day), "key": key_of(request),
        "before": day - timedelta(days=1), "after": day + timedelta(days=1), "sentence": reports.sentence(found),
        "is_past_due": viewer.now > found.due, "may_report": viewer.may("canteen.report_heads", school.path),
        "may_record": may_record,
    }  # fmt: skip
    return render(request, "canteen/heads_board.html", context, status=422 if request.method == "POST" else 200)


def _report_others(school: OrgUnit, form: OthersForm, viewer: Viewer) -> Outcome:
    for told in form.told():
        deeds.report_others(school, by=viewer, **told)
    url = f"{reverse('canteen:heads-board')}?day={form.cleaned_data['day'].isoformat()}"
    return url, gettext("Staff and guests are recorded.")


@page(permission="canteen.record")
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Ask the teachers of classes that are missing."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = _school(request, "canteen.record")
    if school is None:
        return choose_school(request, BOARD, "canteen.record")
    day = _day(request, viewer.today)

    def run() -> Outcome:
        told, silent = deeds.remind_missing(school, by=viewer, day=day)
        words = ngettext("%(count)s teacher reminded.", "%(count)s teachers reminded.", told) % {"count": told}
        if silent:
            names = "、".join(str(group) for group in silent)
            words += " " + gettext("No teacher with an account is named for %(classes)s: telephone.") % {
                "classes": names
            }
        return f"{reverse('canteen:heads-board')}?day={day.isoformat()}", words

    return carry_out(request, run) or HttpResponseRedirect(reverse("canteen:heads-board"))


@page(permission="canteen.report_heads")
def night(request: HttpRequest) -> HttpResponse:
    """The boarders of the classes, evening by evening: they are tomorrow's breakfast."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = _school(request, "canteen.report_heads")
    if school is None:
        return choose_school(request, NIGHT, "canteen.report_heads")
    sheet = nights.night_of(school, _night(request, viewer), viewer)
    form = NightForm(request.POST or None, viewer=viewer, row=sheet)
    if request.method == "POST" and form.is_valid():
        answer = carry_out(request, lambda: _call_roll(form, viewer), form=form)
        if answer is not None:
            return answer
    context = {
        "title": NIGHT,
        "sheet": sheet,
        "form": form,
        "key": key_of(request),
        "morning": sheet.night + timedelta(days=1),
    }
    return render(request, "canteen/heads_night.html", context, status=422 if request.method == "POST" else 200)


def _night(request: HttpRequest, viewer: Viewer) -> date:
    """The night meant: in the morning still the last one."""
    here: datetime = timezone.localtime(viewer.moment)
    usual = viewer.today - timedelta(days=here.hour < UNTIL_MORNING)
    return day_or(request.POST.get("night") or request.GET.get("night", ""), usual)


def _call_roll(form: NightForm, viewer: Viewer) -> Outcome:
    rows = [deeds.record_night_roll(group, by=viewer, night=on, present=count) for group, on, count in form.told()]
    total = sum(row.present for row in rows)
    told = ngettext("%(count)s boarder is there.", "%(count)s boarders are there.", total) % {"count": total}
    return reverse("canteen:heads-night"), told


def _school(request: HttpRequest, permission: str) -> OrgUnit | None:
    return school_of(request.viewer, focus_of(request).org, permission)  # type: ignore[attr-defined]


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=REPORT, url_name="canteen:heads", permission="canteen.report_heads", icon="users-group",
        order=8, phone=True,
    )
)  # fmt: skip
nav.register(
    nav.NavItem(
        family=Family.SAFE, title=BOARD, url_name="canteen:heads-board", permission="canteen.view", icon="clipboard-list",
        order=9,
    )
)  # fmt: skip
nav.register(
    nav.NavItem(
        family=Family.SAFE, title=NIGHT, url_name="canteen:heads-night", permission="canteen.report_heads", icon="moon",
        order=10,
    )
)  # fmt: skip
urlpatterns = [
    path("heads/", mine, name="heads"),
    path("heads/<int:pk>/", of_class, name="heads-class"),
    path("heads/board/", board, name="heads-board"),
    path("heads/remind/", remind, name="heads-remind"),
    path("heads/night/", night, name="heads-night"),
]
