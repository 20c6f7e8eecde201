"""What a unit may set about its ledgers, with what holds until one does."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

BREACH_MINUTES = "ledgers.breach_minutes"
BACK_DAYS = "ledgers.back_days"
NIGHT_UNTIL = "ledgers.night_until"
STOP_AFTER_DAYS = "ledgers.stop_after_days"
PUBLISH = {
    "canteen": "ledgers.publish_canteen",
    "water": "ledgers.publish_water",
    "environment": "ledgers.publish_environment",
    "drills": "ledgers.publish_drills",
}

declare(
    Policy(BREACH_MINUTES, _("A value out of limits stands after"), Kind.MINUTES, 30, "less"),
    Policy(BACK_DAYS, _("Ledgers are written at most so late"), Kind.DAYS, 7, "less"),
    Policy(NIGHT_UNTIL, _("The night belongs to the day before until"), Kind.CLOCK, "06:00", "earlier"),
    Policy(STOP_AFTER_DAYS, _("What was not disinfected in time carries a stop-use alert after"), Kind.DAYS, 0, "less"),
    Policy(PUBLISH["canteen"], _("An extract of the canteen's ledgers is public"), Kind.SWITCH, False, "on"),
    Policy(PUBLISH["water"], _("An extract of the ledgers of drinking water is public"), Kind.SWITCH, False, "on"),
    Policy(
        PUBLISH["environment"], _("An extract of the ledgers of waste and cleaning is public"), Kind.SWITCH, False, "on"
    ),
    Policy(PUBLISH["drills"], _("An extract of the ledger of drills is public"), Kind.SWITCH, False, "on"),
)
