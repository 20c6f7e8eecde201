"""责任追究: investigation, proposal, notice, the right to be heard, decision. A human decides; lateness alone never convicts."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.acting import own_unit
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account, Person
from houqin.core.people.posts import post_kinds
from houqin.core.policies.registry import value_of
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.opening import open_case
from houqin.flows.cases.actions.working import complete_step, locked, log, require_hands, require_open
from houqin.flows.cases.kinds import Manner, behaves
from houqin.flows.cases.models import Accountability, AccountCause, Case, Heard, Measure
from houqin.flows.cases.policies import HEAR_DAYS
from houqin.flows.cases.rules import exceeds
from houqin.flows.rectify.days import is_working
from houqin.flows.rectify.models import Finding
from houqin.flows.rectify.rules import due_day

KIND = "accountability"
HOLDS = "cases.hold_to_account"
CARRIED_OUT = frozenset({"deliver", "execute", "archive"})
"""The steps by which measures that were decided become real."""
ELSEWHERE = frozenset({Measure.DISCIPLINE.value, Measure.POLICE.value})
"""Measures that hand the case over."""


def _lacks(case: Case, outcome: str) -> StrOrPromise:
    """A case ends as it was decided, never against the decision."""
    measures = _decided(case)
    if outcome == "decided" and not measures:
        return _("No measure was decided. Close it as nobody held to account.")
    if outcome == "unfounded" and measures:
        return _("Measures were decided: %(measures)s. Carry them out and close it as decided.") % _named(measures)
    if outcome == "moved" and measures and not ELSEWHERE & measures:
        return _("The decision does not hand it over: %(measures)s. Carry it out and close it as decided.") % _named(
            measures
        )
    if outcome == "moved" and measures - ELSEWHERE:
        undone = case.steps.filter(code__in=["deliver", "execute"], done_at__isnull=True).first()
        if undone is not None:
            return _("Not done yet: %(step)s. Do it, or say why it does not apply.") % {"step": undone.title}
    return ""


def _keeps(case: Case, step: str) -> StrOrPromise:
    """What was decided is handed over, carried out and filed."""
    if step in CARRIED_OUT and _decided(case):
        return _("Measures were decided, so this step is done and not left out.")
    return ""


def _decided(case: Case) -> frozenset[str]:
    """The measures that were decided; none, too, while nothing is decided."""
    row = Accountability.objects.filter(case=case, decided_at__isnull=False).first()
    return frozenset(row.decided if row is not None else ())


def _named(measures: Collection[str]) -> dict[str, str]:
    return {"measures": "、".join(str(one.label) for one in Measure if one in measures)}


behaves(KIND, Manner(HOLDS, lacks=_lacks, keeps=_keeps))
titled(
    {
        "cases.investigated": _("Investigation written"),
        "cases.proposed": _("Decision proposed"),
        "cases.told": _("The person was told what is proposed"),
        "cases.heard": _("The person was heard"),
        "cases.decided": _("Decided"),
    }
)


@dataclass(frozen=True)
class Sentence:
    """Which measures, the compensation in fen where there is one, and why."""

    measures: Collection[str]
    why: str
    fen: int = 0

    def checked(self) -> "Sentence":
        """The same with known measures in their order; refused where it is not whole."""
        known = [measure.value for measure in Measure if measure in self.measures]
        if len(known) != len(set(self.measures)):
            raise Refused(_("Choose measures from the list."), field="measures")
        if not self.why.strip():
            raise Refused(_("Write the reasons and the basis."), field="why")
        if (Measure.COMPENSATION in known) != (self.fen > 0):
            raise Refused(_("Compensation needs its amount, and no other measure has one."), field="fen")
        return Sentence(known, self.why, self.fen)


@verb
def open_accountability(
    org: OrgUnit,
    *,
    by: Viewer,
    person: Person,
    post: str,
    cause: str,
    title: str,
    detail: str = "",
    finding: Finding | None = None,
) -> Case:
    """Open a case about one person, led by the unit of whoever opens it. No job and no event ever opens one."""
    if by.account_id is None:
        raise PermissionDenied(HOLDS)
    require(by, HOLDS, at=org)
    if not person.org.path.startswith(org.path):
        raise NotVisible
    if post not in post_kinds(by.today):
        raise Refused(_("The catalogue knows no such kind of post. Choose one from the list."), field="post")
    needs = cause in {AccountCause.FINDING, AccountCause.OVERDUE}
    if needs and finding is None:
        raise Refused(_("Name the finding that it comes from."), field="cause")
    late = finding is not None and finding.due_on is not None and finding.is_open and finding.due_on < by.today
    if cause == AccountCause.OVERDUE and not late:
        raise Refused(_("This finding is not overdue."), field="cause")
    lead = own_unit(by, HOLDS, org)
    case = open_case(org, by=by, kind=KIND, title=title, detail=detail, finding=finding, person=person, lead=lead)
    others = Accountability.objects.filter(case__finding=finding, case__person=person, case__state="open")
    if finding is not None and others.exists():
        raise Refused(_("A case about this person and finding is open already."), field="person")
    Accountability.objects.create(case=case, cause=AccountCause(cause), post=post)
    return case


@verb
def write_investigation(case: Case, *, by: Viewer, facts: str, evidence: str, asked: str) -> Case:
    """Write what was found out, by which evidence, and who was heard on it. Lateness alone is no fact to convict by."""
    row, account = _held(case, by)
    for field, text in (("facts", facts), ("evidence", evidence), ("asked", asked)):
        if not text.strip():
            raise Refused(
                _("Write the facts, the evidence and who was heard; lateness alone is not enough."), field=field
            )
    account.facts, account.evidence, account.asked = facts, evidence, asked
    account.investigated_at, account.investigator_id = by.moment, by.account_id
    complete_step(row, "investigate", by=by)
    account.save(update_fields=["facts", "evidence", "asked", "investigated_at", "investigator"])
    record("cases.investigated", row, by=by, org=row.trail_org)
    return row


@verb
def propose_decision(case: Case, *, by: Viewer, sentence: Sentence) -> Case:
    """Propose measures, or none. Proposed anew before it is decided, the person is told and heard again."""
    row, account = _held(case, by)
    asked = sentence.checked()
    if account.investigated_at is None:
        raise Refused(_("The investigation is not written yet."))
    if account.decided_at is not None:
        raise Refused(_("This is decided."))
    if account.proposed_at is None:
        complete_step(row, "propose", by=by)
    else:
        _begin_again(row, account, by)
    account.proposed, account.proposed_fen, account.proposed_why = list(asked.measures), asked.fen, asked.why
    account.proposed_at = by.moment
    account.save()
    record("cases.proposed", row, by=by, org=row.trail_org, measures=asked.measures)
    return row


def _begin_again(case: Case, account: Accountability, by: Viewer) -> None:
    """What the person was told holds no more, nor does their silence."""
    before = {"why": account.proposed_why, "statement": account.statement}
    log(case, by=by, text=str(_("Proposed anew. Before it stood: %(why)s %(statement)s")) % before)
    account.told_at = account.hear_until = account.heard_at = None
    account.told_how = account.heard = account.statement = ""
    case.steps.filter(code__in=["notify", "hear"]).update(done_at=None, done_by=None, note="")


@verb
def tell_person(case: Case, *, by: Viewer, how: str) -> Case:
    """Note how the person was told what is proposed; from the next working day they may state their case."""
    row, account = _held(case, by)
    if account.proposed_at is None:
        raise Refused(_("Nothing is proposed yet."))
    if not how.strip():
        raise Refused(_("Write how the notice was handed over."), field="how")
    account.told_at, account.told_how = by.moment, how[:200]
    account.hear_until = due_day(by.today, max(1, int(value_of(HEAR_DAYS, row.org))), is_working)
    complete_step(row, "notify", by=by, note=how)
    account.save(update_fields=["told_at", "told_how", "hear_until"])
    record("cases.told", row, by=by, org=row.trail_org, until=account.hear_until)
    return row


@verb
def hear_person(case: Case, *, by: Viewer, heard: str, statement: str) -> Case:
    """Note what the person stated, that they gave it up in writing, or, once the time is over, that they stated nothing."""
    row, account = _held(case, by)
    if account.told_at is None or account.hear_until is None:
        raise Refused(_("The person has not been told yet."))
    if Heard(heard) == Heard.SILENT and by.today <= account.hear_until:
        raise Refused(_("The person may state their case until %(day)s.") % {"day": account.hear_until}, field="heard")
    if Heard(heard) != Heard.SILENT and not statement.strip():
        raise Refused(_("Write what was stated."), field="statement")
    account.heard, account.statement, account.heard_at = Heard(heard), statement, by.moment
    complete_step(row, "hear", by=by)
    account.save(update_fields=["heard", "statement", "heard_at"])
    record("cases.heard", row, by=by, org=row.trail_org, heard=heard)
    return row


@verb
def decide_case(case: Case, *, by: Viewer, sentence: Sentence) -> Case:
    """Decide, as somebody other than the investigator, after the person was heard and their time is over.

    Nothing harder than what the person was told may be decided; no measure at all may.
    """
    row = locked(case, by)
    if not by.may(HOLDS, row.lead.path) or by.account_id is None:
        raise PermissionDenied(HOLDS)
    require_open(row)
    account = _account(row)
    asked = sentence.checked()
    if account.heard_at is None or account.hear_until is None:
        raise Refused(_("The person has not been heard."))
    if account.heard != Heard.WAIVED and by.today <= account.hear_until:
        raise Refused(_("The person may state their case until %(day)s.") % {"day": account.hear_until})
    if _is_investigator(account, by):
        raise Refused(_("Whoever investigated does not decide."))
    if exceeds(asked.measures, asked.fen, account.proposed, account.proposed_fen):
        raise Refused(
            _("This is more than the person was told. Propose it anew, tell and hear them."), field="measures"
        )
    account.decided, account.decided_fen, account.decided_why = list(asked.measures), asked.fen, asked.why
    account.decided_at, account.decider_id = by.moment, by.account_id
    complete_step(row, "decide", by=by)
    account.save(update_fields=["decided", "decided_fen", "decided_why", "decided_at", "decider"])
    record("cases.decided", row, by=by, org=row.trail_org, measures=asked.measures)
    return row


def _is_investigator(account: Accountability, by: Viewer) -> bool:
    if account.investigator_id == by.account_id:
        return True
    same = Account.objects.filter(pk=account.investigator_id, person__isnull=False, person=by.person_id)
    return bool(same.exists())


def _held(case: Case, by: Viewer) -> tuple[Case, Accountability]:
    row = locked(case, by)
    require_hands(row, by)
    require_open(row)
    return row, _account(row)


def _account(case: Case) -> Accountability:
    account: Accountability | None = Accountability.objects.filter(case=case).first()
    if account is None:
        raise NotVisible
    return account
