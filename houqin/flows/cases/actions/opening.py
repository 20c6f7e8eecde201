"""Opening a case."""

from datetime import datetime

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.policies.registry import all_policies, standing
from houqin.core.policies.rules import Kind
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.catalogue import CaseKind
from houqin.flows.cases.kinds import kind_of, manner_of
from houqin.flows.cases.models import Case, Member, MemberRole, Step
from houqin.flows.cases.rules import due_at, numbered
from houqin.flows.rectify.days import is_working
from houqin.flows.rectify.models import Finding
from houqin.flows.seals.chaining import hold

OPENED = "cases.opened"
titled({OPENED: _("Case opened")})


@verb
def open_case(
    org: OrgUnit,
    *,
    by: Viewer,
    kind: str,
    title: str,
    detail: str = "",
    finding: Finding | None = None,
    person: Person | None = None,
    lead: OrgUnit | None = None,
    drill: bool = False,
    key: str = "",
) -> Case:
    """Open a case of a kind where it happened, with all its steps; ``lead`` leads it (that unit, unless named).

    The same ``key`` again gives the case that it opened. Whoever opens it leads it, until it is handed over.
    """
    if not by.is_system:
        require(by, manner_of(kind).opens, at=org)
    asked = kind_of(kind, by.today)
    if drill and not asked.drills:
        raise Refused(_("This is not drilled."))
    leading = lead or org
    if not org.path.startswith(leading.path):
        raise Refused(_("The unit itself or an office above leads it."), field="lead")
    if not by.is_system:
        require(by, manner_of(kind).opens, at=leading)
    if finding is not None and not finding.org.path.startswith(org.path):
        raise NotVisible
    if person is not None and by.person_id == person.pk:
        raise Refused(_("This is about yourself. Somebody else opens it."), field="person")
    hold(org)
    known: Case | None = Case.objects.filter(org=org, kind=kind, key=key).first() if key else None
    if known is not None:
        return known
    before = Case.objects.filter(org=org, day=by.today, number__startswith=f"{asked.prefix}-").count()
    case = Case.objects.create(
        kind=kind, kind_zh=asked.title_zh, kind_en=asked.title_en, number=numbered(asked.prefix, by.today, before),
        org=org, lead=leading, day=by.today, title=title[:200], detail=detail, opened_at=by.moment,
        opened_by_id=by.account_id, key=key, finding=finding, person=person, restricted=asked.restricted, drill=drill,
    )  # fmt: skip
    _lay_out(case, asked)
    if by.account_id is not None:
        Member.objects.create(case=case, account_id=by.account_id, role=MemberRole.LEADS, since_at=by.now)
    record(OPENED, case, by=by, org=case.trail_org, kind=kind, drill=drill)
    emit(OPENED, by=by, org=case.trail_org, subject=case, kind=kind, drill=drill)
    return case


def _lay_out(case: Case, asked: CaseKind) -> None:
    """Every step of the kind, with the time that local rules give it."""
    codes = {step.policy for step in asked.steps if step.policy}
    held = standing(codes, [case.org])[case.org_id] if codes else {}
    made = []
    for position, step in enumerate(asked.steps, 1):
        allowed, in_days = step.minutes or step.days, step.days is not None
        if step.policy:
            allowed, in_days = int(held[step.policy].value), all_policies()[step.policy].kind != Kind.MINUTES
        row = Step(
            case=case, code=step.code, position=position, title_zh=step.title_zh, title_en=step.title_en,
            asks_zh=step.asks_zh, asks_en=step.asks_en, post=step.post, after=step.after, allowed=allowed,
            in_days=in_days, asks_note=step.note, asks_photo=step.photo, by_deed=step.deed,
        )  # fmt: skip
        if not step.after:
            set_due(row, case.opened_at)
        made.append(row)
    Step.objects.bulk_create(made)


def set_due(step: Step, start: datetime) -> None:
    """When the step is due, in memory, from when its time begins."""
    if step.allowed is not None:
        zone = get_default_timezone()
        step.due_at = due_at(start, step.allowed, in_days=step.in_days, is_working=is_working, zone=zone)
