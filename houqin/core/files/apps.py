"""Files."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp


class FilesConfig(HouqinApp):
    name = "houqin.core.files"
    label = "files"
    verbose_name = _("Files")
