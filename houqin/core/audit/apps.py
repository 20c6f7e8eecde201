"""The audit trail."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission


class AuditConfig(HouqinApp):
    name = "houqin.core.audit"
    label = "audit"
    verbose_name = _("Audit trail")
    permissions = (
        Permission(
            "audit.view",
            _("See who did what"),
            frozenset({"operator", "office_director", "auditor", "principal"}),
        ),
    )
