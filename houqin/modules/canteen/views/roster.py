"""今日上岗: who works with food today, who does not and why, who stands in."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import open_school, school_of
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import TEN_YEARS, day_or
from houqin.modules.canteen.actions.roster import admit_to_post, arrange_relief, call_off_relief
from houqin.modules.canteen.forms.roster import AdmitForm, ReliefForm
from houqin.modules.canteen.models import Relief
from houqin.modules.canteen.policies import PUBLISH_CERTIFICATES
from houqin.modules.canteen.queries.roster import MORNING_CHECK, Roster, roster_of
from houqin.modules.canteen.roster_words import TONES, in_short, why_off
from houqin.modules.canteen.rules.roster import Verdict
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of
from houqin.ui.keys import Outcome, key_of
from houqin.ui.masks import mask_name
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens.acting import arguments_of, carry_out
from houqin.ui.screens.links import page_of
from houqin.ui.screens.look import Look
from houqin.ui.screens.states import badge

TITLE = _("On duty in the kitchen")
RECORD, DECIDE = "canteen.record", "canteen.countersign"


@page(permission="canteen.view")
def roster(request: HttpRequest) -> HttpResponse:
    """The food posts of one school on one day; posting arranges who stands in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, "canteen.view")
    if school is None:
        return choose_school(request, TITLE, "canteen.view")
    day = day_or(request.POST.get("day") or request.GET.get("day", ""), viewer.today, farthest=TEN_YEARS)
    found = roster_of(school, day, viewer.today)
    form, answer = _posted(request, found)
    if answer is not None:
        return answer
    look = Look(viewer)
    may_arrange = viewer.may(RECORD, school.path) and day >= viewer.today
    context = {
        "title": TITLE, "school": school, "day": day, "roster": found, "sentence": sentence(found), "key": key_of(request),
        "rows": [_row(place, found, viewer, look) for place in found.places], "form": form,
        "before": day - timedelta(days=1), "after": day + timedelta(days=1), "may_arrange": may_arrange,
        "may_decide": viewer.may(DECIDE, school.path) and day == viewer.today,
        "check_url": _check_url(viewer, school, day), "is_today": day == viewer.today,
        "public_url": reverse("canteen:staff-card", args=[school.public_id]) if value_of(PUBLISH_CERTIFICATES, school) else "",
    }  # fmt: skip
    if request.GET.get("print"):
        return render(request, "canteen/roster_print.html", context)
    return render(request, "canteen/roster.html", context, status=422 if request.method == "POST" else 200)


def sentence(found: Roster) -> str:
    """What the page comes to."""
    if not found.places:
        return gettext("Nobody holds a post that handles food.")
    on = ngettext("%(count)s person works with food", "%(count)s people work with food", len(found.working)) % {
        "count": len(found.working)
    }
    if not found.off:
        return gettext("%(on)s; nobody is kept off.") % {"on": on}
    off = ngettext("%(count)s is kept off", "%(count)s are kept off", len(found.off)) % {"count": len(found.off)}
    return gettext("%(on)s; %(off)s.") % {"on": on, "off": off}


def _row(place: Any, found: Roster, viewer: Viewer, look: Look) -> dict[str, Any]:
    one = place.fitness
    paper = one.certificate
    return {
        "place": place, "person": one.person, "url": page_of(one.person, look), "paper": paper,
        "paper_url": page_of(paper, look) if paper else "", "state": badge(in_short(one), TONES[one.verdict]),
        "why": why_off(one, found.day, viewer.today), "is_off": one.is_off,
        "needs_relief": one.is_off and place.relief is None and not place.reliefs,
        "may_be_admitted": one.verdict == Verdict.UNWELL,
    }  # fmt: skip


def _posted(request: HttpRequest, found: Roster) -> tuple[Any, HttpResponse | None]:
    """The deed that was posted: its form when it is to be shown again, else the answer."""
    if request.method != "POST":
        return None, None
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    deed = request.POST.get("deed", "")
    if not viewer.may(DECIDE if deed == "admit" else RECORD, found.org.path):
        raise PermissionDenied(DECIDE if deed == "admit" else RECORD)
    if deed == "call-off":
        return None, carry_out(request, lambda: _call_off(request, found, viewer))
    form = (AdmitForm if deed == "admit" else ReliefForm)(request.POST, viewer=viewer, row=found)
    run = _admit if deed == "admit" else _arrange
    return form, carry_out(request, lambda: run(form, found, viewer), form=form)


def _here(found: Roster) -> str:
    return f"{reverse('canteen:roster')}?day={found.day.isoformat()}"


def _arrange(form: Any, found: Roster, viewer: Viewer) -> Outcome:
    row = arrange_relief(found.org, by=viewer, day=found.day, **arguments_of(form))
    return _here(found), gettext("%(name)s stands in as %(post)s.") % {"name": row.person, "post": row.post}


def _admit(form: Any, found: Roster, viewer: Viewer) -> Outcome:
    row = admit_to_post(by=viewer, day=found.day, **arguments_of(form))
    return _here(found), gettext("%(name)s works by your decision; the reason is on record.") % {"name": row.person}


def _call_off(request: HttpRequest, found: Roster, viewer: Viewer) -> Outcome:
    try:
        ref = UUID(request.POST.get("relief", ""))
    except ValueError:
        raise NotVisible from None
    row = Relief.objects.get_visible(viewer, org=found.org, day=found.day, public_id=ref)
    call_off_relief(row, by=viewer)
    return _here(found), gettext("Called off.")


def _check_url(viewer: Viewer, school: OrgUnit, day: date) -> str:
    """Where the morning check is written, for who writes ledgers, on its day."""
    if day != viewer.today or not viewer.may("ledgers.record", school.path):
        return ""
    return f"{reverse('ledgers:write', args=[MORNING_CHECK])}?org={school.path}"


@page(public=True)
def staff_card(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Until when the certificates of a kitchen's people hold, names covered; where the school publishes it (FS-21)."""
    today = timezone.localdate()
    school = open_school(ref)
    if school is None or not value_of(PUBLISH_CERTIFICATES, school):
        raise NotVisible
    found = roster_of(school, today, today)
    rows = [(mask_name(p.person.name), p.post, p.fitness.certificate) for p in found.working]
    return render(
        request, "canteen/staff_public.html", {"title": school.name, "school": school, "rows": rows, "day": today}
    )


nav.register(
    nav.NavItem(
        family=Family.SAFE,
        title=TITLE,
        url_name="canteen:roster",
        permission="canteen.view",
        icon="user-check",
        order=4,
    )
)
urlpatterns = [path("roster/", roster, name="roster"), path("card/<uuid:ref>/staff/", staff_card, name="staff-card")]
