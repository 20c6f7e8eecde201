"""What is not put right in time climbs one level at a time by working days, and each step is kept."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.notices.models import Notice
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.digest import send_digests
from houqin.flows.duties.tests.asking import local
from houqin.flows.rectify.actions.climbing import tell_next_levels
from houqin.flows.rectify.actions.opening import Found, open_finding
from houqin.flows.rectify.actions.ordering import answer_for_time, ask_for_time
from houqin.flows.rectify.models import Climb, Finding, Severity
from houqin.flows.rectify.policies import CLIMB_DAYS, CLIMB_LEVELS
from houqin.flows.rectify.rules import levels_reached
from tests.world import World, make_account, make_school

# The world's Monday is 4 March 2024: a general finding is to be put right by Monday 11 March.
DUE = date(2024, 3, 11)


def overdue(world: World, **more: Any) -> Finding:
    found = Found("一号冷藏柜门不严", severity=more.pop("severity", Severity.GENERAL), post="cook")
    return open_finding(more.pop("org", world.school_a), by=world.viewer("op"), found=found, ordered=True, **more)


def run(day: date, hour: int = 9) -> int:
    return tell_next_levels(by=system_viewer(now=local(day, hour)))


def told() -> list[tuple[int, str, int]]:
    return list(Climb.objects.order_by("pk").values_list("level", "told", "late"))


def test_it_climbs_by_working_days_and_each_step_is_kept(world: World) -> None:
    row = overdue(world)
    assert run(DUE) == 0
    assert run(date(2024, 3, 12)) == 1
    assert run(date(2024, 3, 12), 15) == run(date(2024, 3, 13)) == 0
    assert run(date(2024, 3, 14)) == 1
    assert run(date(2024, 3, 16)) == run(date(2024, 3, 17)) == 0
    assert run(date(2024, 3, 18)) == 1
    assert told() == [(1, "石师傅", 1), (2, "安师傅", 3), (3, "高校长", 5)]
    row.refresh_from_db()
    assert row.climbed == 3
    assert Notice.objects.filter(account=world.shi).get().url == f"/rectify/findings/{row.public_id}/"


def test_after_a_power_cut_the_levels_are_made_up_for(world: World) -> None:
    overdue(world)
    assert run(date(2024, 3, 18)) == len(told()) == 3
    assert [level for level, _who, _late in told()] == [1, 2, 3]


def test_at_night_nobody_is_told_and_in_the_morning_they_are(world: World) -> None:
    overdue(world)
    assert run(date(2024, 3, 12), 23) == 0
    assert run(date(2024, 3, 13), 9) == 1


def test_local_rules_say_how_fast_and_how_far(world: World) -> None:
    set_policy(world.town, by=world.viewer("bo"), code=CLIMB_DAYS, value=1, reason="从严")
    set_policy(world.province, by=world.viewer("op"), code=CLIMB_LEVELS, value=6, reason="全程")
    overdue(world)
    run(date(2024, 3, 29))
    assert [level for level, _who, _late in told()][-1] == len(told())
    assert told()[-1][1] == "薄主任、白干事"


def test_a_serious_hazard_climbs_every_working_day(world: World) -> None:
    row = overdue(world, severity=Severity.SERIOUS)
    assert row.due_on == date(2024, 3, 5)
    assert run(date(2024, 3, 7)) == 2


def test_what_was_reported_as_put_right_or_got_more_time_climbs_no_more(world: World) -> None:
    row = overdue(world)
    run(date(2024, 3, 12))
    later = local(date(2024, 3, 12), 10)
    ask_for_time(row, by=world.viewer("gao", now=later), until=date(2024, 3, 20), reason="缺件")
    answer_for_time(row, by=world.viewer("bo", now=later), grant=True, answer="")
    row.refresh_from_db()
    assert (row.climbed, row.extended) == (0, 1)
    assert run(date(2024, 3, 18)) == 0
    assert run(date(2024, 3, 21)) == 1
    assert Climb.objects.count() == 2


def test_nobody_makes_it_climb_by_hand(world: World) -> None:
    with pytest.raises(Refused):
        tell_next_levels(by=world.viewer("gao"))


def test_many_schools_cost_as_many_queries_as_few(world: World) -> None:
    def cost(day: date) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert run(day)
        return len(seen)

    overdue(world)
    few = cost(date(2024, 3, 12))
    for number in range(20, 40):
        school = make_school(world.town, f"学校{number}", number)
        make_account(f"cook{number}", "厨师", "cook", school)
        overdue(world, org=school)
    assert cost(date(2024, 3, 12)) <= few + 2


def test_the_offices_digest_tells_of_them(world: World) -> None:
    overdue(world)
    send_digests(local(date(2024, 3, 12), 8))
    note = Notice.objects.get(account=world.bo)
    assert "柳河中心小学" in note.body
    assert send_digests(local(date(2024, 3, 12), 9)) == 0


@pytest.mark.parametrize(
    ("late", "span", "most", "levels"),
    [(0, 2, 5, 0), (1, 2, 5, 1), (2, 2, 5, 1), (3, 2, 5, 2), (9, 2, 3, 3), (4, 1, 5, 4)],
)
def test_levels_follow_from_days(late: int, span: int, most: int, levels: int) -> None:
    assert levels_reached(late, span, most) == levels
