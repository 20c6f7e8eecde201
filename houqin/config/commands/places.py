"""Who acts on the command line, and where: ``--as USERNAME`` and ``--under PATH``."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from houqin.core.scope.refusals import Refused

if TYPE_CHECKING:
    from houqin.core.orgs.models import OrgUnit
    from houqin.core.scope.viewer import Viewer


def actor(username: str | None) -> "Viewer":
    """The account of that name with its grants of today; the operator (who may everything) without a name."""
    from houqin.core.grants.viewers import viewer_for
    from houqin.core.people.models import Account
    from houqin.core.scope.viewer import Channel, system_viewer

    if not username:
        return system_viewer(channel=Channel.CLI)
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise Refused(_("There is no account named %s. Write the name that it signs in with.") % username)
    return viewer_for(account, channel=Channel.CLI)


def unit_at(path: str, *, by: "Viewer") -> "OrgUnit":
    """The open unit at "province/city/district/town[/school]"; says which part is missing."""
    from houqin.core.orgs.models import OrgUnit

    names = [part.strip() for part in path.split("/") if part.strip()]
    unit: OrgUnit | None = None
    for name in names:
        below = OrgUnit.objects.filter(parent=unit, name=name, closed_on__isnull=True).first()
        if below is None or not (by.sees(below.path) or any(p.startswith(below.path) for p in by.paths_for())):
            raise Refused(
                _('There is no "%(name)s" under "%(above)s". Create it with: houqin org ensure "%(path)s"')
                % {"name": name, "above": unit or "/", "path": path}
            )
        unit = below
    if unit is None:
        raise Refused(_("Write the path as province/city/district/town, at most five levels."))
    return unit
