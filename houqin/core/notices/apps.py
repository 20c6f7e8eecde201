"""Notices."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp


class NoticesConfig(HouqinApp):
    name = "houqin.core.notices"
    label = "notices"
    verbose_name = _("Notices")
