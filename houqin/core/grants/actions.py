"""Giving and ending roles."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.grants.models import Grant
from houqin.core.grants.roles import ROLES
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer

titled({"grants.given": _("Role given"), "grants.ended": _("Role ended")})


@verb
def give_grant(account: Account, *, by: Viewer, role: str, org: OrgUnit, from_on: date | None = None) -> Grant:
    """Give an account a role over a unit. Nobody gives more than they hold there themselves."""
    require(by, "grants.change", at=org)
    kind = ROLES.get(role)
    if kind is None:
        raise Refused(_("There is no such role."), field="role")
    if org.kind not in kind.kinds:
        raise Refused(_("This role cannot be given at a unit of this kind."), field="role")
    if role == "operator" and not by.is_system and not any(r.role == "operator" for r in by.reaches):
        raise PermissionDenied("grants.change")
    if Grant.objects.filter(account=account, role=role, org=org, to_on__isnull=True).exists():
        raise Refused(_("This account holds the role there already."))
    row = Grant.objects.create(account=account, role=role, org=org, from_on=from_on or by.today)
    record("grants.given", account, by=by, org=org, role=role)
    return row


@verb
def end_grant(grant: Grant, *, by: Viewer) -> Grant:
    """End a role: it no longer holds from today on."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("org", "account").get(pk=grant.pk)
    require(by, "grants.change", at=grant.org)
    if grant.to_on is not None:
        raise Refused(_("This role has ended already."))
    if grant.account_id == by.account_id:
        raise Refused(_("You cannot end your own role. Ask the office above."))
    grant.to_on = max(grant.from_on, by.today)
    grant.save(update_fields=["to_on"])
    record("grants.ended", grant.account, by=by, org=grant.org, role=grant.role)
    return grant
