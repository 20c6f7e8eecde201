"""Missed duties open findings by themselves: red lines at once, others when they are missed again and again, each once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.policies.actions import set_policy
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.tests.asking import DAILY, asked, local
from houqin.flows.ledgers.duties import ANSWER
from houqin.flows.rectify.actions.opening import void_finding
from houqin.flows.rectify.missing import find_missed, missed
from houqin.flows.rectify.models import Cause, Finding, FindingState
from houqin.flows.rectify.policies import MISSED_TIMES
from tests.world import NOON, TODAY, World, make_school

RED = replace(DAILY, code="test:red", title_zh="留样", title_en="Samples", red_line=True)


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    with asked(DAILY, RED):
        yield


def miss(world: World, rule: str = "test:clean", *, days: int = 0, org: Any = None, **more: Any) -> Duty:
    day = TODAY - timedelta(days=days)
    values = {
        "day": day, "post": "cook", "opens_at": local(day, 7), "due_at": local(day, 9), "red_line": rule == "test:red",
    } | more  # fmt: skip
    made: Duty = Duty.objects.create(org=org or world.school_a, rule=rule, **values)
    return made


def test_a_red_line_opens_at_once_and_once(world: World) -> None:
    miss(world, "test:red")
    assert find_missed(NOON) == 1
    assert find_missed(NOON) == find_missed(NOON + timedelta(minutes=10)) == 0
    row = Finding.objects.get()
    assert (row.red_line, row.post, row.state, row.found_by) == (True, "cook", FindingState.ORDERED, None)
    assert row.title.startswith("留样")
    assert Cause.objects.get().kind == "duty"


def test_another_opens_when_it_was_missed_three_times_in_seven_days(world: World) -> None:
    for days in (0, 1, 8):
        miss(world, days=days)
    assert find_missed(NOON) == 0
    miss(world, days=2)
    assert find_missed(NOON) == 1
    assert "3" in Finding.objects.get().title
    miss(world, days=3)
    assert find_missed(NOON) == 0


def test_local_rules_say_how_often(world: World) -> None:
    miss(world)
    set_policy(world.school_a, by=world.viewer("gao"), code=MISSED_TIMES, value=1, reason="从严")
    miss(world, org=world.school_b)
    assert find_missed(NOON) == 1
    assert Finding.objects.get().org == world.school_a


@pytest.mark.parametrize("state", [DutyState.DONE, DutyState.EXCUSED, DutyState.SUSPENDED])
def test_what_was_done_excused_or_rests_is_not_missed(world: World, state: str) -> None:
    miss(world, "test:red", state=state, done_at=NOON)
    assert missed(NOON) == []


def test_what_is_due_later_and_answers_to_values_are_not_counted(world: World) -> None:
    miss(world, "test:red", due_at=NOON + timedelta(minutes=1))
    miss(world, ANSWER, red_line=True)
    assert missed(NOON) == []


def test_settled_it_opens_again_only_for_what_is_missed_afterwards(world: World) -> None:
    miss(world, "test:red", days=1)
    find_missed(NOON)
    void_finding(Finding.objects.get(), by=world.viewer("bo"), reason="停电")
    assert find_missed(NOON + timedelta(minutes=10)) == 0
    miss(world, "test:red", due_at=NOON + timedelta(hours=2))
    assert find_missed(NOON + timedelta(hours=3)) == 1
    assert Finding.objects.count() == 2


def test_looking_through_many_schools_costs_as_many_queries_as_one(world: World) -> None:
    def cost(now: datetime) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as seen:
            found = len(missed(now))
        return len(seen), found

    miss(world, "test:red")
    few, count = cost(NOON)
    assert count == 1
    for number in range(20, 40):
        miss(world, "test:red", org=make_school(world.town, f"学校{number}", number))
    assert cost(NOON) == (few, 21)
