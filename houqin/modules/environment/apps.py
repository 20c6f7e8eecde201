"""Environment: waste by kind and its removal, toilets and their six goals."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})


class EnvironmentConfig(HouqinApp):
    name = "houqin.modules.environment"
    label = "environment"
    verbose_name = _("Environment")
    permissions = (
        Permission("environment.view", _("See waste and toilets of schools"), OFFICE | LEAD | {"auditor"}),
        Permission("environment.record", _("Record what toilets have, and judge them"), LEAD),
    )
