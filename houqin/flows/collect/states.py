"""Where a school's answer stands, in a word and a tone."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.flows.collect.models import Return

State = Return.State
STATE_TONES: dict[str, str] = {
    State.NEW: "plain",
    State.READ: "plain",
    State.SENT: "info",
    State.BACK: "soon",
    State.TAKEN: "passed",
}


def _is_overdue(row: Return) -> bool:
    return row.collection.is_open and row.is_overdue(timezone.localdate())


def return_word(row: Return) -> Any:
    """The state; late or overdue where it is so."""
    if row.state == State.BACK or not (_is_overdue(row) or row.is_late):
        return row.get_state_display()
    return _("Answered late") if row.is_answered else _("Overdue")


def return_tone(row: Return) -> str:
    """Red only for what is overdue now."""
    if _is_overdue(row):
        return "danger"
    return "soon" if row.is_late and row.state == State.SENT else STATE_TONES[row.state]
