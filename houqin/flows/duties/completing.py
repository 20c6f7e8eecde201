"""Making a duty done by the record that proves it, inside the deed that writes the record."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.statements import Statement

DONE = """UPDATE duties_duty SET state = 'done', done_at = %s, account_id = %s, evidence_id = %s
  WHERE org_id = %s AND rule = %s AND slot = %s AND day >= %s AND opens_at < %s AND state IN ('open', 'suspended')"""


def complete(
    org: OrgUnit,
    *,
    by: Viewer,
    rule: str,
    day: date,
    slot: str = "",
    about_ids: Iterable[int] = (),
    evidence_id: UUID,
    until: date | None = None,
) -> int:
    """Whoever wrote the record has done the duties that ask for it; how many.

    One UPDATE in the caller's transaction, which has checked and recorded the deed. Meant are the duties of ``day`` and
    those of a longer period (a month) that has begun by then and ends later, at the latest ``until``; overdue and resting
    ones too. Without ``about_ids`` those of every place.
    """
    with connection.cursor() as cursor:
        cursor.execute(*completion(
            org, by=by, rule=rule, day=day, slot=slot, about_ids=about_ids, evidence_id=evidence_id, until=until
        ))  # fmt: skip
        return int(cursor.rowcount)


def completion(
    org: OrgUnit, *, by: Viewer, rule: str, day: date, slot: str, about_ids: Iterable[int], evidence_id: UUID,
    until: date | None,
) -> Statement:  # fmt: skip
    """``complete`` as a statement: every entry of every ledger sends it together with others."""
    ops, about = connection.ops, list(about_ids)
    named = evidence_id if connection.features.has_native_uuid_field else evidence_id.hex
    given: list[Any] = [
        ops.adapt_datetimefield_value(by.moment), by.account_id, named, org.pk, rule, slot, ops.adapt_datefield_value(day),
        ops.adapt_datetimefield_value(_midnight_after(day)),
    ]  # fmt: skip
    sql = DONE
    if until is not None:
        sql += " AND day <= %s"
        given.append(ops.adapt_datefield_value(until))
    if about:
        sql += f" AND about_key IN ({', '.join(['%s'] * len(about))})"
        given += about
    return Statement(sql, given)


def _midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
