"""Boards: counts beside rates, equal to a hand count, for the school and its direct office only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties import boards
from houqin.flows.duties.minutes import minutes_at
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.registry import Addition, Demand
from houqin.flows.duties.tests.asking import DAILY, asked, local
from houqin.flows.duties.today import schools_to_help
from tests.world import TODAY, World, make_school

RED = replace(DAILY, code="test:red", title_zh="留样", red_line=True)
MONDAY = TODAY


@pytest.fixture(autouse=True)
def rules(world: World) -> Iterator[None]:
    office = replace(
        DAILY,
        code="test:office",
        title_zh="通风",
        demand=Demand.OFFICE,
        asked_by=world.town,
        tenth_minutes=25,
        post="guard",
    )
    with asked(DAILY, RED, office):
        yield


def duties(
    org: OrgUnit,
    day: date,
    *,
    in_time: int = 0,
    late: int = 0,
    missed: int = 0,
    rule: str = "test:clean",
    post: str = "cook",
    by=None,
) -> None:
    done = DutyState.DONE
    states = [(done, 8)] * in_time + [(done, 11)] * late + [(DutyState.OPEN, 0)] * missed
    start = Duty.objects.count()
    for number, (state, hour) in enumerate(states):
        Duty.objects.create(
            org=org, day=day, rule=rule, post=post, about_key=start + number, opens_at=local(day, 7), due_at=local(day, 9),
            state=state, done_at=local(day, hour) if hour else None, account=by, red_line=rule == "test:red",
        )  # fmt: skip


def now_is(world: World, who: str) -> Viewer:
    return viewer_for(world.cast[who], now=local(TODAY, 20))


def test_a_team_board_is_a_hand_count(world: World) -> None:
    duties(world.school_a, TODAY, in_time=5, late=2, missed=3, by=world.shi)
    duties(world.school_a, TODAY - timedelta(days=1), in_time=4, post="guard", by=world.wu)
    duties(world.school_a, TODAY - timedelta(days=9), missed=7)
    duties(world.school_b, TODAY, missed=9)
    found = boards.team(world.school_a, TODAY - timedelta(days=6), TODAY, now_is(world, "gao"), {"cook": "厨师"})
    told = [(line.name, line.on_time, line.late, line.missed, line.due) for line in found.posts]
    assert told == [("厨师", 5, 2, 3, 10), ("guard", 4, 0, 0, 4)]
    assert [(line.name, line.on_time, line.late) for line in found.people] == [("吴师傅", 4, 0), ("石师傅", 5, 2)]


def test_each_figure_opens_as_many_rows_as_it_says(world: World, client) -> None:
    today = timezone.localdate()
    duties(world.school_a, today - timedelta(days=1), in_time=5, late=2, missed=3, by=world.shi)
    client.force_login(world.gao)
    found = boards.team(world.school_a, today - timedelta(days=6), today, viewer_for(world.gao), {})
    (line,) = found.posts
    for name, count in (("in_time", 5), ("late", 2), ("missed", 3), ("excused", 0), ("to_do", 0), ("all", 10)):
        page = client.get(line.urls[name])
        assert page.status_code == 200
        assert page.content.decode().count("duties/duties/") >= count
        assert page.context["count"] == count, name
    (person,) = found.people
    assert client.get(person.urls["in_time"]).context["count"] == 5


def test_days_of_a_school_and_their_share(world: World) -> None:
    duties(world.school_a, TODAY, in_time=3, missed=1)
    duties(world.school_a, TODAY - timedelta(days=1), late=1)
    lines = boards.days_of(world.school_a, TODAY - timedelta(days=10), TODAY, now_is(world, "gao"))
    assert [(line.day, line.percent, line.due) for line in lines] == [(TODAY - timedelta(days=1), 0, 1), (TODAY, 75, 4)]


def test_an_office_sees_its_own_schools_in_need_worst_first(world: World) -> None:
    duties(world.school_a, TODAY, in_time=10, missed=5)
    duties(world.school_b, TODAY, in_time=99)
    duties(world.school_b, TODAY, missed=1, rule="test:red")
    duties(make_school(world.town, "好学校", 9), TODAY, in_time=40, missed=1)
    duties(world.school_c, TODAY, missed=9)
    duties(world.school_a, TODAY - timedelta(days=8), missed=2)
    viewer = now_is(world, "bo")
    found = boards.schools_in_need([world.town], TODAY - timedelta(days=6), TODAY, viewer)
    assert [(need.org, need.red, need.line.missed) for need in found.schools] == [
        (world.school_b, 1, 1),
        (world.school_a, 0, 5),
    ]
    assert (found.of, found.before) == (3, 1)
    assert "5" in found.schools[1].why
    panel = schools_to_help(viewer)
    assert panel is not None
    assert schools_to_help(now_is(world, "gao")) is None


def test_boards_cost_the_same_for_one_school_and_for_many(world: World) -> None:
    viewer = now_is(world, "bo")
    duties(world.school_a, TODAY, missed=1)
    with CaptureQueriesContext(connection) as few:
        boards.schools_in_need([world.town], TODAY, TODAY, viewer)
    for number in range(30, 60):
        duties(make_school(world.town, f"学校{number}", number), TODAY, missed=2, in_time=1)
    with CaptureQueriesContext(connection) as many:
        boards.schools_in_need([world.town], TODAY, TODAY, viewer)
    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("who", "team"),
    [("gao", 200), ("bo", 200), ("bai", 200), ("hu", 404), ("chen", 404), ("op", 409), ("an", 403), ("shi", 403), ("du", 403)],
)  # fmt: skip
def test_rates_are_for_the_school_and_its_direct_office(world: World, client, who: str, team: int) -> None:
    duties(world.school_a, timezone.localdate() - timedelta(days=1), in_time=2, missed=1)
    client.force_login(world.cast[who])
    for name in ("duties:team", "duties:days"):
        answer = client.get(reverse(name), {"under": str(world.school_a.public_id)})
        if team == 404:  # out of reach: the address is not followed, one's own school or choice is shown
            assert "柳河中心小学" not in answer.content.decode()
        else:
            assert answer.status_code == team


def test_pages_of_boards_answer_whatever_they_are_asked(world: World, client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    duties(world.school_a, yesterday, in_time=2, missed=1, rule="test:office", post="guard")
    for who in ("gao", "bo"):
        client.force_login(world.cast[who])
        for name in ("duties:team", "duties:days", "duties:schools", "duties:minutes", "duties:steps"):
            for query in ({}, {"days": "x"}, {"day": "2024-13-99"}, {"day": "2024-03-04"}, {"days": "30"}):
                assert client.get(reverse(name), query, follow=True).status_code == 200, name
    client.force_login(world.bo)
    assert "柳河中心小学" in client.get(reverse("duties:schools")).content.decode()


def test_minutes_by_who_asks_are_open_to_everybody(world: World, client) -> None:
    for number in range(5):
        duties(world.school_a, TODAY + timedelta(days=number), missed=2)
        duties(world.school_a, TODAY + timedelta(days=number), missed=1, rule="test:office", post="guard")
        duties(world.school_b, TODAY + timedelta(days=number), missed=1, rule="test:office", post="guard")
    found = minutes_at(world.school_a, TODAY, {})
    week = {post.post: (post.by_demand[Demand.LAW], post.by_demand[Demand.OFFICE]) for post in found.posts}
    assert week == {"cook": (10.0, 0.0), "guard": (0.0, 12.5)}
    asked_by = {one.who: (one.minutes, one.schools) for one in minutes_at(world.town, TODAY, {}).asked}
    assert asked_by[""] == (10.0, 1)
    assert asked_by[world.town.name] == (25.0, 2)
    assert minutes_at(world.town, TODAY, {}).schools == 2
    added = Addition(world.town.path, world.town, 5)
    with asked(replace(DAILY, additions=(added,))):
        lines = minutes_at(world.school_a, TODAY, {})
    assert [(one.who, one.demand, one.minutes) for one in lines.asked] == [
        ("", Demand.LAW, 10.0), (world.town.name, Demand.OFFICE, 5.0),
    ]  # fmt: skip
    assert lines.total == 15.0
    for who in ("shi", "an", "gao", "bo", "eve", "wu"):
        client.force_login(world.cast[who])
        assert client.get(reverse("duties:minutes")).status_code == 200, who
