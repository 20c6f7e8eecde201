"""Cases."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
HANDS = frozenset({"keeper", "cook", "class_teacher", "worker"})


class CasesConfig(HouqinApp):
    name = "houqin.flows.cases"
    label = "cases"
    verbose_name = _("Cases")
    permissions = (
        Permission("cases.view", _("See cases"), OFFICE | LEAD | HANDS | {"auditor"}),
        Permission("cases.work", _("Work on cases"), OFFICE | LEAD | HANDS),
        Permission("cases.lead", _("Lead cases, restricted ones too"), frozenset({"office_director"}) | LEAD),
        Permission("cases.supervise", _("Put cases under supervision"), OFFICE),
        Permission("cases.transfer", _("Hand cases over to other departments"), OFFICE | LEAD),
        Permission(
            "cases.hold_to_account", _("Open accountability cases"), frozenset({"office_director", "principal"})
        ),
    )
