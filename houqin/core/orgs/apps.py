"""The organisation tree."""

from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.apps import EVERY_ROLE
from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission


class OrgsConfig(HouqinApp):
    name = "houqin.core.orgs"
    label = "orgs"
    verbose_name = _("Organisation")
    permissions = (
        Permission("orgs.view", _("See units and schools"), EVERY_ROLE | {"guardian"}),
        Permission("orgs.change", _("Open, close and merge units"), frozenset({"operator", "office_director"})),
        Permission(
            "orgs.record_facts",
            _("Record a school's facts"),
            frozenset({"operator", "office_director", "office_staff", "principal", "logistics_director"}),
        ),
    )
