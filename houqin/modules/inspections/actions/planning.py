"""Planning a campaign, saying which schools it goes to, starting and ending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.grants.viewers import accounts_holding
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.days import is_working
from houqin.modules.inspections.actions.visiting import call_off_visit, plan_visit
from houqin.modules.inspections.candidates import is_conflict, schools_for, workplaces
from houqin.modules.inspections.drawing import FEWEST
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.lots import spread
from houqin.modules.inspections.models import (
    Campaign,
    CampaignKind,
    CampaignState,
    Inspector,
    Visit,
    VisitState,
)

titled(
    {
        "inspections.campaign_planned": _("Inspection campaign planned"),
        "inspections.campaign_changed": _("Inspection campaign changed"),
        "inspections.let_in": _("Let in on an unannounced inspection"),
        "inspections.started": _("Inspection campaign started"),
        "inspections.named": _("Schools chosen for a campaign"),
        "inspections.ended": _("Inspection campaign ended"),
    }
)
PLAN = "inspections.plan"


@dataclass(frozen=True)
class Brief:
    """What a campaign is about. ``checklists`` are codes of the catalogue, ``partners`` the departments that come along."""

    kind: str
    title: str
    checklists: Sequence[str]
    from_on: date
    until_on: date
    basis: str = ""
    partners: str = ""


@verb
def plan_campaign(org: OrgUnit, *, by: Viewer, brief: Brief) -> Campaign:
    """Write down a campaign of an office over its schools. Nothing happens before it is started."""
    require(by, PLAN, at=org)
    if org.kind not in OFFICES:
        raise Refused(_("An office plans campaigns. A school checks itself on the page Self-check."), field="org")
    row = Campaign(org=org, set_at=by.now, account_id=by.account_id)
    _take(row, brief)
    row.save()
    record("inspections.campaign_planned", row, by=by, org=org, kind=brief.kind)
    return row


@verb
def change_campaign(campaign: Campaign, *, by: Viewer, brief: Brief) -> Campaign:
    """Change a campaign before it is started."""
    row = held(campaign, by)
    if row.state != CampaignState.DRAFT:
        raise Refused(_("It has been started: what was planned stays. End it and plan another."))
    before = _take(row, brief)
    row.save()
    record("inspections.campaign_changed", row, by=by, org=row.org, before=before)
    return row


@verb
def let_in(campaign: Campaign, *, by: Viewer, account: Account) -> Campaign:
    """Let a colleague in on an unannounced campaign: from now on they see and plan it too. Nobody else does."""
    row = held(campaign, by)
    if row.kind != CampaignKind.UNANNOUNCED or row.state == CampaignState.ENDED:
        raise Refused(_("Only an unannounced campaign that has not ended is kept from colleagues."))
    if not accounts_holding(PLAN, org=row.org).filter(pk=account.pk).exists():
        raise Refused(
            _("%(name)s does not plan inspections at %(unit)s.") % {"name": account, "unit": row.org}, field="account"
        )
    row.insiders.add(account)
    record("inspections.let_in", row, by=by, org=row.org, account=account)
    return row


@verb
def start_campaign(campaign: Campaign, *, by: Viewer) -> Campaign:
    """Start it: from now on schools are drawn or chosen, and inspected."""
    row = held(campaign, by)
    if row.state != CampaignState.DRAFT:
        raise Refused(_("It has been started already."))
    if row.until_on < by.today:
        raise Refused(_("Its last day is past. Change the days first."))
    row.state = CampaignState.RUNNING
    row.save(update_fields=["state"])
    record("inspections.started", row, by=by, org=row.org)
    return row


@verb
def name_schools(
    campaign: Campaign, *, by: Viewer, schools: Sequence[OrgUnit], inspectors: Sequence[Inspector] = ()
) -> list[Visit]:
    """Choose schools by name, with the same inspectors, the first of whom leads. Self-checks need none: schools check themselves.

    The days are spread evenly over what is left of the campaign.
    """
    row = running(campaign, by)
    if row.kind == CampaignKind.CROSS:
        raise Refused(_("Who inspects whom in cross-checks is drawn. Commit a draw."))
    fitting = {one.pk for one in schools_for(row, by.today)}
    wrong = next((one for one in schools if one.pk not in fitting), None)
    if not schools or wrong is not None:
        told = _("%(school)s cannot be chosen: it has a visit in this campaign already, or is not one of its schools.")
        raise Refused(told % {"school": wrong} if wrong else _("Choose at least one school."), field="schools")
    alone = row.kind == CampaignKind.SELF
    _check_inspectors(row, schools, () if alone else inspectors, by)
    accounts = [] if alone else [one.account for one in inspectors]
    days = visit_days(row, len(schools), by.today)
    made = [
        plan_visit(
            school, by=by, office=school if alone else row.org, kind=row.kind, lists=row.checklists, planned_on=day,
            inspectors=accounts, campaign=row, unannounced=row.kind == CampaignKind.UNANNOUNCED,
        )
        for school, day in zip(sorted(schools, key=lambda one: one.path), days, strict=True)
    ]  # fmt: skip
    record("inspections.named", row, by=by, org=row.org, count=len(made))
    return made


def _check_inspectors(row: Campaign, schools: Sequence[OrgUnit], inspectors: Sequence[Inspector], by: Viewer) -> None:
    """At least two, of this office, and none where they work or a school that they stay off."""
    if row.kind == CampaignKind.SELF:
        return
    if len({one.account_id for one in inspectors}) < FEWEST:
        raise Refused(_("At least two inspect a school together. Choose one more."), field="inspectors")
    at_work = workplaces(inspectors, by.today)
    for one in inspectors:
        if one.org_id != row.org_id or one.ended_on is not None:
            raise Refused(
                _("%(name)s does not inspect for %(unit)s.") % {"name": one, "unit": row.org}, field="inspectors"
            )
        off = [unit.path for unit in one.stays_off.all()]
        for school in schools:
            if is_conflict(school, at_work[one.account_id], off):
                told = _("%(name)s does not inspect %(school)s: they work there or stay off it. Choose somebody else.")
                raise Refused(told % {"name": one, "school": school}, field="inspectors")


@verb
def end_campaign(campaign: Campaign, *, by: Viewer, reason: str = "") -> Campaign:
    """End it. Visits that have not begun are called off; what was unannounced is no secret any more."""
    row = held(campaign, by)
    if row.state == CampaignState.ENDED:
        raise Refused(_("It has ended already."))
    if row.visits.filter(state=VisitState.UNDERWAY).exists():
        raise Refused(_("Visits are under way. They are signed or called off first."))
    if row.draws.filter(drawn_at__isnull=True).exists():
        raise Refused(_("A draw is committed. Draw it first: what was committed is shown in the end."))
    left = list(row.visits.filter(state__in=[VisitState.PLANNED, VisitState.DEPARTED]).order_by("pk"))
    if left and not reason.strip():
        raise Refused(
            _("%(count)s visits have not begun. Write why they are called off.") % {"count": len(left)}, field="reason"
        )
    for visit in left:
        call_off_visit(visit, by=by, reason=reason)
    row.state, row.ended_at = CampaignState.ENDED, by.now
    row.save(update_fields=["state", "ended_at"])
    record("inspections.ended", row, by=by, org=row.org, called_off=len(left), reason=reason)
    return row


def visit_days(row: Campaign, count: int, today: date) -> list[date]:
    """The days of so many visits: spread over the working days that the campaign still has."""
    first = min(max(row.from_on, today), row.until_on)
    return spread(first, row.until_on, count, is_working)


def held(campaign: Campaign, by: Viewer) -> Campaign:
    """The campaign as it stands, held until the verb is over; a 404 for those who must not know of it."""
    Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign.pk).first()
    row: Campaign = Campaign.objects.select_related("org").get_visible(by, pk=campaign.pk)
    require(by, PLAN, at=row.org)
    return row


def running(campaign: Campaign, by: Viewer) -> Campaign:
    """The same, while it runs."""
    row = held(campaign, by)
    if row.state != CampaignState.RUNNING:
        raise Refused(
            _("Start the campaign first.") if row.state == CampaignState.DRAFT else _("The campaign has ended.")
        )
    return row


def _take(row: Campaign, brief: Brief) -> dict[str, object]:
    """Check what was written and put it into the row; gives what stood there before."""
    if brief.until_on < brief.from_on:
        raise Refused(_("It ends before it begins."), field="until_on")
    if not brief.title.strip():
        raise Refused(_("Give it a name."), field="title")
    known = lists_on(brief.from_on)
    if not brief.checklists or any(code not in known for code in brief.checklists):
        raise Refused(_("Choose at least one checklist that is in force."), field="checklists")
    if brief.kind not in CampaignKind.values:
        raise Refused(_("Choose what kind of inspection it is."), field="kind")
    if brief.kind == CampaignKind.JOINT and not brief.partners.strip():
        raise Refused(_("Write with which departments."), field="partners")
    before = {name: getattr(row, name) for name in ("kind", "title", "from_on", "until_on")}
    row.kind, row.title, row.checklists = brief.kind, brief.title.strip()[:120], list(brief.checklists)
    row.from_on, row.until_on = brief.from_on, brief.until_on
    row.basis, row.partners = brief.basis[:300], brief.partners[:200]
    return before
