"""Inspections on Today: what waits for those who plan and for those who inspect."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from houqin.core.orgs.models import OFFICES
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.partitions import month_after
from houqin.flows.rectify.models import Finding
from houqin.modules.inspections.models import Campaign, CampaignState, Draw, Report
from houqin.modules.inspections.progress import VIEW, to_set_out
from houqin.modules.inspections.report_forms import REPORT, own_units
from houqin.modules.inspections.underway import next_visits
from houqin.ui import today

OPEN = pgettext_lazy("button", "Open")

MOST = 10
PLAN = "inspections.plan"


@today.source
def unannounced_to_set_out(viewer: Viewer) -> Iterable[today.TodayRow]:
    """One's own unannounced visits, without their school: it is told at departure."""
    if not viewer.may_anywhere(VIEW):
        return
    for row in to_set_out(viewer)[:MOST]:
        yield today.TodayRow(
            what=_("Unannounced inspection: set out"), where=_("The school is told when you set out"), until=row.planned_on,
            url=reverse("inspections:assignments"), button=_("Look"), icon="car",
        )  # fmt: skip


@today.source
def campaigns_to_go_on_with(viewer: Viewer) -> Iterable[today.TodayRow]:
    """For planners of their own office: plans whose first day has come, draws that are committed, campaigns past their last day."""
    if not viewer.may_anywhere(PLAN):
        return
    own = [one.org_id for one in viewer.reaches if PLAN in one.permissions]
    rows = (
        Campaign.objects.visible_to(viewer, PLAN).filter(org__in=own).select_related("org").order_by("until_on", "pk")
    )
    for row in rows.filter(state=CampaignState.DRAFT, from_on__lte=viewer.today)[:MOST]:
        yield _row(row, _("Start: %(title)s"), row.from_on, OPEN)
    for draw in Draw.objects.visible_to(viewer, PLAN).filter(campaign__in=rows.values("pk"), drawn_at__isnull=True)[
        :MOST
    ]:
        yield today.TodayRow(
            what=_("A draw is committed: draw the schools"), until=viewer.today, icon="dice-5", button=OPEN,
            url=reverse("inspections:draws-detail", args=[draw.public_id]),
        )  # fmt: skip
    for row in rows.filter(state=CampaignState.RUNNING, until_on__lt=viewer.today)[:MOST]:
        yield _row(row, _("Its last day is past, end it: %(title)s"), row.until_on, OPEN)


@today.source
def reports_to_issue(viewer: Viewer) -> Iterable[today.TodayRow]:
    """For the viewer's own offices under which anything was found: the report of last month, until it is issued."""
    if not viewer.may_anywhere(REPORT):
        return
    month = month_after(viewer.today, -1)
    offices = own_units(viewer).filter(kind__in=OFFICES)
    for org in offices.exclude(pk__in=Report.objects.filter(month=month).values("org"))[:MOST]:
        if Finding.objects.visible_to(viewer).under(org.path).filter(day__lt=month_after(month, 1)).exists():
            yield today.TodayRow(
                what=_("The monthly report of %(month)s is written: look through it and issue it") % {"month": f"{month:%Y-%m}"},
                where=org.name, until=None, button=_("Look"), icon="report",
                url=f"{reverse('inspections:report-draft')}?under={org.path}&month={month:%Y-%m}",
            )  # fmt: skip


@today.source
def visits_to_carry_out(viewer: Viewer) -> Iterable[today.TodayRow]:
    """Visits that one inspects, and self-checks that are not signed yet."""
    due = [one for one in next_visits(viewer) if one.planned_on is None or one.planned_on <= viewer.today]
    for row in due[:MOST]:
        yield today.TodayRow(
            what=_("Go on with the visit") if row.number else _("Begin the visit"), where=row.org.name,
            until=row.planned_on, url=reverse("inspections:visits-sheet", args=[row.public_id]),
            button=OPEN, icon="clipboard-check",
        )  # fmt: skip


def _row(row: Campaign, words: object, until: object, button: object) -> today.TodayRow:
    return today.TodayRow(
        what=str(words) % {"title": row.title}, where=row.org.name, until=until, icon="clipboard-search",  # type: ignore[arg-type]
        url=reverse("inspections:campaigns-detail", args=[row.public_id]), button=str(button),
    )  # fmt: skip
