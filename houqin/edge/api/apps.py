"""The open door for programs and devices."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICES = {"operator", "office_director", "office_staff"}
HEADS = {"principal", "logistics_director"}


class ApiConfig(HouqinApp):
    name = "houqin.edge.api"
    label = "api"
    verbose_name = _("Open door")
    permissions = (
        Permission("api.view", _("See which programs and devices are let in"), frozenset({*OFFICES, *HEADS, "keeper", "auditor"})),
        Permission("api.issue", _("Let a program in with one's own role"), frozenset({*OFFICES, *HEADS, "keeper"})),
        Permission("api.connect", _("Connect devices, and have other systems told what happens"), frozenset({*OFFICES, *HEADS})),
        Permission("api.send_readings", _("Send what a device measured"), frozenset({*OFFICES, *HEADS, "keeper"})),
    )  # fmt: skip
