"""Local practice."""

from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.apps import EVERY_ROLE
from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission


class PoliciesConfig(HouqinApp):
    name = "houqin.core.policies"
    label = "policies"
    verbose_name = _("Local rules")
    permissions = (
        Permission("policies.view", _("See the local rules"), EVERY_ROLE),
        Permission(
            "policies.change",
            _("Set local rules"),
            frozenset({"operator", "office_director", "principal", "logistics_director"}),
        ),
    )
