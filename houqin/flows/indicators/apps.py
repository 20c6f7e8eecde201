"""Indicators."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})


class IndicatorsConfig(HouqinApp):
    name = "houqin.flows.indicators"
    label = "indicators"
    verbose_name = _("Indicators")
    permissions = (Permission("indicators.view", _("See boards and indicators"), OFFICE | LEAD | {"auditor"}),)
