"""The canteen: goods from the supplier to the meal, and back."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
LEAD = frozenset({"principal", "logistics_director"})
KITCHEN = frozenset({"keeper", "cook"})


class CanteenConfig(HouqinApp):
    name = "houqin.modules.canteen"
    label = "canteen"
    verbose_name = _("Canteen")
    permissions = (
        Permission("canteen.view", _("See deliveries, stock and meals"), OFFICE | LEAD | KITCHEN | {"auditor"}),
        Permission("canteen.record", _("Record deliveries, issues and meals"), OFFICE | LEAD | {"keeper"}),
        Permission("canteen.manage_products", _("Record and merge products"), OFFICE | LEAD | {"keeper"}),
        Permission("canteen.report_heads", _("Report who eats"), LEAD | {"class_teacher", "keeper"}),
        Permission("canteen.cook", _("Check meals and keep samples"), LEAD | KITCHEN),
        Permission("canteen.sign", _("Sign as the second person"), LEAD | KITCHEN | {"class_teacher"}),
        Permission("canteen.countersign", _("Countersign corrections and urgent issues"), LEAD),
        Permission("canteen.register", _("Register the canteen"), OFFICE | LEAD),
        Permission("canteen.approve_mode", _("Agree to another way of running a canteen"), OFFICE),
        Permission("canteen.trace", _("Trace a batch"), OFFICE | LEAD | {"keeper", "auditor"}),
        Permission("canteen.propose_recall", _("Prepare a recall"), OFFICE | LEAD | {"keeper"}),
        Permission("canteen.confirm_recall", _("Launch a recall as the second person"), OFFICE | LEAD),
        Permission("canteen.lead_incident", _("Lead the first two hours of a suspected food poisoning"), LEAD),
        Permission("canteen.see_ill", _("See who fell ill, by name"), LEAD),
        Permission("canteen.set_numbers", _("Record emergency numbers"), OFFICE | LEAD),
        Permission("canteen.stop_kitchen", _("Stop a kitchen and release it"), OFFICE | LEAD),
        Permission("canteen.answer_recall", _("Acknowledge a recall for the school"), LEAD | {"keeper"}),
    )
