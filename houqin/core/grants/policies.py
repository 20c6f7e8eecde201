"""What a unit may ask of signing in: of those who work in offices, and of those who work in schools."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.people.sign_in import Asked, asking
from houqin.core.policies.registry import Policy, declare, standing
from houqin.core.policies.rules import Kind

OFFICE_FACTOR = "grants.office_factor"
SCHOOL_FACTOR = "grants.school_factor"
OWN_SIGN_IN = "grants.own_only"
CODES = (OFFICE_FACTOR, SCHOOL_FACTOR, OWN_SIGN_IN)
NEVER_ASKED = ("guardian",)

declare(
    Policy(OFFICE_FACTOR, _("Who works in an office signs in with a second factor"), Kind.SWITCH, False, "on"),
    Policy(SCHOOL_FACTOR, _("Who works in a school signs in with a second factor"), Kind.SWITCH, False, "on"),
    Policy(OWN_SIGN_IN, _("Who works in an office signs in through the office's own sign-in only"), Kind.SWITCH, False, "on"),
)  # fmt: skip


def asked_at(orgs: Iterable[OrgUnit]) -> dict[int, Asked]:
    """What each unit asks of those who work there. One query for any number of them."""
    units = {org.pk: org for org in orgs}
    stands = standing(CODES, units.values()) if units else {}
    found = {}
    for pk, org in units.items():
        is_office = org.kind in OFFICES
        factor = stands[pk][OFFICE_FACTOR if is_office else SCHOOL_FACTOR].value is True
        # Without any sign-in of an office set up, nobody is locked out by asking for it.
        own = is_office and bool(settings.OWN_SIGN_INS) and stands[pk][OWN_SIGN_IN].value is True
        found[pk] = Asked(second_factor=factor, own_sign_in=own)
    return found


@asking
def by_policy(account: Account) -> Asked:
    """What the units ask at which the account holds a role today. Two queries."""
    grants = Grant.objects.on(timezone.localdate()).filter(account=account).exclude(role__in=NEVER_ASKED)
    found = asked_at(grant.org for grant in grants.select_related("org")).values()
    return Asked(any(one.second_factor for one in found), any(one.own_sign_in for one in found))
