"""Times of transfer and accountability that a unit may set; all are local practice."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

HEAR_DAYS = "cases.hear_days"

declare(
    Policy("cases.send_days", _("A case is handed over to another department within (working days)"), Kind.COUNT, 2, "less"),
    Policy("cases.receipt_days", _("The other department's receipt is there within (working days)"), Kind.COUNT, 5, "less"),
    Policy("cases.answer_days", _("The other department answers within (working days)"), Kind.COUNT, 20, "less"),
    Policy("cases.investigate_days", _("An accountability case is investigated within (working days)"), Kind.COUNT, 20, "less"),
    Policy("cases.propose_days", _("The decision is proposed within (working days)"), Kind.COUNT, 5, "less"),
    Policy("cases.notify_days", _("The person is told what is proposed within (working days)"), Kind.COUNT, 3, "less"),
    Policy(HEAR_DAYS, _("The person may state their case for at least (working days)"), Kind.COUNT, 5, "more"),
    Policy("cases.decide_days", _("It is decided after hearing the person within (working days)"), Kind.COUNT, 10, "less"),
    Policy("cases.deliver_days", _("The decision is handed to the person within (working days)"), Kind.COUNT, 5, "less"),
    Policy("cases.execute_days", _("The decision is carried out within (working days)"), Kind.COUNT, 20, "less"),
    Policy("cases.archive_days", _("The papers are archived within (working days)"), Kind.COUNT, 10, "less"),
)  # fmt: skip
