"""Collections."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
HANDS = frozenset({"keeper", "cook", "class_teacher", "worker"})


class CollectConfig(HouqinApp):
    name = "houqin.flows.collect"
    label = "collect"
    verbose_name = _("Collections")
    permissions = (
        Permission("collect.view", _("See tables asked for"), OFFICE | LEAD | {"auditor"}),
        Permission("collect.send", _("Send tables to schools"), OFFICE),
        Permission("collect.answer", _("Fill in tables for the school"), LEAD | {"keeper"}),
    )
