"""Credentials."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
HANDS = frozenset({"keeper", "cook", "class_teacher", "worker"})


class CredentialsConfig(HouqinApp):
    name = "houqin.flows.credentials"
    label = "credentials"
    verbose_name = _("Credentials")
    permissions = (
        Permission(
            "credentials.view", _("See licences and certificates"), OFFICE | LEAD | {"keeper", "cook", "auditor"}
        ),
        Permission("credentials.record", _("Record licences and certificates"), OFFICE | LEAD | {"keeper"}),
        Permission("credentials.verify", _("Verify licences and certificates as the second person"), OFFICE | LEAD),
    )
