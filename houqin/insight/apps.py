"""What offices see first. Reads everything below, changes nothing."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp


class InsightConfig(HouqinApp):
    name = "houqin.insight"
    label = "insight"
    verbose_name = _("Overview")
