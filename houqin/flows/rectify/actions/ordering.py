"""Who puts a finding right, until when, how, and more time where it is asked for with a reason."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.people.posts import post_kinds
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.reminding_readers import settings_of
from houqin.flows.rectify.actions.opening import allowed_until, locked, set_going
from houqin.flows.rectify.actions.settling import answer_causes
from houqin.flows.rectify.actions.sides import acts_as_office, is_weighty
from houqin.flows.rectify.actions.telling import tell_answered, tell_supervised
from houqin.flows.rectify.days import is_working
from houqin.flows.rectify.models import Extension, Finding, FindingState, Plan, Severity
from houqin.flows.rectify.policies import FIVE_FROM, ORDER_DAYS
from houqin.flows.rectify.rules import working_days_late

MANY = 1_000
"""So many are ordered in one run of the job; the next run orders the rest."""
titled(
    {
        "rectify.ordered": _("Ordered to be put right"),
        "rectify.planned": _("Plan written"),
        "rectify.more_time_asked": _("More time asked for"),
        "rectify.more_time_answered": _("More time answered"),
        "rectify.supervised": _("Put under supervision"),
    }
)


@verb
def order_rectification(
    finding: Finding,
    *,
    by: Viewer,
    post: str,
    until: date,
    severity: int | None = None,
    person: Person | None = None,
    reason: str = "",
) -> Finding:
    """Say who answers for putting it right and by which day. Ordered again, the new order holds. It may weigh it anew.

    Once ordered, only the unit that looks again gives a later day, with a ``reason``, or weighs it lighter: others ask for
    more time. What is late already an office alone puts off. A first order keeps to the days that local rules allow.
    """
    row = locked(finding)
    require(by, "rectify.order", at=row.org)
    if row.state not in {FindingState.FOUND, FindingState.ORDERED}:
        raise Refused(_("This finding is settled already: %(state)s.") % {"state": row.get_state_display()})
    if post not in post_kinds(by.today):
        raise Refused(_("The catalogue knows no such kind of post. Choose one from the list."), field="post")
    if until < by.today and until != row.due_on:
        raise Refused(_("This day has passed. Choose a later one."), field="until")
    weighed = Severity(severity or row.severity)
    was = {"severity_before": int(row.severity), "on_before": row.due_on}
    _keep_order(row, by, until, weighed, reason)
    _keep_weight(row, by, weighed)
    row.extended += row.due_on is not None and until > row.due_on
    row.post, row.person, row.severity = post, person, weighed
    _keep_days(row, by, until)
    set_going(row, by.today, until)
    row.save(update_fields=["post", "person", "severity", "state", "due_on", "check_org", "extended"])
    record(
        "rectify.ordered", row, by=by, org=row.org, post=post, on=until, severity=int(weighed), reason=reason.strip(), **was
    )  # fmt: skip
    return row


@verb
def order_waiting(*, by: Viewer) -> int:
    """Order what nobody ordered in time, by the day that local rules set; how many. From then on it can be overdue and climbs."""
    if not by.is_system:
        raise Refused(_("What waits too long is ordered by itself."))
    rows = Finding.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=FindingState.FOUND, day__lt=by.today
    )
    waiting = list(rows.select_related("org", "found_org", "check_org").order_by("day", "pk")[:MANY])
    allowed = settings_of((ORDER_DAYS,), {row.org_id for row in waiting})
    ready = [
        row
        for row in waiting
        if working_days_late(row.day, by.today, is_working) >= int(allowed[row.org_id][ORDER_DAYS])
    ]
    for row in ready:
        set_going(row, by.today)
        row.save(update_fields=["state", "due_on", "check_org"])
        record("rectify.ordered", row, by=by, org=row.org, post=row.post, on=row.due_on)
    return len(ready)


def _keep_weight(row: Finding, by: Viewer, weighed: Severity) -> None:
    """What an office looks at again an office alone weighs lighter, also before it is ordered."""
    weighty = row.severity >= Severity.SERIOUS or is_weighty(row)
    if weighed < row.severity and weighty and not acts_as_office(by, "rectify.order", row.org):
        raise Refused(_("An office above looks again at this, and it alone weighs it lighter."), field="severity")


def _keep_days(row: Finding, by: Viewer, until: date) -> None:
    """Ordered for the first time it gets no later day than local rules allow as it is weighed now, unless an office orders it."""
    if row.state != FindingState.FOUND or acts_as_office(by, "rectify.order", row.org):
        return
    last = allowed_until(row, by.today)
    if until > last:
        raise Refused(
            _("Local rules ask that it is put right by %(day)s. Choose that day or an earlier one.") % {"day": last},
            field="until",
        )


def _keep_order(row: Finding, by: Viewer, until: date, weighed: Severity, reason: str) -> None:
    """What was ordered is not eased by whom it binds."""
    if row.due_on is None:
        return
    unit = row.check_org or row.org
    theirs = by.may("rectify.recheck", unit.path)
    if weighed < row.severity and not theirs:
        raise Refused(_("%(unit)s looks again at this and weighs it.") % {"unit": unit}, field="severity")
    if until <= row.due_on:
        return
    if not theirs:
        raise Refused(
            _("It is to be put right by %(day)s. Ask %(unit)s for more time.") % {"day": row.due_on, "unit": unit},
            field="until",
        )
    _stop_if_late(row, by, field="until")
    if not reason.strip():
        raise Refused(_("Write the reason for the later day."), field="reason")


def _stop_if_late(row: Finding, by: Viewer, *, field: str | None = None) -> None:
    """What is past its day, or was told higher, the school does not put off itself: it asks, and an office grants it."""
    is_late = row.climbed > 0 or (row.due_on is not None and row.due_on < by.today)
    if is_late and not acts_as_office(by, "rectify.recheck", row.org):
        raise Refused(_("It is late already. Ask for more time: the office above answers."), field=field)


@dataclass(frozen=True)
class Five:
    """五落实 apart from who answers and until when: what is done, with what money from where, and what if it goes wrong."""

    measures: str
    funds_fen: int | None = None
    funds_from: str = ""
    contingency: str = ""

    def lacks(self) -> str:
        """The first part that is empty, as a field; no money needed is an answer, too."""
        if not self.measures.strip():
            return "measures"
        if self.funds_fen is None or (self.funds_fen and not self.funds_from.strip()):
            return "funds_fen" if self.funds_fen is None else "funds_from"
        return "" if self.contingency.strip() else "contingency"


@verb
def plan_rectification(
    finding: Finding, *, by: Viewer, post: str, five: Five, finish: date, person: Person | None = None
) -> Plan:
    """Write how it is put right. From a severity on, which local rules set, none of the five parts may be empty."""
    row = locked(finding)
    require(by, "rectify.fix", at=row.org)
    if row.state != FindingState.ORDERED or row.due_on is None:
        raise Refused(_("A plan is written for what is ordered and not yet put right."))
    if finish > row.due_on:
        raise Refused(
            _("It is to be put right by %(day)s. Plan for that day, or ask for more time.") % {"day": row.due_on},
            field="finish",
        )
    lacking = five.lacks() if asks_for_five(row) else ("" if five.measures.strip() else "measures")
    if lacking:
        raise Refused(
            _("A finding of this severity needs all five: who, what, money, until when, and what if it goes wrong."),
            field=lacking,
        )
    made = Plan.objects.create(
        finding=row, post=post, person=person, finish_on=finish, set_at=by.now, account_id=by.account_id, **asdict(five)
    )
    row.post, row.person = post, person
    row.save(update_fields=["post", "person"])
    answer_causes(row, by, five.measures)
    record("rectify.planned", row, by=by, org=row.org, on=finish)
    return made


def asks_for_five(row: Finding) -> bool:
    """Whether local rules ask for all five parts of a plan at this severity."""
    return row.severity >= int(value_of(FIVE_FROM, row.org))


@verb
def ask_for_time(finding: Finding, *, by: Viewer, until: date, reason: str) -> Extension:
    """Ask whoever looks again for more time, with a reason."""
    row = locked(finding)
    require(by, "rectify.fix", at=row.org)
    if row.state != FindingState.ORDERED or row.due_on is None:
        raise Refused(_("More time is asked for what is ordered and not yet put right."))
    if until <= row.due_on:
        raise Refused(_("It is due on %(day)s anyway. Ask for a later day.") % {"day": row.due_on}, field="until")
    if row.extensions.filter(granted__isnull=True).exists():
        raise Refused(_("More time is asked for already. Wait for the answer."))
    if not reason.strip():
        raise Refused(_("Write the reason."), field="reason")
    made = Extension.objects.create(
        finding=row, before=row.due_on, until=until, reason=reason[:200], asked_at=by.now, account_id=by.account_id
    )
    record("rectify.more_time_asked", row, by=by, org=row.org, on=until, reason=reason)
    return made


@verb
def answer_for_time(finding: Finding, *, by: Viewer, grant: bool, answer: str) -> Extension:
    """Grant or refuse the time that was asked for, while it waits to be put right; who asked does not answer, and is told."""
    row = locked(finding)
    require(by, "rectify.recheck", at=row.org)
    unit = row.check_org or row.org
    if not by.may("rectify.recheck", unit.path):
        raise Refused(_("%(unit)s answers this. Wait for their answer.") % {"unit": unit})
    asked: Extension | None = (
        row.extensions.select_for_update(of=("self",)).select_related("account").filter(granted__isnull=True).first()
    )
    if asked is None:
        raise Refused(_("No more time is asked for."))
    if asked.account_id == by.account_id:
        raise Refused(_("You asked for this yourself. Somebody else answers."))
    if row.state != FindingState.ORDERED or row.due_on is None:
        raise Refused(_("More time is given for what is ordered and not yet put right."))
    if not grant and not answer.strip():
        raise Refused(_("Write why not."), field="answer")
    if grant and asked.until <= row.due_on:
        raise Refused(
            _("It is due on %(day)s anyway, no earlier than was asked for.") % {"day": row.due_on}, field="grant"
        )
    if grant:
        _stop_if_late(row, by)
    asked.granted, asked.answer, asked.decided_at, asked.decided_by_id = grant, answer[:200], by.now, by.account_id
    asked.save(update_fields=["granted", "answer", "decided_at", "decided_by"])
    if grant:
        row.due_on, row.climbed = asked.until, 0
        row.extended += 1
        row.save(update_fields=["due_on", "climbed", "extended"])
    record("rectify.more_time_answered", row, by=by, org=row.org, granted=grant, on=asked.until)
    tell_answered(row, asked, by)
    return asked


@verb
def supervise(finding: Finding, *, by: Viewer, unit: OrgUnit, reason: str) -> Finding:
    """挂牌督办: an office takes a serious hazard under its own eyes; it looks again itself, until it is closed.

    An office does not take it out of the hands of a higher one. The heads of the school are told.
    """
    row = locked(finding)
    require(by, "rectify.supervise", at=unit)
    if not row.is_open:
        raise Refused(_("This finding is settled already: %(state)s.") % {"state": row.get_state_display()})
    if row.severity < Severity.SERIOUS and not row.red_line:
        raise Refused(_("Only serious hazards and red lines are put under supervision."))
    if not row.org.path.startswith(unit.path) or unit.pk == row.org_id:
        raise Refused(_("An office above the school supervises."), field="unit")
    higher = row.supervised_by
    if higher is not None and higher.pk != unit.pk and unit.path.startswith(higher.path):
        raise Refused(_("%(unit)s supervises this already.") % {"unit": higher}, field="unit")
    if not reason.strip():
        raise Refused(_("Write the reason."), field="reason")
    row.supervised_by = row.check_org = unit
    if row.state == FindingState.FOUND:
        set_going(row, by.today, check_org=unit)
    row.save(update_fields=["supervised_by", "check_org", "state", "due_on"])
    record("rectify.supervised", row, by=by, org=row.org, unit=unit.name, reason=reason)
    tell_supervised(row, by, reason.strip())
    return row
