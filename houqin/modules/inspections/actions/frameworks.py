"""What a unit calls the members of a slogan framework that its founding document does not spell out (R-046)."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.catalogue import Framework
from houqin.modules.inspections.lists import frameworks_on
from houqin.modules.inspections.models import OwnFramework

LONGEST, SOURCE = 40, 200

titled({"inspections.members_named": gettext_lazy("Members of a framework named")})


@verb
def name_members(
    org: OrgUnit, *, by: Viewer, framework: str, names: Mapping[str, str], source: str
) -> OwnFramework | None:
    """Say what the members are called at a unit and below it, by which document; no name at all: as the catalogue proposes.

    What the founding document spells out stays as it is.
    """
    require(by, "inspections.set_rounds", at=org)
    held = frameworks_on(by.today).get(framework)
    if held is None:
        raise NotVisible
    row = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if not row.is_open:
        raise Refused(_("This unit is closed."))
    given = {code: name.strip() for code, name in names.items() if name.strip()}
    _check_names(held, given, source)
    now: OwnFramework | None = OwnFramework.objects.filter(org=row, framework=framework, ended_at__isnull=True).first()
    if now is not None and now.names == given and now.source == source.strip():
        return now
    if now is not None:
        OwnFramework.objects.filter(pk=now.pk).update(ended_at=by.now)
    if not given:
        if now is not None:
            record("inspections.members_named", now, by=by, org=row, framework=framework, names={})
        return None
    made = OwnFramework(
        org=row,
        framework=framework,
        names=given,
        source=source.strip()[:SOURCE],
        set_at=by.now,
        account_id=by.account_id,
    )
    made.full_clean(exclude=["account"])
    made.save()
    record("inspections.members_named", made, by=by, org=row, framework=framework, names=given, source=made.source)
    return made


def _check_names(framework: Framework, given: Mapping[str, str], source: str) -> None:
    if set(given) - {member.code for member in framework.members if not member.spelled_out}:
        raise Refused(_("The founding document names this member itself; it stays as it is."))
    if any(len(name) > LONGEST for name in given.values()):
        raise Refused(_("A name has at most %(count)s characters.") % {"count": LONGEST})
    if given and not source.strip():
        raise Refused(_("Say which document names them."), field="source")
