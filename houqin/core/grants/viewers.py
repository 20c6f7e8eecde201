"""From an account to a Viewer, and from a permission to the accounts that hold it."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from houqin.core.grants.models import Grant
from houqin.core.grants.roles import ROLES
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account, Guardianship
from houqin.core.scope.permissions import all_permissions
from houqin.core.scope.viewer import Channel, Reach, Viewer

NOBODY = Viewer(None, None, "")


def viewer_for(account: Account, *, now: datetime | None = None, channel: Channel = Channel.WEB) -> Viewer:
    """What an account may reach now: two queries."""
    now = now or timezone.now()
    day = timezone.localtime(now).date()
    grants = Grant.objects.on(day).filter(account=account).select_related("org")
    children = Guardianship.objects.filter(account=account, ended_on__isnull=True)
    return Viewer(
        account_id=account.pk,
        account_public_id=account.public_id,
        name=str(account),
        reaches=tuple(
            Reach(grant.role, grant.org_id, grant.org.path, ROLES[grant.role].permissions)
            for grant in grants
            if grant.role in ROLES
        ),
        now=now,
        channel=channel,
        person_id=account.person_id,
        pupil_ids=frozenset(children.values_list("pupil_id", flat=True)),
    )


def roles_with(permission: str) -> frozenset[str]:
    """The roles that hold a permission."""
    declared = all_permissions().get(permission)
    return declared.roles if declared else frozenset()


def accounts_holding(permission: str, *, org: OrgUnit, at_or_above: bool = False) -> QuerySet[Any]:
    """Open accounts that hold a permission by a role given at this very unit (or also at the units above)."""
    today = timezone.localdate()
    grants = Grant.objects.on(today).filter(role__in=roles_with(permission))
    paths = [org.path, *org.ancestor_paths] if at_or_above else [org.path]
    holders = grants.filter(org__path__in=paths).values("account_id")
    accounts: QuerySet[Any] = Account.objects.filter(is_active=True, pk__in=holders).order_by("pk")
    return accounts
