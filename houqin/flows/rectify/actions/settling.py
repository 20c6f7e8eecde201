"""What goes with a deed on a finding: the values that led to it are answered, what was sealed off is released."""

from uuid import UUID

from houqin.core.places.actions import release
from houqin.core.places.models import Stop
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.actions.settling import answer_by_deed
from houqin.flows.rectify.models import CauseKind, Finding

BREACH = "breach:"


def answer_causes(row: Finding, by: Viewer, done: str) -> None:
    """What was done about it is also the answer to the values out of limits that led to it: nobody is asked twice."""
    keys = list(row.causes.filter(kind=CauseKind.LEDGER, key__startswith=BREACH).values_list("key", flat=True))
    if keys:
        answer_by_deed([UUID(key.removeprefix(BREACH)) for key in keys], by=by, answer=f"{row.number} {done}".strip())


def release_sealed(row: Finding, by: Viewer, reason: str) -> list[Stop]:
    """Release what a finding sealed off, in the deed that settles the finding."""
    if row.subject_id is None:
        return []
    standing = Stop.objects.standing().filter(source=row.subject_id).select_related("place__org").order_by("pk")
    return [release(stop.place, by=by, reason=reason, source=row.subject) for stop in standing]
