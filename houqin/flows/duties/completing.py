"""Making a duty done by the record that proves it, inside the deed that writes the record."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty, DutyState


def complete(
    org: OrgUnit, *, by: Viewer, rule: str, day: date, slot: str = "", about_ids: Iterable[int] = (), evidence_id: UUID
) -> int:
    """Whoever wrote the record has done the duties that ask for it; how many.

    One UPDATE in the caller's transaction, which has checked and recorded the deed. Meant are the duties of ``day`` and
    those of a longer period (a month) that has begun by then and ends later; overdue and resting ones too. Without
    ``about_ids`` those of every place.
    """
    rows = Duty.objects.filter(org=org, rule=rule, slot=slot, day__gte=day, opens_at__lt=_midnight_after(day))
    about = list(about_ids)
    if about:
        rows = rows.filter(about_key__in=about)
    return int(
        rows.filter(state__in=[DutyState.OPEN, DutyState.SUSPENDED]).update(
            state=DutyState.DONE, done_at=by.moment, account_id=by.account_id, evidence_id=evidence_id
        )
    )


def _midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
