"""Declared screens, the shell around them, and the look."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp


class UiConfig(HouqinApp):
    name = "houqin.ui"
    label = "ui"
    verbose_name = _("Pages")
