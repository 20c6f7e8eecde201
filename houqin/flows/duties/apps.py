"""Duties."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
HANDS = frozenset({"keeper", "cook", "class_teacher", "worker"})


class DutiesConfig(HouqinApp):
    name = "houqin.flows.duties"
    label = "duties"
    verbose_name = _("Duties")
    permissions = (
        Permission("duties.view", _("See duties"), OFFICE | LEAD | HANDS | {"auditor"}),
        Permission("duties.do", _("Do duties"), LEAD | HANDS),
        Permission("duties.arrange", _("Hand over, excuse, set the school's own times"), LEAD),
        Permission("duties.set", _("Set duties for the unit and below"), OFFICE | LEAD),
        Permission("duties.suspend", _("Suspend duties that would destroy evidence"), OFFICE | LEAD),
    )
