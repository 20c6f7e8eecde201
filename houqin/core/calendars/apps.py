"""The school calendar."""

from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.apps import EVERY_ROLE
from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission


class CalendarsConfig(HouqinApp):
    name = "houqin.core.calendars"
    label = "calendars"
    verbose_name = _("School calendar")
    permissions = (
        Permission("calendars.view", _("See the school calendar"), EVERY_ROLE | {"guardian"}),
        Permission(
            "calendars.change",
            _("Set terms, holidays and closures"),
            frozenset({"operator", "office_director", "principal", "logistics_director"}),
        ),
    )
