"""What a unit may set about its duties."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

DAYS_AHEAD = "duties.days_ahead"
UNDO_MINUTES = "duties.undo_minutes"

declare(
    Policy(DAYS_AHEAD, _("Duties are laid out ahead for"), Kind.DAYS, 7),
    Policy(UNDO_MINUTES, _("A tick on a duty is taken back within"), Kind.MINUTES, 10, "less"),
)
