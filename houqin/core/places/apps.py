"""Places."""

from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.apps import EVERY_ROLE
from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

LEAD = frozenset({"operator", "office_director", "office_staff", "principal", "logistics_director"})


class PlacesConfig(HouqinApp):
    name = "houqin.core.places"
    label = "places"
    verbose_name = _("Places")
    permissions = (
        Permission("places.view", _("See places and equipment"), EVERY_ROLE),
        Permission(
            "places.change",
            _("Record places and equipment"),
            LEAD | {"keeper"},
        ),
        Permission("places.stop", _("Stop the use of a place or of equipment"), EVERY_ROLE - {"auditor"}),
        Permission("places.release", _("Release what was stopped"), LEAD),
    )
