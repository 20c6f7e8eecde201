"""今日上岗: of the posts that ask for papers, who may work today, who may not and who could stand in."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.schools import school_of
from houqin.core.people.gates import Lack
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.roster import Group, Place, roster_of
from houqin.lib.dates import TEN_YEARS, day_or
from houqin.ui import formats, nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.links import page_of
from houqin.ui.screens.look import Look
from houqin.ui.screens.states import badge

TITLE = _("Who may work today")
VIEW = "credentials.view"


@page(permission=VIEW)
def roster(request: HttpRequest) -> HttpResponse:
    """The posts of one school that ask for papers, on one day."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, VIEW)
    if school is None:
        return choose_school(request, TITLE, VIEW)
    day = day_or(request.GET.get("day", ""), viewer.today, farthest=TEN_YEARS)
    groups, look = roster_of(school, day), Look(viewer)
    context = {
        "title": TITLE, "school": school, "day": day, "sentence": sentence(groups),
        "groups": [(group, [_row(place, look) for place in group.places]) for group in groups],
        "before": day - timedelta(days=1), "after": day + timedelta(days=1),
    }  # fmt: skip
    return render(request, "credentials/roster.html", context)


def sentence(groups: list[Group]) -> str:
    """What the page comes to."""
    people = {place.holding.person_id for group in groups for place in group.places}
    off = {place.holding.person_id for group in groups for place in group.off}
    if not people:
        return gettext("Nobody holds a post that asks for a certificate.")
    told = ngettext("%(count)s person holds such a post", "%(count)s people hold such posts", len(people)) % {
        "count": len(people)
    }
    if not off:
        return gettext("%(on)s; nobody is kept off.") % {"on": told}
    kept = ngettext("%(count)s is kept off", "%(count)s are kept off", len(off)) % {"count": len(off)}
    return gettext("%(on)s; %(off)s.") % {"on": told, "off": kept}


def _row(place: Place, look: Look) -> dict[str, Any]:
    word, tone = _state(place)
    person = place.holding.person
    return {
        "place": place, "person": person, "url": page_of(person, look), "state": badge(word, tone),
        "lacks": formats.listed(_lack(lack) for lack in place.lacks),
    }  # fmt: skip


def _state(place: Place) -> tuple[str, str]:
    if place.is_off:
        return gettext("May not work"), "danger"
    return (gettext("Works; something is missing"), "soon") if place.lacks else (gettext("May work"), "passed")


def _lack(lack: Lack) -> str:
    if lack.ended_on is None:
        return gettext("%(paper)s: none on record") % {"paper": lack}
    return gettext("%(paper)s: ended on %(day)s") % {"paper": lack, "day": formats.day(lack.ended_on)}


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=TITLE, url_name="credentials:roster", permission=VIEW, icon="user-check", order=5
    )
)
urlpatterns = [path("roster/", roster, name="roster")]
