"""Reminders: once for a post and window, red lines at once, quiet nights, one level at a time, one digest a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.actions import staff
from houqin.core.people.actions.accounts import link_person
from houqin.core.policies.actions import set_policy
from houqin.flows.duties import digest
from houqin.flows.duties.climbing import climb, posts_above
from houqin.flows.duties.digest import send_digests
from houqin.flows.duties.models import Duty, DutyState, Step
from houqin.flows.duties.reminding import remind, remind_red_lines, remind_warnings
from houqin.flows.duties.tests.asking import DAILY, asked, local
from tests.world import TODAY, World, make_account, make_school

RED = replace(DAILY, code="test:red", title_zh="留样", title_en="Samples", red_line=True)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    with asked(DAILY, RED, replace(DAILY, code="test:other", title_zh="晨检", title_en="Morning check")):
        yield


def duty(org: OrgUnit, rule: str = "test:clean", *, post: str = "cook", hour: int = 9, minute: int = 0, **more) -> Duty:
    values = {
        "day": TODAY, "post": post, "opens_at": local(TODAY, 7), "due_at": local(TODAY, hour, minute),
        "red_line": rule == "test:red", "about_key": Duty.objects.count(),
    }  # fmt: skip
    made: Duty = Duty.objects.create(org=org, rule=rule, **values | more)
    return made


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("account__username", "title"))


def test_one_reminder_for_a_post_and_a_window(world: World, django_assert_max_num_queries) -> None:
    duty(world.school_a)
    duty(world.school_a, "test:other")
    duty(world.school_a, hour=12)
    duty(world.school_b)
    assert remind(local(TODAY, 8)) == 0
    with django_assert_max_num_queries(24):
        assert remind(local(TODAY, 8, 35)) == 1
    ((who, title),) = told()
    assert who == "shi"
    assert "09:00" in title
    assert "打扫" in title
    assert "晨检" in title
    assert remind(local(TODAY, 8, 40)) == remind(local(TODAY, 8, 35)) == 0
    assert Step.objects.get(org=world.school_a).count == 2
    assert Step.objects.get(org=world.school_b).told == ""


def test_many_schools_cost_as_many_queries_as_one(world: World, django_assert_num_queries) -> None:
    for number in range(20, 40):
        school = make_school(world.town, f"学校{number}", number)
        make_account(f"cook{number}", "厨师", "cook", school)
        duty(school)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as many:
        assert remind(local(TODAY, 8, 35)) == 20
    Step.objects.all().delete()
    Duty.objects.exclude(org__path__endswith="0020").delete()
    with CaptureQueriesContext(connection) as one:
        assert remind(local(TODAY, 8, 35)) == 1
    assert len(many) == len(one)


def test_holders_are_told_before_deputies_and_roles(world: World) -> None:
    lines = [staff.RosterLine("李秀兰", post="厨师"), staff.RosterLine("吴师傅", post="厨师")]
    main, deputy = staff.record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2024, 2, 20))
    deputy.holdings.update(is_deputy=True)
    duty(world.school_a)
    link_person(world.wu, by=world.system, person=deputy)
    assert remind(local(TODAY, 8, 35)) == 1
    assert told()[0][0] == "wu"
    link_person(world.an, by=world.system, person=main)
    duty(world.school_a, hour=10)
    remind(local(TODAY, 9, 35))
    assert told()[1][0] == "an"


def test_a_duty_handed_over_reminds_whom_it_was_handed_to(world: World) -> None:
    (person,) = staff.record_roster(
        world.school_a, by=world.system, lines=[staff.RosterLine("林老师")], from_on=date(2024, 2, 20)
    )
    link_person(world.lin, by=world.system, person=person)
    duty(world.school_a, person=person)
    remind(local(TODAY, 8, 35))
    assert [who for who, _title in told()] == ["lin"]


@pytest.mark.parametrize("state", [DutyState.DONE, DutyState.EXCUSED, DutyState.SUSPENDED])
def test_nobody_is_reminded_of_what_is_done_excused_or_suspended(world: World, state: str) -> None:
    done = local(TODAY, 8)
    duty(world.school_a, "test:red", state=state, done_at=done if state == DutyState.DONE else None)
    for hour in (8, 10, 12, 14, 16):
        now = local(TODAY, hour, 35)
        assert remind(now) == remind_red_lines(now) == climb(now) == 0
    assert not Notice.objects.exists()


def test_quiet_hours_hold_reminders_back_but_no_red_line(world: World) -> None:
    duty(world.school_a, hour=21, minute=20)
    duty(world.school_a, "test:red", hour=21, minute=20)
    assert remind(local(TODAY, 21, 5)) == 0
    assert remind_red_lines(local(TODAY, 21, 25)) == 1
    ((who, title),) = told()
    assert who == "shi"
    assert "留样" in title
    assert Notice.objects.get().level == Notice.Level.NOW
    assert remind_red_lines(local(TODAY, 21, 30)) == 0
    early = duty(world.school_a, day=TOMORROW, opens_at=local(TOMORROW, 5), due_at=local(TOMORROW, 6, 50))
    assert remind(local(TOMORROW, 6, 25)) == 0
    assert remind(local(TOMORROW, 6, 31)) == 1
    assert Step.objects.filter(day=early.day).count() == 1


def test_a_unit_sets_when_it_reminds_and_when_it_is_quiet(world: World) -> None:
    for code, value in (("duties.remind_minutes", 90), ("duties.quiet_from", "19:00")):
        set_policy(world.school_a, by=world.system, code=code, value=value, reason="冬季作息")
    duty(world.school_a)
    duty(world.school_b)
    assert remind(local(TODAY, 7, 35)) == 1
    duty(world.school_a, hour=19, minute=30)
    assert remind(local(TODAY, 19, 5)) == 0


def test_windows_of_a_month_are_told_of_a_day_before(world: World) -> None:
    duty(world.school_a, opens_at=local(TODAY - timedelta(days=20), 8), due_at=local(TOMORROW, 10), day=TOMORROW)
    assert remind(local(TODAY, 11)) == 0
    assert remind(local(TODAY, 9), long=True) == 0
    assert remind(local(TODAY, 11), long=True) == 1
    assert remind(local(TODAY, 12), long=True) == 0
    assert remind(local(TOMORROW, 9, 40)) == 0


def test_what_is_overdue_climbs_one_level_at_a_time(world: World) -> None:
    director = make_account("zong", "总务主任", "logistics_director", world.school_a)
    duty(world.school_a, post="kitchen-hand")
    assert climb(local(TODAY, 10, 59)) == 0
    assert climb(local(TODAY, 11, 1)) == 1
    assert climb(local(TODAY, 11, 2)) == 0
    assert climb(local(TODAY, 13, 1)) == 1
    assert climb(local(TODAY, 15, 1)) == 0
    assert [who for who, _title in told()] == ["an", director.username]
    assert "柳河中心小学" in told()[0][1]
    steps = Step.objects.filter(kind=Step.Kind.CLIMBED).order_by("at")
    assert [step.told for step in steps] == ["安师傅", "总务主任"]


def test_a_red_line_climbs_to_the_office_and_to_nobody_twice(world: World) -> None:
    duty(world.school_a, "test:red", post="kitchen-hand")
    for minutes in range(0, 200, 10):
        climb(local(TODAY, 9) + timedelta(minutes=minutes))
    assert [who for who, _title in told()] == ["an", "gao", "bo", "bai"]
    assert len({who for who, _title in told()}) == 4
    assert Notice.objects.filter(level=Notice.Level.NOW).count() == 4


def test_a_held_up_step_is_made_up_for(world: World) -> None:
    duty(world.school_a, post="kitchen-hand", hour=19, minute=30)
    assert climb(local(TODAY, 22)) == 0
    assert climb(local(TOMORROW, 6, 40)) == 2
    assert [who for who, _title in told()] == ["an", "gao"]
    set_policy(world.school_a, by=world.system, code="duties.climb_minutes", value=60, reason="更快")
    duty(world.school_a, post="kitchen-hand", day=TOMORROW, opens_at=local(TOMORROW, 7), due_at=local(TOMORROW, 8))
    assert climb(local(TOMORROW, 9, 1)) == 1


def test_what_a_warning_asks_is_told_at_once_also_at_night(world: World) -> None:
    late = local(TODAY, 23)
    duty(world.school_a, "warning:typhoon", opens_at=late, due_at=late + timedelta(hours=9), red_line=True)
    assert remind_warnings(late + timedelta(minutes=1)) == 1
    assert remind_warnings(late + timedelta(minutes=6)) == remind(local(TOMORROW, 7, 40)) == 0
    assert told()[0][0] == "shi"


def test_the_chain_of_a_post_ends_with_the_head_of_school(db: None) -> None:
    from houqin.core.people.posts import post_kinds

    kinds = post_kinds(TODAY)
    assert posts_above("kitchen-hand", kinds) == ["canteen-manager", "logistics-director", "principal"]
    assert posts_above("principal", kinds) == []
    assert posts_above("no-such-post", kinds) == ["principal"]


def test_the_office_gets_one_digest_a_day_worst_first(world: World) -> None:
    yesterday = TODAY - timedelta(days=1)
    at = {"day": yesterday, "opens_at": local(yesterday, 7), "due_at": local(yesterday, 9)}
    for _n in range(3):
        duty(world.school_a, **at)
    duty(world.school_b, "test:red", **at)
    duty(world.school_b, state=DutyState.DONE, done_at=local(yesterday, 10), **at)
    duty(world.school_c, state=DutyState.DONE, done_at=local(yesterday, 8), **at)
    assert send_digests(local(TODAY, 7)) == 0
    assert send_digests(local(TODAY, 7, 31)) == 2
    assert send_digests(local(TODAY, 8)) == 0
    notice = Notice.objects.filter(account=world.bo).get()
    first, second = notice.body.splitlines()
    assert first.startswith("柳河初级中学")
    assert second.startswith("柳河中心小学")
    assert "3" in second
    assert not Notice.objects.filter(account=world.chen).exists()
    assert Step.objects.get(kind=Step.Kind.DIGEST).count == 4


def test_a_digest_has_ten_lines_at_most(db: None) -> None:
    lines = [digest.Line(n, f"学校{n}", 1, 20, 2, 0, 0) for n in range(25)]
    said = digest.in_words(lines)
    assert len(said) == digest.MOST_LINES
    assert "16" in said[-1]
    assert "32" in said[-1]
    assert len(digest.in_words(lines[:10])) == 10


def test_the_jobs_run(world: World) -> None:
    from houqin.flows.duties import jobs

    for one in (jobs.remind_of_duties, jobs.remind_of_long_duties, jobs.climb_levels, jobs.tell_offices):
        one.func()
    assert not Step.objects.exists()  # nothing is due, so nobody was told anything
