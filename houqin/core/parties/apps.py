"""Parties."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
SCHOOL = frozenset({"principal", "logistics_director", "keeper"})


class PartiesConfig(HouqinApp):
    name = "houqin.core.parties"
    label = "parties"
    verbose_name = _("Suppliers and firms")
    permissions = (
        Permission("parties.view", _("See suppliers and firms"), OFFICE | SCHOOL | {"auditor", "cook"}),
        Permission("parties.change", _("Record suppliers and firms"), OFFICE | SCHOOL),
        Permission("parties.merge", _("Merge names of one firm"), OFFICE | SCHOOL),
    )
