"""The roles: named sets of permissions. What each may do is declared by the apps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES, Kind
from houqin.core.scope.permissions import permissions_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Role:
    """A job somebody does, and at which kinds of unit it can be given."""

    code: str
    title: "StrOrPromise"
    kinds: frozenset[str]

    @property
    def permissions(self) -> frozenset[str]:
        """What the role may do."""
        return permissions_of(self.code)


AT_SCHOOL = frozenset({Kind.SCHOOL, Kind.CAMPUS})
ROLES = {
    role.code: role
    for role in (
        Role("operator", _("Operator of the platform"), OFFICES),
        Role("office_director", _("Head of an office"), OFFICES),
        Role("office_staff", _("Office staff"), OFFICES),
        Role("auditor", _("Auditor (reads, changes nothing)"), OFFICES),
        Role("principal", _("Head of school"), AT_SCHOOL),
        Role("logistics_director", _("Director of logistics"), AT_SCHOOL),
        Role("keeper", _("Canteen keeper"), AT_SCHOOL),
        Role("cook", _("Cook"), AT_SCHOOL),
        Role("class_teacher", _("Class teacher"), AT_SCHOOL),
        Role("worker", _("Logistics worker"), AT_SCHOOL),
        Role("guardian", _("Parent or guardian"), AT_SCHOOL),
    )
}
ROLE_CHOICES = [(role.code, role.title) for role in ROLES.values()]
