"""Ledgers."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
HANDS = frozenset({"keeper", "cook", "class_teacher", "worker"})


class LedgersConfig(HouqinApp):
    name = "houqin.flows.ledgers"
    label = "ledgers"
    verbose_name = _("Ledgers")
    permissions = (
        Permission("ledgers.view", _("Read ledgers"), OFFICE | LEAD | HANDS | {"auditor"}),
        Permission("ledgers.record", _("Write ledgers"), LEAD | HANDS),
        Permission("ledgers.see_names", _("See names and health in ledgers in full"), LEAD),
        Permission("ledgers.adopt", _("Ask for ledgers, add fields, tighten limits"), OFFICE | LEAD),
        Permission("ledgers.erase", _("Erase a person's data from ledgers"), LEAD | {"operator", "office_director"}),
    )
