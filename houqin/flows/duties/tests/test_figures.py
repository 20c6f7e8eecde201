"""On time, late, missed: equal to a hand count, in one query."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.orgs.models import OrgUnit
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.queries import figures
from tests.world import NOON, TODAY, World

HOUR = timedelta(hours=1)


def made(
    org: OrgUnit,
    day: date,
    number: int,
    state: str = "open",
    *,
    due: datetime = NOON - HOUR,
    done: datetime | None = None,
) -> None:
    Duty.objects.create(
        day=day, org=org, rule="test:a", slot=str(number), post="cook", opens_at=due - HOUR, due_at=due, state=state, done_at=done
    )  # fmt: skip


@pytest.fixture
def counted(world: World) -> World:
    org, due = world.school_a, NOON - HOUR
    for number, done in enumerate([due - HOUR, due, due + HOUR, due + 9 * HOUR, due + timedelta(seconds=1)]):
        made(org, TODAY, number, DutyState.DONE, done=done)
    made(org, TODAY, 10)
    made(org, TODAY, 11)
    made(org, TODAY, 12, due=NOON + HOUR)
    made(org, TODAY, 13, DutyState.EXCUSED)
    made(org, TODAY, 14, DutyState.SUSPENDED)
    made(org, TODAY - timedelta(days=1), 15)
    made(org, TODAY + timedelta(days=1), 16)
    made(world.school_b, TODAY, 17, DutyState.DONE, done=due)
    return world


def test_each_duty_of_the_days_is_counted_once(counted: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = figures([counted.school_a, counted.school_b.pk], TODAY, TODAY, now=NOON)
    assert len(asked) == 1
    by_school = {one.org_id: one for one in found}
    mine = by_school[counted.school_a.pk]
    assert (mine.on_time, mine.late, mine.missed, mine.open, mine.excused, mine.suspended) == (2, 3, 2, 1, 1, 1)
    assert mine.due == 7
    assert (by_school[counted.school_b.pk].on_time, by_school[counted.school_b.pk].due) == (1, 1)


def test_a_set_of_schools_may_be_a_query_and_days_bound_it(counted: World) -> None:
    found = figures(OrgUnit.objects.schools(), TODAY - timedelta(days=1), TODAY + timedelta(days=1), now=NOON)
    mine = next(one for one in found if one.org_id == counted.school_a.pk)
    assert (mine.missed, mine.open) == (4, 1)
    assert figures([], TODAY, TODAY) == []
