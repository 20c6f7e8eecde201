"""Which school a page is about: the one looked at, else the only one within reach."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.models import within
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer

AT_WORK = (Kind.SCHOOL, Kind.CAMPUS)
MOST_AT_ONCE = 3
WHOLE = (Kind.SCHOOL,)  # what is kept once for a school and all its campuses


def schools_within(
    viewer: Viewer, unit: OrgUnit | None, permission: str, kinds: Collection[Kind] = AT_WORK
) -> QuerySet[OrgUnit]:
    """Schools in use at or below a unit at which the viewer holds the permission."""
    rows = OrgUnit.objects.visible_to(viewer, permission).filter(kind__in=kinds, closed_on__isnull=True)
    found: QuerySet[OrgUnit] = rows.under(unit.path if unit else "").order_by("path")
    return found


def school_of(
    viewer: Viewer, unit: OrgUnit | None, permission: str, kinds: Collection[Kind] = AT_WORK
) -> OrgUnit | None:
    """The school that the page is about; None when the viewer has to choose."""
    rows = first_schools(viewer, unit, permission, 2, kinds)
    if rows and (len(rows) == 1 or (unit and rows[0].path == unit.path)):
        return rows[0]
    return None


def first_schools(
    viewer: Viewer, unit: OrgUnit | None, permission: str, most: int, kinds: Collection[Kind] = AT_WORK
) -> list[OrgUnit]:
    """The first few of ``schools_within``, for what is shown of one school or of a handful."""
    return _first(viewer.paths_for(permission), unit.path if unit else "", tuple(kinds))[:most]


@remembered
def _first(paths: tuple[str, ...], under: str, kinds: tuple[Kind, ...]) -> list[OrgUnit]:
    """By paths, since a person's permissions mostly hold at the same units: then a page asks once for all of them."""
    rows = OrgUnit.objects.filter(kind__in=kinds, closed_on__isnull=True).under(under)
    rows = rows if "" in paths else rows.filter(within("path", paths))
    return list(rows.order_by("path")[:MOST_AT_ONCE])


def open_school(ref: UUID) -> OrgUnit | None:
    """A school in use by its public id, for pages that everybody may open."""
    found: OrgUnit | None = OrgUnit.objects.filter(public_id=ref, closed_on__isnull=True, kind__in=AT_WORK).first()
    return found
