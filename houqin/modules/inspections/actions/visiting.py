"""A visit from its plan to its beginning, and calling it off."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Reach, Viewer, covers
from houqin.flows.seals.chaining import hold
from houqin.modules.inspections.asked import held_on
from houqin.modules.inspections.candidates import conflicting
from houqin.modules.inspections.lists import lists_on
from houqin.modules.inspections.models import Campaign, CampaignKind, Draw, Visit, VisitInspector, VisitState

titled(
    {
        "inspections.planned": _("Visit planned"),
        "inspections.departed": _("Set out for the visit"),
        "inspections.begun": _("Visit begun"),
        "inspections.called_off": _("Visit called off"),
    }
)
ON_THE_VISIT = frozenset({"inspections.view", "inspections.visit", "rectify.find", "rectify.recheck"})
"""What whoever inspects may do at the school of the visit, wherever they work (cross-checks)."""


@verb
def plan_visit(
    org: OrgUnit,
    *,
    by: Viewer,
    office: OrgUnit,
    kind: str,
    lists: Sequence[str],
    planned_on: date | None = None,
    inspectors: Sequence[Account] = (),
    campaign: Campaign | None = None,
    draw: Draw | None = None,
    unannounced: bool = False,
) -> Visit:
    """Plan that a unit inspects a school, or a school itself. Of the inspectors the first leads."""
    if kind == CampaignKind.SELF and campaign is None:
        require(by, "inspections.self_check", at=org)
    else:
        planner = campaign.org if campaign else office
        require(by, "inspections.plan", at=planner)
        if not covers(planner.path, org.path):
            raise NotVisible
    kept_off = conflicting(inspectors, org, by.today) if inspectors else []
    if kept_off:
        told = _("%(name)s does not inspect %(school)s: they work there or stay off it. Choose somebody else.")
        raise Refused(told % {"name": kept_off[0], "school": org}, field="inspectors")
    known = lists_on(planned_on or by.today)
    if not lists or any(code not in known for code in lists):
        raise Refused(_("Choose at least one checklist that is in force."), field="lists")
    if unannounced and not inspectors:
        raise Refused(_("An unannounced visit needs its inspectors: they alone learn the school."), field="inspectors")
    row = Visit.objects.create(
        org=org, campaign=campaign, draw=draw, office=office, kind=kind, unannounced=unannounced, planned_on=planned_on,
        lists=[{"code": code, "version": known[code].version} for code in lists], account_id=by.account_id,
    )  # fmt: skip
    VisitInspector.objects.bulk_create(
        VisitInspector(visit=row, account=account, leads=number == 0) for number, account in enumerate(inspectors)
    )
    record("inspections.planned", row, by=by, org=told_at(row))
    return row


@verb
def depart(visit: Visit, *, by: Viewer) -> Visit:
    """An inspector sets out: from now on the inspectors of an unannounced visit see where they go."""
    row = locked(visit, by)
    if not row.inspectors.filter(account=by.account_id).exists():
        raise Refused(_("You are not among the inspectors of this visit."))
    if row.state != VisitState.PLANNED:
        raise Refused(_("This visit is not waiting to begin: %(state)s.") % {"state": row.get_state_display()})
    if row.planned_on and row.planned_on > by.today:
        raise Refused(_("The visit is planned for %(day)s. Set out on that day.") % {"day": row.planned_on})
    row.state = VisitState.DEPARTED
    row.save(update_fields=["state"])
    record("inspections.departed", row, by=by, org=told_at(row))
    return row


@verb
def begin_visit(
    visit: Visit, *, by: Viewer, at: datetime | None = None, versions: Mapping[str, int] | None = None
) -> Visit:
    """Begin at the school: the number is given now, and the checklists are held in these versions (else today's).

    Of two inspectors the first begins; for the other it is under way.
    """
    hold(visit.org)
    row = locked(visit, by)
    inspecting(row, by)
    _may_inspect(row, by)
    if row.state == VisitState.UNDERWAY:
        return row
    if row.state == VisitState.PLANNED and row.unannounced:
        raise Refused(_("Set out first: then this visit may begin."))
    if row.state not in {VisitState.PLANNED, VisitState.DEPARTED}:
        raise Refused(_("This visit is not waiting to begin: %(state)s.") % {"state": row.get_state_display()})
    row.began_at = min(at or by.moment, by.now)
    row.day = localtime(row.began_at).date()
    row.lists = held_on(row, row.day, versions)
    if not row.lists:
        raise Refused(_("None of the checklists of this visit is in force any more. Plan it anew."))
    before = Visit.objects.filter(org=row.org, day=row.day).exclude(number="").count()
    row.number = f"JC-{row.day:%Y%m%d}-{before + 1:04d}"
    row.state = VisitState.UNDERWAY
    row.save(update_fields=["state", "began_at", "day", "lists", "number"])
    record("inspections.begun", row, by=by, org=row.org, lists=row.lists)
    return row


@verb
def call_off_visit(visit: Visit, *, by: Viewer, reason: str) -> Visit:
    """Call it off before it is signed. What was answered stays on record; one that never began stays as secret as it was."""
    row = locked(visit, by)
    if row.kind == CampaignKind.SELF and row.campaign is None:
        require(by, "inspections.self_check", at=row.org)
    else:
        require(by, "inspections.plan", at=row.campaign.org if row.campaign else row.office)
    if row.state in {VisitState.SIGNED, VisitState.VOID}:
        raise Refused(_("This is settled already: %(state)s.") % {"state": row.get_state_display()})
    if not reason.strip():
        raise Refused(_("Write why."), field="reason")
    row.state = VisitState.VOID
    row.save(update_fields=["state"])
    record("inspections.called_off", row, by=by, org=told_at(row), reason=reason)
    return row


def told_at(row: Visit) -> OrgUnit:
    """Whose trail tells of it: an unannounced visit is not told at the school before it has begun."""
    if not row.unannounced or row.began_at:
        return row.org
    return row.campaign.org if row.campaign else row.office


def inspecting(row: Visit, by: Viewer) -> Viewer:
    """Who acts, with what an inspector may do at the school of this visit; stops whoever does not inspect here."""
    if row.kind == CampaignKind.SELF:
        require(by, "inspections.self_check", at=row.org)
        return by
    named = set(row.inspectors.values_list("account_id", flat=True))
    if by.account_id in named:
        return by.with_reach(Reach("inspector", row.org_id, row.org.path, ON_THE_VISIT))
    require(by, "inspections.visit", at=row.org)
    if named:
        raise Refused(_("You are not among the inspectors of this visit."))
    return by


def _may_inspect(row: Visit, by: Viewer) -> None:
    """Stop whoever works at the school of this visit or stays off it; a school's own check is its own."""
    if row.kind == CampaignKind.SELF or by.account_id is None:
        return
    if conflicting(list(Account.objects.filter(pk=by.account_id)), row.org, by.today):
        told = _("You do not inspect %(school)s: you work there or stay off it. Somebody else makes this visit.")
        raise Refused(told % {"school": row.org})


def locked(visit: Visit, by: Viewer) -> Visit:
    """The visit as it stands, held until the verb is over; it does not exist for those from whom it is a secret."""
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    known = Q(pk__in=Visit.objects.visible_to(by).values("pk"))
    if by.account_id is not None:
        known |= Q(pk__in=Visit.objects.to_depart(by).values("pk"))
    row: Visit | None = (
        Visit.objects.select_related("org", "office", "campaign__org").filter(known, pk=visit.pk).first()
    )
    if row is None:
        raise NotVisible
    return row
