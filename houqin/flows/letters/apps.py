"""Responsibility letters."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
HANDS = frozenset({"keeper", "cook", "class_teacher", "worker"})


class LettersConfig(HouqinApp):
    name = "houqin.flows.letters"
    label = "letters"
    verbose_name = _("Responsibility letters")
    permissions = (
        Permission("letters.view", _("See responsibility letters"), OFFICE | LEAD | HANDS | {"auditor"}),
        Permission("letters.issue", _("Issue responsibility letters"), OFFICE | LEAD),
        Permission("letters.sign", _("Sign responsibility letters"), OFFICE | LEAD | HANDS),
    )
