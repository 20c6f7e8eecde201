"""Seals."""

from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.apps import EVERY_ROLE
from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

CHECKERS = frozenset({"operator", "office_director", "office_staff", "auditor", "principal", "logistics_director"})


class SealsConfig(HouqinApp):
    name = "houqin.flows.seals"
    label = "seals"
    verbose_name = _("Seals")
    permissions = (
        Permission("seals.view", _("See seals"), EVERY_ROLE),
        Permission("seals.check", _("Check seals and take binders home"), CHECKERS),
    )
