"""Findings and rectification."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
HANDS = frozenset({"keeper", "cook", "class_teacher", "worker"})


class RectifyConfig(HouqinApp):
    name = "houqin.flows.rectify"
    label = "rectify"
    verbose_name = _("Findings")
    permissions = (
        Permission("rectify.view", _("See findings"), OFFICE | LEAD | HANDS | {"auditor"}),
        Permission("rectify.find", _("Report what is wrong"), OFFICE | LEAD | HANDS),
        Permission("rectify.order", _("Order what is to be put right"), OFFICE | LEAD),
        Permission("rectify.fix", _("Put right what was found"), LEAD | HANDS),
        Permission("rectify.recheck", _("Look again at what was put right"), OFFICE | LEAD),
        Permission("rectify.supervise", _("Put a serious hazard under supervision"), OFFICE),
    )
