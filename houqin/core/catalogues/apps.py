"""Catalogues."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

EVERY_ROLE = frozenset(
    {
        "operator",
        "office_director",
        "office_staff",
        "auditor",
        "principal",
        "logistics_director",
        "keeper",
        "cook",
        "class_teacher",
        "worker",
    }
)


class CataloguesConfig(HouqinApp):
    name = "houqin.core.catalogues"
    label = "catalogues"
    verbose_name = _("Catalogues")
    permissions = (Permission("catalogues.view", _("Read the catalogues"), EVERY_ROLE),)
