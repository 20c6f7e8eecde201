"""Issuing the monthly report, and answering a hint."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OFFICES, Kind, OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.boards import may_see_rates
from houqin.flows.seals.chaining import hold
from houqin.modules.inspections.models import Flag, Report
from houqin.modules.inspections.queries.reporting import content_of

titled(
    {
        "inspections.report_issued": _("Monthly report issued"),
        "inspections.flag_dismissed": _("Hint looked at"),
    }
)


@verb
def issue_report(org: OrgUnit, *, by: Viewer, month: date, remark: str = "") -> Report:
    """Issue the report of a month as it reads now, with a remark. It is kept so; issued again, it is a further version."""
    require(by, "inspections.report", at=org)
    if org.kind not in OFFICES and org.kind != Kind.SCHOOL:
        raise Refused(_("A report is issued by an office or a school."), field="org")
    if org.kind not in OFFICES and not may_see_rates(by, org):
        raise Refused(
            _("Figures of one school are for the school itself and the office directly above it. Ask that office."),
            field="org",
        )
    first = month.replace(day=1)
    if first > by.today:
        raise Refused(_("This month has not begun."), field="month")
    hold(org)
    earlier = Report.objects.filter(org=org, month=first).count()
    row: Report = Report.objects.create(
        org=org, month=first, version=earlier + 1, content=content_of(org, first, by), remark=remark.strip(),
        issued_at=by.now, account_id=by.account_id,
    )  # fmt: skip
    record("inspections.report_issued", row, by=by, org=org, month=f"{first:%Y-%m}", version=row.version)
    return row


@verb
def dismiss_flag(flag: Flag, *, by: Viewer, reason: str) -> Flag:
    """Say what came of looking at a hint; it is not shown again. One about oneself does not exist for oneself."""
    row = Flag.objects.visible_to(by).select_for_update(of=("self",)).select_related("org").filter(pk=flag.pk).first()
    if row is None:
        raise NotVisible
    require(by, "inspections.plan", at=row.org)
    if row.dismissed_at is not None:
        raise Refused(_("Somebody has looked at this already."))
    if not reason.strip():
        raise Refused(_("Write what came of it."), field="reason")
    row.dismissed_at, row.dismissed_by_id, row.reason = by.now, by.account_id, reason.strip()[:300]
    row.save(update_fields=["dismissed_at", "dismissed_by", "reason"])
    record("inspections.flag_dismissed", row, by=by, org=row.org, kind=row.kind, reason=row.reason)
    kept: Flag = row
    return kept
