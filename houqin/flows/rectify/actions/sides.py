"""On which side of a finding somebody stands: who put it right, the unit where it was found, an office above it."""

from houqin.core.orgs.acting import own_unit
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.policies.registry import value_of
from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.models import Finding, Look
from houqin.flows.rectify.policies import HIGHER_FROM


def acts_as_office(by: Viewer, permission: str, org: OrgUnit) -> bool:
    """Whether somebody acts here from an office above, not from the unit itself nor from another school."""
    return by.is_system or own_unit(by, permission, org).kind in OFFICES


def is_weighty(row: Finding) -> bool:
    """Whether it is an office that looks again: a red line, or as serious as local rules say."""
    return row.red_line or row.severity >= int(value_of(HIGHER_FROM, row.org))


def is_pressed(row: Finding) -> bool:
    """Whether offices have an eye on it: it is weighty, supervised, or was told higher because it was late."""
    return row.supervised_by_id is not None or row.climbed > 0 or is_weighty(row)


def put_it_right(by: Viewer, row: Finding) -> bool:
    """Whether somebody answers for it in person, or reported it as put right, with another account of theirs, too."""
    if by.person_id is not None and by.person_id == row.person_id:
        return True
    fixed = row.looks.filter(kind=Look.Kind.FIXED, account__isnull=False).select_related("account")
    accounts = {look.account_id for look in fixed}
    persons = {look.account.person_id for look in fixed if look.account and look.account.person_id}
    return by.account_id in accounts | set(Account.objects.filter(person__in=persons).values_list("pk", flat=True))
