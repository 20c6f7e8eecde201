"""Who does a duty instead, and when it need not be done: what heads of a school decide."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.grants.models import Grant
from houqin.core.people.models import Account, Person
from houqin.core.people.posts import own_posts
from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.flows.duties.holding import held
from houqin.flows.duties.models import Duty, DutyState

ARRANGE = "duties.arrange"

titled(
    {
        "duties.excused": _("Duty excused"),
        "duties.handed_over": _("Duty handed over"),
        "duties.taken_back": _("Duty taken back"),
    }
)


@verb
def excuse(duty: Duty, *, by: Viewer, why: str) -> Duty:
    """A head says that a duty need not be done, or could not be, and why. It counts neither as done nor as missed."""
    require(by, ARRANGE, at=duty.org)
    row = held(duty)
    if row.state == DutyState.DONE:
        raise Refused(_("It is done already; there is nothing to excuse."))
    if row.state == DutyState.EXCUSED:
        raise Refused(_("It is excused already: %(why)s") % {"why": row.note})
    if not why.strip():
        raise Refused(_("Say why it need not be done."), field="why")
    if _is_own(row, by) and _somebody_else_arranges(row, by):
        raise Refused(_("It is your own duty: nobody excuses oneself. Ask another head of the school."))
    row.state, row.note, row.account_id = DutyState.EXCUSED, why.strip(), by.account_id
    row.full_clean()
    row.save(update_fields=["state", "note", "account"])
    record("duties.excused", row, by=by, org=row.org, rule=row.rule, day=row.day, slot=row.slot, why=row.note)
    return row


@verb
def hand_over(duty: Duty, *, by: Viewer, person: Person) -> Duty:
    """Somebody else of the school does it this once: decided by a head, or by whoever's duty it is."""
    require(by, "duties.view", at=duty.org)
    row = held(duty)
    if not by.may(ARRANGE, row.org.path) and not (by.may("duties.do", row.org.path) and _is_own(row, by)):
        require(by, ARRANGE, at=row.org)
    _check_open(row)
    if not covers(row.org.path, person.org.path):
        raise Refused(
            _("%(person)s does not work at this school. Choose somebody who does.") % {"person": person}, field="person"
        )
    if person.left_on is not None and person.left_on <= by.today:
        raise Refused(_("%(person)s has left the school. Choose somebody else.") % {"person": person}, field="person")
    if not Account.objects.filter(person=person, is_active=True).exists():
        raise Refused(
            _("%(person)s has no account and would not hear of it. Choose somebody who can sign in.")
            % {"person": person},
            field="person",
        )
    if row.person_id == person.pk:
        return row
    row.person = person
    row.save(update_fields=["person"])
    record("duties.handed_over", row, by=by, org=row.org, rule=row.rule, day=row.day, slot=row.slot, to=person)
    return row


@verb
def take_back_duty(duty: Duty, *, by: Viewer) -> Duty:
    """It is done again by whoever holds the post."""
    require(by, "duties.view", at=duty.org)
    row = held(duty)
    if not by.may(ARRANGE, row.org.path) and row.post not in own_posts(by).get(row.org_id, ()):
        require(by, ARRANGE, at=row.org)
    _check_open(row)
    if row.person is None:
        raise Refused(_("It is not handed over: there is nothing to take back."))
    before, row.person = row.person, None
    row.save(update_fields=["person"])
    record("duties.taken_back", row, by=by, org=row.org, rule=row.rule, day=row.day, slot=row.slot, was=before)
    return row


def _check_open(duty: Duty) -> None:
    if duty.state != DutyState.OPEN:
        raise Refused(
            _("It is not open any more (%(state)s); nothing can be handed over.") % {"state": duty.get_state_display()}
        )


def _is_own(duty: Duty, by: Viewer) -> bool:
    if duty.person_id is not None:
        return duty.person_id == by.person_id
    return duty.post in own_posts(by).get(duty.org_id, ())


def _somebody_else_arranges(duty: Duty, by: Viewer) -> bool:
    """Whether the school has another head who could decide it."""
    roles = all_permissions()[ARRANGE].roles
    others = Grant.objects.on(by.today).filter(org_id=duty.org_id, role__in=roles, account__is_active=True)
    return bool(others.exclude(account_id=by.account_id).exists())
