"""What a unit may ask of signing in: of those who work in offices, and of those who work in schools."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.people.sign_in import LONGEST_IDLE_HOURS, Asked, asking, beyond
from houqin.core.policies.registry import Policy, Standing, declare, standing
from houqin.core.policies.rules import Kind
from houqin.core.scope.viewer import Viewer

OFFICE_FACTOR = "grants.office_factor"
SCHOOL_FACTOR = "grants.school_factor"
FACTOR_GRACE = "grants.factor_grace"
OWN_SIGN_IN = "grants.own_only"
IDLE = "grants.idle_hours"
CODES = (OFFICE_FACTOR, SCHOOL_FACTOR, FACTOR_GRACE, OWN_SIGN_IN, IDLE)
NEVER_ASKED = ("guardian",)

declare(
    Policy(OFFICE_FACTOR, _("Who works in an office signs in with a second factor"), Kind.SWITCH, False, "on"),
    Policy(SCHOOL_FACTOR, _("Who works in a school signs in with a second factor"), Kind.SWITCH, False, "on"),
    Policy(FACTOR_GRACE, _("Days to set up a second factor after it was asked for"), Kind.DAYS, 0, "less"),
    Policy(IDLE, _("Hours without a click after which who works here is signed out"), Kind.HOURS, LONGEST_IDLE_HOURS, "less"),
    Policy(OWN_SIGN_IN, _("Who works in an office signs in through the office's own sign-in only"), Kind.SWITCH, False, "on"),
)  # fmt: skip


def asked_at(orgs: Iterable[OrgUnit]) -> dict[int, Asked]:
    """What each unit asks of those who work there. One query for any number of them."""
    units = {org.pk: org for org in orgs}
    stands = standing(CODES, units.values()) if units else {}
    return {pk: _asked(org, stands[pk]) for pk, org in units.items()}


def _asked(org: OrgUnit, stands: dict[str, Standing]) -> Asked:
    is_office = org.kind in OFFICES
    rule = stands[OFFICE_FACTOR if is_office else SCHOOL_FACTOR]
    begins = _begins(rule, stands[FACTOR_GRACE])
    # Without any sign-in of an office set up, nobody is locked out by asking for it.
    own = is_office and bool(settings.OWN_SIGN_INS) and stands[OWN_SIGN_IN].value is True
    due = begins is not None and begins <= timezone.localdate()
    return Asked(due, own, None if due else begins, int(stands[IDLE].value))


def _begins(rule: Standing, grace: Standing) -> date | None:
    """The day from which the second factor is asked for: so many days after the rule was set."""
    if rule.value is not True or rule.setting is None:
        return None
    return timezone.localdate(rule.setting.set_at) + timedelta(days=int(grace.value))


@asking
def by_policy(account: Account) -> Asked:
    """What the units ask at which the account holds a role today. Two queries."""
    grants = Grant.objects.on(timezone.localdate()).filter(account=account).exclude(role__in=NEVER_ASKED)
    found = asked_at(grant.org for grant in grants.select_related("org")).values()
    return reduce(Asked.and_also, found, Asked())


@beyond
def acts_elsewhere(account: Account, by: Viewer) -> bool:
    """Whether it holds a role today, or later, at a unit whose accounts the viewer does not manage."""
    grants = Grant.objects.filter(account=account).exclude(to_on__lt=timezone.localdate()).exclude(role__in=NEVER_ASKED)
    return not all(by.may("people.manage_accounts", grant.org.path) for grant in grants.select_related("org"))
