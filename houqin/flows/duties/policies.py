"""What a unit may set about its duties."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

DAYS_AHEAD = "duties.days_ahead"
UNDO_MINUTES = "duties.undo_minutes"
REMIND_MINUTES = "duties.remind_minutes"
QUIET_FROM = "duties.quiet_from"
QUIET_UNTIL = "duties.quiet_until"
CLIMB_MINUTES = "duties.climb_minutes"
CLIMB_RED_MINUTES = "duties.climb_red_minutes"
CLIMB_LEVELS = "duties.climb_levels"
CLIMB_RED_LEVELS = "duties.climb_red_levels"
DIGEST_AT = "duties.digest_at"

declare(
    Policy(DAYS_AHEAD, _("Duties are laid out ahead for"), Kind.DAYS, 7),
    Policy(UNDO_MINUTES, _("A tick on a duty is taken back within"), Kind.MINUTES, 10, "less"),
    Policy(REMIND_MINUTES, _("Who has a duty is reminded before its time is over by"), Kind.MINUTES, 30),
    Policy(QUIET_FROM, _("Nobody is reminded (red lines excepted) from"), Kind.CLOCK, "21:00"),
    Policy(QUIET_UNTIL, _("Nobody is reminded (red lines excepted) until"), Kind.CLOCK, "06:30"),
    Policy(CLIMB_MINUTES, _("An overdue duty is told one level higher every"), Kind.MINUTES, 120, "less"),
    Policy(
        CLIMB_RED_MINUTES, _("An overdue duty of a red line is told one level higher every"), Kind.MINUTES, 30, "less"
    ),
    Policy(CLIMB_LEVELS, _("An overdue duty climbs at most so many levels"), Kind.COUNT, 2, "more"),
    Policy(CLIMB_RED_LEVELS, _("An overdue duty of a red line climbs at most so many levels"), Kind.COUNT, 4, "more"),
    Policy(DIGEST_AT, _("The office gets the digest of the day before at"), Kind.CLOCK, "07:30"),
)
