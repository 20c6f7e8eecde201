"""For which unit somebody acts at another."""

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer, covers


def own_unit(by: Viewer, permission: str, org: OrgUnit) -> OrgUnit:
    """The unit by whose permission the viewer acts here: the office above, or the unit itself."""
    above = [path for path in by.paths_for(permission) if path and covers(path, org.path)]
    return OrgUnit.objects.get(path=above[0]) if above else org
