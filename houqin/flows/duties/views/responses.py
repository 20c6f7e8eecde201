"""How long alerts waited until they were answered: for a school itself, and for its direct office."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties import boards, responses
from houqin.flows.duties.models import Duty
from houqin.flows.duties.naming import called
from houqin.flows.duties.words import rules_of, title_of
from houqin.ui import formats, nav
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page

TITLE = _("Response times")
SPANS = {"7": _("7 days"), "30": _("30 days"), "90": _("90 days")}
MOST_ROWS = 200
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def span_words(span: timedelta | None) -> str:
    """A time in words: 35 min, 2 h 5 min, 3 d 4 h."""
    if span is None:
        return formats.NOTHING
    minutes = round(span / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    if span < AN_HOUR:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    if span < A_DAY:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    days, hours = divmod(hours, 24)
    return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}


def _kind_words(kind: str) -> str:
    words = {responses.RED: gettext("Overdue, red line"), responses.OVERDUE: gettext("Overdue")}
    return words.get(kind) or called(kind)


def _level_words(level: int) -> str:
    if not level:
        return gettext("Nobody above had to be told")
    return ngettext("Told %(count)s level up", "Told %(count)s levels up", level) % {"count": level}


def _units(request: HttpRequest) -> tuple[list[OrgUnit], OrgUnit | None]:
    """The schools that the page is about: the one looked at, else those of the viewer's own offices."""
    return boards.schools_of_rates(
        request.viewer,  # type: ignore[attr-defined]
        focus_of(request).org,
        seen_by="duties.view",
        permission="duties.set",
        refusal=_("Response times are for the school itself and the office directly above it. Ask that office."),
    )


@page(permission="duties.set")
def response_times(request: HttpRequest) -> HttpResponse:
    """Median and worst time until an alert was answered, by kind and level, with counts; each opens its rows below."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    orgs, org = _units(request)
    days = request.GET.get("days", "30")
    days = days if days in SPANS else "30"
    first = viewer.today - timedelta(days=int(days) - 1)
    found = responses.alerts([one.pk for one in orgs], first, viewer.today, viewer.now)
    chosen = {name: request.GET[name] for name in ("kind", "level", "school", "state") if request.GET.get(name)}
    whole = responses.summed("", found)
    context: dict[str, Any] = {
        "title": TITLE, "org": org, "span": days, "spans": SPANS, "first": first, "last": viewer.today,
        "whole": _line("", {}, whole, days), "chain": focus_of(request).chain, "schools": len(orgs),
        "kinds": [_line(_kind_words(one.key), {"kind": one.key}, one, days) for one in responses.waits(found, "kind")],
        "levels": [
            _line(_level_words(one.key), {"level": str(one.key)}, one, days) for one in responses.waits(found, "level")
        ],
        "of_schools": [] if org else [
            _line(unit.name, {"school": str(unit.pk)}, one, days) for unit, one in responses.in_tree_order(orgs, found)
        ],
    }  # fmt: skip
    if chosen:
        context |= _rows(found, chosen, viewer)
    return render(request, "duties/response_times.html", context)


def _line(name: str, key: dict[str, str], one: responses.Waits, days: str) -> dict[str, Any]:
    def url(**more: str) -> str:
        return f"?{urlencode({'days': days} | (key or {'state': 'all'}) | more)}#rows"

    return {
        "name": name, "count": one.count, "answered": one.answered, "open": one.open, "url": url(),
        "answered_url": url(state="answered"), "open_url": url(state="open"),
        "middle": span_words(one.middle), "worst": span_words(one.worst), "longest": span_words(one.longest),
    }  # fmt: skip


def _rows(found: list[responses.Alert], chosen: dict[str, str], viewer: Viewer) -> dict[str, Any]:
    """The alerts behind a figure, the newest first."""
    states = {"answered": True, "open": False}
    some = [
        one
        for one in found
        if one.kind == chosen.get("kind", one.kind)
        and str(one.level) == chosen.get("level", str(one.level))
        and str(one.org) == chosen.get("school", str(one.org))
        and one.is_answered == states.get(chosen.get("state", ""), one.is_answered)
    ]
    shown = some[:MOST_ROWS]
    duties = {
        row.pk: row
        for row in Duty.objects.visible_to(viewer)
        .filter(pk__in=[one.row for one in shown])
        .select_related("org", "about")
    }
    rules = rules_of(duties.values(), viewer.today) if duties else {}
    rows = [
        {
            "duty": duties[one.row], "title": title_of(duties[one.row], rules), "since": one.since,
            "waited": span_words(one.waited), "level": _level_words(one.level), "is_answered": one.is_answered,
        }
        for one in shown if one.row in duties
    ]  # fmt: skip
    return {"rows": rows, "of_rows": len(some), "chosen": True}


nav.register(
    nav.NavItem(
        family=Family.STANDARD, title=TITLE, url_name="duties:response-times", permission="duties.arrange",
        icon="clock-exclamation", order=13,
    )
)  # fmt: skip
urlpatterns = [path("response-times/", response_times, name="response-times")]
