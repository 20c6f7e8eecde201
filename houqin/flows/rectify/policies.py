"""What a unit may set about putting things right."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind
from houqin.flows.rectify.models import Severity

DAYS = {
    Severity.MINOR: "rectify.days_minor",
    Severity.GENERAL: "rectify.days_general",
    Severity.SERIOUS: "rectify.days_serious",
}
FIVE_FROM = "rectify.five_from"
HIGHER_FROM = "rectify.higher_from"
EVERY_DAY_FROM = "rectify.every_day_from"
ORDER_DAYS = "rectify.order_days"
MISSED_TIMES = "rectify.missed_times"
CLIMB_DAYS = "rectify.climb_days"
CLIMB_SERIOUS_DAYS = "rectify.climb_serious_days"
CLIMB_LEVELS = "rectify.climb_levels"

declare(
    Policy(DAYS[Severity.MINOR], _("A minor finding is put right within (working days)"), Kind.COUNT, 10, "less"),
    Policy(DAYS[Severity.GENERAL], _("A general finding is put right within (working days)"), Kind.COUNT, 5, "less"),
    Policy(DAYS[Severity.SERIOUS], _("A serious hazard is put right within (working days)"), Kind.COUNT, 1, "less"),
    Policy(
        FIVE_FROM, _("All five parts of a plan are asked for from the severity (1 minor, 2 general, 3 serious)"),
        Kind.COUNT, 2, "less",
    ),
    Policy(
        HIGHER_FROM, _("The office above looks again from the severity (1 minor, 2 general, 3 serious)"), Kind.COUNT, 3,
        "less",
    ),
    Policy(
        EVERY_DAY_FROM,
        _("Rest days and holidays count for the deadline, too, from the severity (1 minor, 2 general, 3 serious, 4 never)"),
        Kind.COUNT, 4, "less",
    ),
    Policy(
        ORDER_DAYS, _("What nobody ordered is ordered by itself, as local rules say, after (working days)"), Kind.COUNT, 2,
        "less",
    ),
    Policy(MISSED_TIMES, _("A duty missed so many times in seven days opens a finding"), Kind.COUNT, 3, "less"),
    Policy(CLIMB_DAYS, _("An overdue finding is told one level higher every (working days)"), Kind.COUNT, 2, "less"),
    Policy(
        CLIMB_SERIOUS_DAYS, _("An overdue serious hazard is told one level higher every (working days)"), Kind.COUNT, 1,
        "less",
    ),
    Policy(CLIMB_LEVELS, _("An overdue finding climbs at most so many levels"), Kind.COUNT, 5, "more"),
)  # fmt: skip
