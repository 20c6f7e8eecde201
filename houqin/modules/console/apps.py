"""Running it all: units, people, roles, the trail, the jobs."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission


class ConsoleConfig(HouqinApp):
    name = "houqin.modules.console"
    label = "console"
    verbose_name = _("Console")
    permissions = (Permission("console.view_jobs", _("See the state of background jobs"), frozenset({"operator"})),)
