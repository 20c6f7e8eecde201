"""How long alerts waited: equal to a hand count, by kind, level and school; a fixed number of queries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.orgs.models import OrgUnit
from houqin.flows.duties.climbing import climb
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.responses import OVERDUE, RED, Alert, Waits, alerts, summed, waits
from houqin.flows.duties.schedule import Every, Schedule
from houqin.flows.duties.tests.asking import DAILY, asked, local
from tests.world import NOON, PASSWORD, TODAY, World

MIN = timedelta(minutes=1)
REPORT = replace(DAILY, code="test:report", schedules=(Schedule(Every.EVENT, event="test.told", within_hours=2),))


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    with asked(DAILY, replace(DAILY, code="test:red", red_line=True), REPORT):
        yield


def duty(org: OrgUnit, rule: str = "test:clean", *, done: int | None = None, minute: int = 0, **more) -> Duty:
    """Due at nine; done so many minutes after."""
    due = local(TODAY, 9, minute)
    values = {
        "day": TODAY, "post": "kitchen-hand", "opens_at": local(TODAY, 7), "due_at": due, "red_line": rule == "test:red",
        "about_key": Duty.objects.count(),
    }  # fmt: skip
    if done is not None:
        values |= {"state": DutyState.DONE, "done_at": due + done * MIN}
    made: Duty = Duty.objects.create(org=org, rule=rule, **values | more)
    return made


def line(found: list[Alert], by: str, key: object) -> Waits:
    return next(one for one in waits(found, by) if one.key == key)


def test_counts_and_times_equal_a_hand_count(world: World) -> None:
    a = world.school_a
    for minutes in (10, 30, 200):
        duty(a, done=minutes)
    duty(a, done=-5)  # in time: no alert
    duty(a)  # still open, 180 minutes late at noon
    duty(a, state=DutyState.EXCUSED)
    duty(a, "test:red", done=20)
    duty(a, "test:report", done=-60)  # came at 7:00, answered at 8:00, in time
    duty(a, "test:report", done=-20)  # 100 minutes after it came
    duty(world.school_c, done=10)
    found = alerts([a.pk], TODAY, TODAY, local(TODAY, 12))
    assert line(found, "kind", OVERDUE) == Waits(OVERDUE, 4, 3, 30 * MIN, 200 * MIN, 1, 180 * MIN)
    assert line(found, "kind", RED) == Waits(RED, 1, 1, 20 * MIN, 20 * MIN, 0, None)
    assert line(found, "kind", "test:report") == Waits("test:report", 2, 2, 80 * MIN, 100 * MIN, 0, None)
    assert summed("", found).count == 7


def test_the_level_is_the_highest_that_had_to_be_told(world: World) -> None:
    late = duty(world.school_a)
    duty(world.school_a, done=5, minute=30)
    climb(local(TODAY, 11, 1))
    climb(local(TODAY, 13, 1))
    late.refresh_from_db()
    late.state, late.done_at = DutyState.DONE, local(TODAY, 13, 30)
    late.save()
    found = alerts([world.school_a.pk], TODAY, TODAY, local(TODAY, 15))
    assert line(found, "level", 2) == Waits(2, 1, 1, 270 * MIN, 270 * MIN, 0, None)
    assert line(found, "level", 0) == Waits(0, 1, 1, 5 * MIN, 5 * MIN, 0, None)


def test_few_and_many_cost_the_same_queries(world: World) -> None:
    units = [world.school_a.pk, world.school_b.pk]
    duty(world.school_a, done=3)
    with CaptureQueriesContext(connection) as few:
        alerts(units, TODAY, TODAY, NOON)
    for _n in range(30):
        duty(world.school_b, done=3)
    with CaptureQueriesContext(connection) as many:
        assert len(alerts(units, TODAY, TODAY, NOON)) == 31
    assert len(few) == len(many)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.booleans()), max_size=30))
def test_the_middle_lies_between_and_counts_add_up(some: list[tuple[int, bool]]) -> None:
    found = [Alert(1, 1, "x", OVERDUE, 0, NOON, minutes * MIN, done) for minutes, done in some]
    one = summed("x", found)
    assert one.answered + one.open == one.count == len(some)
    answered = sorted(minutes * MIN for minutes, done in some if done)
    if answered:
        assert one.middle is not None
        assert answered[0] <= one.middle <= answered[-1] == one.worst
    else:
        assert (one.middle, one.worst) == (None, None)


def test_the_page_opens_its_rows_for_the_school_and_its_direct_office_only(world: World) -> None:
    due = timezone.now() - 2 * 60 * MIN
    mine = Duty.objects.create(
        org=world.school_a, day=timezone.localdate(due), rule="test:clean", post="kitchen-hand", opens_at=due - 60 * MIN,
        due_at=due, state=DutyState.DONE, done_at=due + 35 * MIN,
    )  # fmt: skip
    client = Client()

    def seen(who: str, query: str) -> tuple[int, bool]:
        client.login(username=getattr(world, who).username, password=PASSWORD)
        answer = client.get(f"/duties/response-times/{query}")
        return answer.status_code, f"/duties/duties/{mine.pk}/" in answer.content.decode()

    for query in ("?state=all", "?kind=overdue&state=answered", f"?school={world.school_a.pk}", "?level=0&days=7"):
        assert seen("gao", query) == seen("bo", query) == (200, True)
        assert seen("hu", query) == (200, False)
    for query in ("", "?kind=red", "?kind=overdue&state=open", "?level=x", "?school=nobody", "?days=-1"):
        assert seen("gao", query) == (200, False)
    assert seen("eve", f"?under={world.school_a.public_id}") == (403, False)
    assert seen("wu", "")[0] == 403
