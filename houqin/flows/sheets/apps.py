"""Spreadsheets as schools keep them, in and out."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

IMPORTERS = frozenset({"operator", "office_director", "office_staff", "principal", "logistics_director"})


class SheetsConfig(HouqinApp):
    name = "houqin.flows.sheets"
    label = "sheets"
    verbose_name = _("Spreadsheets")
    permissions = (
        Permission("sheets.view", _("See imports"), IMPORTERS | {"auditor"}),
        Permission("sheets.import", _("Import spreadsheets"), IMPORTERS),
    )
