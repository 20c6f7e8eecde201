"""Findings on Today: to order, to put right, to look at again, more time to answer."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.boards import offices_of_viewer
from houqin.flows.rectify.models import Finding
from houqin.flows.rectify.queries import counts, late_of_others, standings, to_answer, to_fix, to_order, to_recheck
from houqin.ui.today import Bucket, Panel, TodayRow, office_panel, source

MOST = 20


@source
def findings_due(viewer: Viewer) -> Iterator[TodayRow]:
    """A row for each; the list holds the rest."""
    if viewer.may_anywhere("rectify.fix"):
        yield from (_row(one, _("Put it right")) for one in to_fix(viewer)[:MOST])
    if viewer.may_anywhere("rectify.order"):
        yield from (_row(one, _("Order rectification")) for one in to_order(viewer)[:MOST])
        yield from _late(viewer)
    if viewer.may_anywhere("rectify.recheck"):
        yield from (_row(one, _("Look at it again")) for one in to_recheck(viewer)[:MOST])


@source
def time_asked_for(viewer: Viewer) -> Iterator[TodayRow]:
    """More time that waits for the answer of the viewer's unit. One query."""
    if not viewer.may_anywhere("rectify.recheck"):
        return
    for asked in to_answer(viewer)[:MOST]:
        one = asked.finding
        yield TodayRow(
            what=_("More time is asked for, until %(day)s: %(what)s") % {"day": asked.until, "what": one.title},
            where=" · ".join(filter(None, [one.org.name, one.place])), until=one.due_on,
            url=reverse("rectify:findings-detail", args=[one.public_id]), button=_("Answer: more time"), icon="clock-check",
        )  # fmt: skip


def _late(viewer: Viewer) -> Iterator[TodayRow]:
    """What others of the viewer's own unit have not put right in time, in one row."""
    count = late_of_others(viewer).count()
    if count:
        yield TodayRow(
            what=ngettext("%(count)s finding is not put right in time", "%(count)s findings are not put right in time", count)
            % {"count": count},
            url=f"{reverse('rectify:findings')}?view=overdue", button=_("See which"), bucket=Bucket.OVERDUE, count=count,
            icon="alarm",
        )  # fmt: skip


@office_panel
def findings_at_office(viewer: Viewer) -> Panel | None:
    """On the home of an office: what is open at its schools, the five with the oldest overdue finding."""
    if not (viewer.may_anywhere("rectify.supervise") and offices_of_viewer(viewer)):
        return None
    found = counts(viewer, Q())
    return (
        Panel("rectify/panel.html", {"counts": found, "schools": standings(viewer, Q(), 5)}) if found["open"] else None
    )


def _row(one: Finding, button: object) -> TodayRow:
    return TodayRow(
        what=one.title, where=" · ".join(filter(None, [one.org.name, one.place])), until=one.due_on,
        url=reverse("rectify:findings-detail", args=[one.public_id]), button=str(button),
        icon="alert-octagon" if one.red_line else "tool",
    )  # fmt: skip
