"""Inspections."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
HANDS = frozenset({"keeper", "cook", "class_teacher", "worker"})


class InspectionsConfig(HouqinApp):
    name = "houqin.modules.inspections"
    label = "inspections"
    verbose_name = _("Inspections")
    permissions = (
        Permission("inspections.view", _("See inspections"), OFFICE | LEAD | HANDS | {"auditor"}),
        Permission("inspections.plan", _("Plan inspections and draw schools"), OFFICE),
        Permission("inspections.visit", _("Inspect a school"), OFFICE),
        Permission("inspections.self_check", _("Check one's own school"), LEAD),
        Permission("inspections.set_rounds", _("Say what is checked where, and how often"), OFFICE | LEAD),
        Permission("inspections.agree", _("Keep the contracts of property services"), OFFICE | LEAD),
        Permission("inspections.report", _("Issue the monthly report of inspections"), OFFICE | LEAD),
    )
