"""What a unit may ask of signing in: of those who work in offices, and of those who work in schools."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OFFICES
from houqin.core.people.models import Account
from houqin.core.people.sign_in import Asked, asking
from houqin.core.policies.registry import Policy, declare, standing
from houqin.core.policies.rules import Kind

OFFICE_FACTOR = "sign_in.office_factor"
SCHOOL_FACTOR = "sign_in.school_factor"
OWN_SIGN_IN = "sign_in.own_only"
CODES = (OFFICE_FACTOR, SCHOOL_FACTOR, OWN_SIGN_IN)
NEVER_ASKED = ("guardian",)

declare(
    Policy(OFFICE_FACTOR, _("Who works in an office signs in with a second factor"), Kind.SWITCH, False, "on"),
    Policy(SCHOOL_FACTOR, _("Who works in a school signs in with a second factor"), Kind.SWITCH, False, "on"),
    Policy(OWN_SIGN_IN, _("Who works in an office signs in through the office's own sign-in only"), Kind.SWITCH, False, "on"),
)  # fmt: skip


@asking
def by_policy(account: Account) -> Asked:
    """What the units ask at which the account holds a role today. Two queries."""
    grants = Grant.objects.on(timezone.localdate()).filter(account=account).exclude(role__in=NEVER_ASKED)
    orgs = {grant.org_id: grant.org for grant in grants.select_related("org")}
    stands = standing(CODES, orgs.values()) if orgs else {}
    offices = [pk for pk, org in orgs.items() if org.kind in OFFICES]
    schools = [pk for pk in orgs if pk not in offices]

    def on(code: str, units: list[int]) -> bool:
        return any(stands[pk][code].value is True for pk in units)

    # Without any sign-in of an office set up, nobody is locked out by asking for it.
    return Asked(
        second_factor=on(OFFICE_FACTOR, offices) or on(SCHOOL_FACTOR, schools),
        own_sign_in=bool(settings.OWN_SIGN_INS) and on(OWN_SIGN_IN, offices),
    )
