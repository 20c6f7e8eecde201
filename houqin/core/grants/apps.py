"""Grants."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission


class GrantsConfig(HouqinApp):
    name = "houqin.core.grants"
    label = "grants"
    verbose_name = _("Roles")
    permissions = (
        Permission(
            "grants.view",
            _("See who holds which role"),
            frozenset({"operator", "office_director", "auditor", "principal"}),
        ),
        Permission("grants.change", _("Give and take roles"), frozenset({"operator", "office_director", "principal"})),
    )
