"""Collections: 通知—回执—催报—汇总."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})


class CollectConfig(HouqinApp):
    name = "houqin.flows.collect"
    label = "collect"
    verbose_name = _("Collections")
    permissions = (
        Permission("collect.view", _("See tables asked for"), OFFICE | LEAD | {"keeper", "auditor"}),
        Permission("collect.follow", _("Follow tables sent to schools and their sums"), OFFICE | {"auditor"}),
        Permission("collect.send", _("Send tables to schools"), OFFICE),
        Permission("collect.answer", _("Fill in tables for the school"), LEAD | {"keeper"}),
    )
