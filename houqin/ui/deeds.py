"""Entries of the trail as people read them: what was done, and by whom."""

from django.utils.translation import gettext

from houqin.core.audit.models import AuditEntry
from houqin.core.audit.trail import EVENT_TITLES

SYSTEM = "Houqin"


def event_words(event: str) -> str:
    """What a deed is called; one without a title keeps its key, so that it is found and given one."""
    return str(EVENT_TITLES.get(event, event))


def who(entry: AuditEntry) -> str:
    """The name as it was then; what nobody did by hand is the system's."""
    return gettext("The system") if entry.actor_id is None and entry.actor_name == SYSTEM else entry.actor_name
