"""Writing planned duties in sets: as one INSERT … SELECT from arrays on PostgreSQL, as one prepared statement on SQLite.

Both databases keep what is there: a duty is unique by day, school, rule, slot and place. ``refresh`` gives duties that
nobody has touched and whose window has not begun their new times, post and state.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from houqin.flows.duties.planning import Asked, Plan

BATCH = 100_000
WRITERS = 0x6475746965735F31  # "duties_1"
COLUMNS = "day, org_id, rule, slot, about_id, about_key, post, opens_at, due_at, red_line, state, note"
ONE_IN_PERIOD = """NOT EXISTS (SELECT 1 FROM duties_duty held WHERE held.org_id = {org} AND held.rule = {rule}
  AND held.slot = {slot} AND held.about_key = {about} AND held.day BETWEEN {first} AND {last} AND held.day <> {day})"""
KEPT = "ON CONFLICT (day, org_id, rule, slot, about_key) DO NOTHING"
RENEWED = """ON CONFLICT (day, org_id, rule, slot, about_key) DO UPDATE SET opens_at = excluded.opens_at,
  due_at = excluded.due_at, post = excluded.post, red_line = excluded.red_line, state = excluded.state
  WHERE duties_duty.state IN ('open', 'suspended') AND duties_duty.opens_at > %s AND duties_duty.person_id IS NULL
  AND (duties_duty.opens_at <> excluded.opens_at OR duties_duty.due_at <> excluded.due_at
    OR duties_duty.post <> excluded.post OR duties_duty.red_line <> excluded.red_line
    OR duties_duty.state <> excluded.state)"""

Rows = list[tuple[int, int, int]]


def hold_writers(org_ids: Sequence[int]) -> None:
    """Lay out for these schools one after the other with whoever else does, until the transaction ends.

    Their rows are held first, so that nobody who holds one and waits for us is waited for.
    """
    if connection.vendor != "postgresql":
        return  # a transaction that writes is alone on SQLite
    with connection.cursor() as cursor:
        held = "SELECT id FROM orgs_orgunit WHERE id = ANY(%s::bigint[]) ORDER BY id FOR KEY SHARE"
        cursor.execute(held, [_literal(org_ids)])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])


def write(plan: Plan, *, refresh_after: datetime | None = None) -> int:
    """Write the duties that are not there yet; how many rows were written. Twice writes nothing more."""
    written = 0
    for batch, one_in_period in _batches(plan):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                _from_arrays(cursor, plan.asked, batch, one_in_period, refresh_after)
            else:
                _row_by_row(cursor, plan.asked, batch, one_in_period, refresh_after)
            written += max(cursor.rowcount, 0)
    return written


def _batches(plan: Plan) -> Iterator[tuple[Rows, bool]]:
    """Rows in lots, those of which a period holds one only apart."""
    of_period = [one.window.period is not None for one in plan.asked]
    rows = list(zip(plan.org_ids, plan.numbers, plan.abouts, strict=True))
    daily = rows if not any(of_period) else [row for row in rows if not of_period[row[1]]]
    rare = [row for row in rows if of_period[row[1]]] if any(of_period) else []
    for some, one_in_period in ((daily, False), (rare, True)):
        for start in range(0, len(some), BATCH):
            yield some[start : start + BATCH], one_in_period


def _moment(local: datetime) -> datetime:
    return timezone.make_aware(local)


def _from_arrays(
    cursor: Any, asked: Sequence[Asked], rows: Rows, one_in_period: bool, refresh_after: datetime | None
) -> None:
    alone = ONE_IN_PERIOD.format(
        org="r.org", rule="w.rule", slot="w.slot", about="r.about", first="w.since", last="w.until", day="w.day"
    )
    sql = f"""INSERT INTO duties_duty ({COLUMNS})
      SELECT w.day, r.org, w.rule, w.slot, NULLIF(r.about, 0), r.about, w.post, w.opens_at, w.due_at, w.red_line, w.state, ''
      FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS r(org, n, about)
      JOIN unnest(%s::int[], %s::date[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[],
        %s::boolean[], %s::text[], %s::date[], %s::date[])
        AS w(n, day, rule, slot, post, opens_at, due_at, red_line, state, since, until) USING (n)
      WHERE {alone if one_in_period else "TRUE"} {KEPT if refresh_after is None else RENEWED}"""  # noqa: S608 our own names
    used = sorted({number for _org, number, _about in rows})
    shown = [asked[number] for number in used]
    given: list[Any] = [_literal(column) for column in zip(*rows, strict=True)]
    given += [used, [one.window.day for one in shown], [one.rule for one in shown], [one.window.slot for one in shown]]
    given += [[one.post for one in shown], [_moment(one.window.opens) for one in shown]]
    given += [[_moment(one.window.due) for one in shown], [one.red_line for one in shown], [one.state for one in shown]]
    given += [[(one.window.period or (None, None))[end] for one in shown] for end in (0, 1)]
    cursor.execute(sql, [*given, *([] if refresh_after is None else [refresh_after])])


def _literal(numbers: Sequence[int]) -> str:
    """A PostgreSQL array as text: adapting a hundred thousand numbers one by one takes longer than writing them."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _row_by_row(
    cursor: Any, asked: Sequence[Asked], rows: Rows, one_in_period: bool, refresh_after: datetime | None
) -> None:
    alone = ONE_IN_PERIOD.format(org="%s", rule="%s", slot="%s", about="%s", first="%s", last="%s", day="%s")
    sql = f"""INSERT INTO duties_duty ({COLUMNS}) SELECT {", ".join(["%s"] * 12)}
      WHERE {alone if one_in_period else "TRUE"} {KEPT if refresh_after is None else RENEWED}"""
    adapt = connection.ops.adapt_datetimefield_value
    shown = {number: asked[number] for _org, number, _about in rows}
    times = {n: (adapt(_moment(one.window.opens)), adapt(_moment(one.window.due))) for n, one in shown.items()}
    last = [] if refresh_after is None else [adapt(refresh_after)]

    def values(org_id: int, number: int, about: int) -> list[Any]:
        one, window = shown[number], shown[number].window
        found = [window.day, org_id, one.rule, window.slot, about or None, about, one.post, *times[number]]
        found += [one.red_line, one.state, ""]
        if one_in_period:
            found += [org_id, one.rule, window.slot, about, *(window.period or ()), window.day]
        return found + last

    cursor.executemany(sql, [values(*row) for row in rows])
