"""A school's team and its days, the schools that need help, minutes asked of posts, and what Houqin told whom."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import WHOLE, school_of, schools_within
from houqin.core.places.marks import marked, tally
from houqin.core.places.models import Place
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties import boards
from houqin.flows.duties.minutes import minutes_at
from houqin.flows.duties.models import Step
from houqin.flows.duties.registry import DEMANDS
from houqin.flows.duties.words import post_names
from houqin.lib.dates import named_day
from houqin.ui import formats, nav
from houqin.ui.choosing import MOST, choose_school
from houqin.ui.focus import focus_of, unit_of
from houqin.ui.pages import page
from houqin.ui.screens import Badge, Column, Day, Family, Instant, Link, Number, Screen

SPANS = {"1": _("Today"), "7": _("7 days"), "30": _("30 days")}
HALF_YEAR = timedelta(days=181)
A_MONTH = 22
SUNDAY = date(2024, 3, 3)
# From dark blue to yellow: told apart by everybody, also in grey.
COLOURS = ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"]


def _span(request: HttpRequest, default: str = "7") -> tuple[str, date, date]:
    """The days that a board is about: the last ones, or the one day that the address names."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = named_day(request.GET.get("day", ""))
    if day is None:
        chosen = request.GET.get("days", default)
        chosen = chosen if chosen in SPANS else default
        return chosen, viewer.today - timedelta(days=int(chosen) - 1), viewer.today
    return "", day, day


def _school(request: HttpRequest, permission: str) -> OrgUnit | None:
    """The one school that the page is about; rates are the business of the school itself and of its direct office."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = school_of(viewer, focus_of(request).org, "duties.view", WHOLE)
    if org is None:
        return None
    require(viewer, permission, at=org)
    if not boards.may_see_rates(viewer, org):
        if focus_of(request).org is None:
            return None
        raise Refused(
            _("Figures by post and day are for the school itself and the office directly above it. Ask that office.")
        )
    return org


def _choose(request: HttpRequest, title: Any) -> HttpResponse:
    """Which school, when several are within reach."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    within = schools_within(viewer, focus_of(request).org, "duties.view", WHOLE)
    seen = [org for org in within[:MOST] if boards.may_see_rates(viewer, org)]
    return choose_school(request, title, "duties.view", schools=seen)


@page(permission="duties.set", may_lag=True)
def team(request: HttpRequest) -> HttpResponse:
    """A school's posts and people: what was done in time, late, missed, and what is open."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = _school(request, "duties.set")
    if org is None:
        return _choose(request, _("Team"))
    span, first, last = _span(request)
    found = boards.team(org, first, last, viewer, post_names(viewer.today))
    unfit = list(marked(Place.objects.visible_to(viewer).under(org.path), viewer.today))
    context = {
        "title": _("Team"), "org": org, "team": found, "span": span, "spans": SPANS, "first": first, "last": last,
        "due": sum(line.due for line in found.posts), "missed": found.total("missed"), "late": found.total("late"),
        "chain": focus_of(request).chain, "unfit": unfit, "tally": tally(unfit),
    }  # fmt: skip
    return render(request, "duties/team.html", context)


@page(permission="duties.set", may_lag=True)
def days(request: HttpRequest) -> HttpResponse:
    """A school's days as a calendar: how many of its duties were done in time on each."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = _school(request, "duties.set")
    if org is None:
        return _choose(request, _("Calendar of duties"))
    first = viewer.today - HALF_YEAR
    rows = [(line, _day_url(org, line.day)) for line in boards.days_of(org, first, viewer.today, viewer)]
    context = {
        "title": _("Calendar of duties"), "org": org, "newest": rows[::-1][:A_MONTH], "older": rows[::-1][A_MONTH:], "count": len(rows), "chain": focus_of(request).chain,
        "chart": _calendar(rows, first, viewer.today), "due": sum(line.due for line, _url in rows),
        "on_time": sum(line.on_time for line, _url in rows),
    }  # fmt: skip
    return render(request, "duties/days.html", context)


def _day_url(org: OrgUnit, day: date) -> str:
    return f"{reverse('duties:duties')}?{urlencode({'org': org.pk, 'day_after': day, 'day_before': day})}"


def _calendar(rows: list[tuple[boards.DayLine, str]], first: date, last: date) -> dict[str, Any]:
    """A heat map of days; the days without duties stay empty."""
    words = gettext("%(day)s: %(done)s of %(due)s in time")
    cells = [
        {
            "value": [line.day.isoformat(), line.percent], "url": url,
            "name": words % {"day": formats.day(line.day), "done": line.on_time, "due": line.due},
        }
        for line, url in rows
    ]  # fmt: skip
    weekdays = [formats.day(SUNDAY + timedelta(days=n)).split()[-1] for n in range(7)]
    return {
        "tooltip": {"formatter": "{b}"},
        "visualMap": {
            "min": 0, "max": 100, "orient": "horizontal", "right": 0, "bottom": 0, "text": ["100 %", "0 %"],
            "inRange": {"color": COLOURS}, "itemHeight": 120,
        },
        "calendar": {
            "top": 28, "left": 8, "right": 40, "cellSize": ["auto", 18],
            "range": [first.isoformat(), last.isoformat()], "yearLabel": {"show": False},
            "dayLabel": {"firstDay": 1, "nameMap": weekdays, "position": "end"},
            "monthLabel": {"nameMap": [f"{month:02d}" for month in range(1, 13)]},
        },
        "series": [{"type": "heatmap", "coordinateSystem": "calendar", "data": cells}],
    }  # fmt: skip


@page(permission="duties.set", may_lag=True)
def schools(request: HttpRequest) -> HttpResponse:
    """The schools of one's own office that need help, what is worst first, with counts and reasons."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    offices = boards.offices_of_viewer(viewer)
    if not offices:
        return HttpResponseRedirect(reverse("duties:team"))
    span, first, last = _span(request)
    found = boards.schools_in_need(offices, first, last, viewer)
    context = {
        "title": _("Schools that need help"), "needs": found, "span": span, "spans": SPANS, "first": first, "last": last,
        "percent": boards.HELP_PERCENT, "offices": offices, "chain": focus_of(request).chain,
    }  # fmt: skip
    return render(request, "duties/schools.html", context)


@page(permission="duties.view")
def minutes(request: HttpRequest) -> HttpResponse:
    """Minutes asked of each post, who asks, and what an office's additions cost: open to everybody."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org = unit_of(request)
    require(viewer, "duties.view", at=org)
    found = minutes_at(org, viewer.today, post_names(viewer.today))
    context = {
        "title": _("Minutes asked"), "org": org, "minutes": found, "demands": DEMANDS.items(),
        "chain": focus_of(request).chain,
    }  # fmt: skip
    return render(request, "duties/minutes.html", context)


class StepScreen(Screen):
    """What Houqin did by itself about open duties."""

    model = Step
    slug = "steps"
    title = _("Reminders and steps")
    permission = "duties.set"
    icon = "bell-ringing"
    sort = "-at"
    has_detail = False
    columns = [
        Badge("kind", card="title"),
        Link("org", sort="org__path", card="fact"),
        Day("day", sort=True),
        Number("count", _("Duties"), card="fact"),
        Column("told", value=lambda row: row.told or _("Nobody who can sign in"), card="fact"),
        Instant("at", sort=True),
    ]
    filters = {"kind": "choice", "org": "choice", "day": "range"}
    empty = _("Nobody had to be reminded yet.")


for _item in (
    nav.NavItem(
        family=Family.STANDARD, title=_("Team"), url_name="duties:team", permission="duties.arrange", icon="users-group",
        order=11,
    ),
    nav.NavItem(
        family=Family.STANDARD, title=_("Minutes asked"), url_name="duties:minutes", permission="duties.view",
        icon="hourglass", order=14,
    ),
):  # fmt: skip
    nav.register(_item)
urlpatterns = [
    path("team/", team, name="team"),
    path("days/", days, name="days"),
    path("schools/", schools, name="schools"),
    path("minutes/", minutes, name="minutes"),
    *StepScreen.urls(),
]
