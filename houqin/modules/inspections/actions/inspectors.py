"""Who inspects for an office, which fields, and which schools they stay off."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.models import Inspector

titled(
    {
        "inspections.inspector_registered": _("Inspector registered"),
        "inspections.inspector_changed": _("Inspector changed"),
        "inspections.inspector_ended": _("Inspector inspects no more"),
    }
)


@verb
def register_inspector(
    org: OrgUnit,
    *,
    by: Viewer,
    account: Account,
    works_at: OrgUnit | None = None,
    families: Sequence[str] = (),
    stays_off: Iterable[OrgUnit] = (),
) -> Inspector:
    """Take somebody into the list from which inspectors are drawn. Without fields they inspect every field."""
    require(by, "inspections.plan", at=org)
    if org.kind not in OFFICES:
        raise Refused(_("An office keeps the list of inspectors."), field="org")
    if not account.is_active:
        raise Refused(_("This account is closed."), field="account")
    if account.home is None or not account.home.path.startswith(org.path):
        raise Refused(_("%(name)s belongs to no unit of %(unit)s.") % {"name": account, "unit": org}, field="account")
    if Inspector.objects.filter(org=org, account=account, ended_on__isnull=True).exists():
        raise Refused(_("%(name)s stands in the list already.") % {"name": account}, field="account")
    row = Inspector.objects.create(
        org=org, account=account, works_at=works_at or account.home, families=list(families), from_on=by.today
    )
    row.stays_off.set(stays_off)
    record("inspections.inspector_registered", row, by=by, org=org)
    return row


@verb
def change_inspector(
    inspector: Inspector,
    *,
    by: Viewer,
    works_at: OrgUnit | None,
    families: Sequence[str],
    stays_off: Iterable[OrgUnit],
) -> Inspector:
    """Change where they work, what they inspect and which schools they stay off. It holds from the next draw on."""
    row = _held(inspector, by)
    row.works_at, row.families = works_at, list(families)
    row.save(update_fields=["works_at", "families"])
    row.stays_off.set(stays_off)
    record("inspections.inspector_changed", row, by=by, org=row.org)
    return row


@verb
def end_inspector(inspector: Inspector, *, by: Viewer, reason: str) -> Inspector:
    """Take somebody off the list. Visits that are planned with them stay as they are."""
    row = _held(inspector, by)
    row.ended_on = by.today
    row.save(update_fields=["ended_on"])
    record("inspections.inspector_ended", row, by=by, org=row.org, reason=reason)
    return row


def _held(inspector: Inspector, by: Viewer) -> Inspector:
    Inspector.objects.select_for_update(of=("self",)).get(pk=inspector.pk)
    row: Inspector = Inspector.objects.select_related("org", "account").get(pk=inspector.pk)
    require(by, "inspections.plan", at=row.org)
    if row.ended_on is not None:
        raise Refused(_("%(name)s is off the list already.") % {"name": row})
    return row
