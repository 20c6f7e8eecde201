"""The pages of duties: one tap from Today, what each post does, tasks with their cost, rests, warnings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.generation import generate
from houqin.flows.duties.models import Announcement, Duty, DutyState, OwnWindow, Suspension, Task
from houqin.flows.duties.tests.asking import AT_MEALS, BOARDING, CANTEEN, DAILY, MONTHLY, asked
from houqin.flows.duties.tests.test_generation import place
from houqin.flows.duties.today import duties_due
from houqin.ui.today import TodayRow, placed
from tests.world import NOON, TODAY, World

AT_ONCE = replace(DAILY, code="test:now", title_zh="中午巡查", title_en="Noon round", post="cook")


@pytest.fixture(autouse=True)
def rules(time_machine: object) -> Iterator[None]:
    time_machine.move_to(NOON, tick=False)  # type: ignore[attr-defined]
    with asked(AT_ONCE, DAILY, CANTEEN, BOARDING, MONTHLY, AT_MEALS), translation.override("en"):
        yield


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world, name))
    client.cookies["django_language"] = "en"
    return client


def rows(viewer: Viewer) -> list[TodayRow]:
    return [placed(row, viewer) for row in duties_due(viewer)]


def test_a_tap_on_today_does_it_once_and_counts_as_done(world: World) -> None:
    generate(TODAY, TODAY, org=world.school_a)
    cook = world.viewer("shi")
    row = next(row for row in rows(cook) if row.what == "Cleaning")
    assert (row.bucket, row.where) == ("overdue", "柳河中心小学")
    client, key = signed_in(world, "shi"), str(uuid4())
    first = client.post(row.tick, {"_key": key})
    again = client.post(row.tick, {"_key": key})
    assert (first.status_code, again.status_code) == (302, 302)
    assert Duty.objects.filter(rule="test:clean", state=DutyState.DONE, account=world.shi).count() == 1
    assert [row.count for row in rows(cook) if row.bucket == "done"] == [1]
    assert "Cleaning" not in [row.what for row in rows(cook)]


def test_a_phone_that_sends_later_is_answered_in_words(world: World) -> None:
    generate(TODAY, TODAY, org=world.school_a)
    tick = next(row.tick for row in rows(world.viewer("shi")) if row.what == "Cleaning")
    headers = {"X-Houqin-Queued": "later", "X-Houqin-Account": str(world.shi.public_id)}
    client = signed_in(world, "shi")
    done = client.post(tick, {"_key": str(uuid4())}, headers=headers)
    late = client.post(tick, {"_key": str(uuid4())}, headers=headers)
    assert (done.json()["state"], late.json()["state"]) == ("done", "refused")


def test_many_places_of_a_round_are_one_row_and_nobodys_posts_stand_with_the_head(world: World) -> None:
    for number in range(24):
        place(world.school_a, f"灭火器{number:02d}")
    generate(TODAY, TODAY, org=world.school_a)
    Duty.objects.filter(rule="test:fire").update(due_at=NOON + timedelta(hours=3), opens_at=NOON - timedelta(days=9))
    (row,) = [row for row in rows(world.viewer("wu")) if row.what.startswith("Extinguishers")]
    assert (row.count, row.what) == (24, "Extinguishers · 24 places")
    signed_in(world, "wu").post(row.tick, {"_key": str(uuid4())})
    assert Duty.objects.filter(rule="test:fire", state=DutyState.DONE).count() == 24
    head = [row.where for row in rows(world.viewer("hu"))]
    assert head == []
    generate(TODAY, TODAY, org=world.school_b)
    assert {"nobody holds this post" in row.where for row in rows(world.viewer("hu"))} == {True}


def test_a_month_stands_on_today_from_its_last_third_on(world: World) -> None:
    place(world.school_a, "灭火器")
    generate(TODAY, TODAY, org=world.school_a)
    assert "Extinguishers" not in [row.what for row in rows(world.viewer("wu"))]
    later = world.viewer("wu", now=NOON + timedelta(days=18))
    assert "Extinguishers" in [row.what for row in rows(later)]


def test_today_costs_the_same_for_one_duty_and_for_many(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            rows(world.viewer("shi"))
        return len(found)

    generate(TODAY, TODAY, org=world.school_a)
    Duty.objects.exclude(pk=Duty.objects.filter(rule="test:now").first().pk).delete()  # type: ignore[union-attr]
    cost()
    few = cost()
    generate(TODAY, TODAY, org=world.school_a)
    assert cost() == few


@pytest.mark.parametrize("name", ["posts", "duties", "tasks", "suspensions", "warnings", "own-times"])
@pytest.mark.parametrize("who", ["gao", "wu", "bo", "eve"])
def test_every_page_opens(world: World, name: str, who: str) -> None:
    generate(TODAY, TODAY)
    answer = signed_in(world, who).get(reverse(f"duties:{name}"))
    assert answer.status_code == 200


def test_what_each_post_does_stands_on_one_page(world: World) -> None:
    OwnWindow.objects.create(org=world.school_a, rule="test:clean", opens="07:10", due="07:40", set_at=NOON)
    text = signed_in(world, "gao").get(reverse("duties:posts")).content.decode()
    assert "Cleaning" in text
    assert "07:10" in text
    assert "60 minutes before serving" in text


def test_another_schools_duty_does_not_exist(world: World) -> None:
    generate(TODAY, TODAY)
    duty = Duty.objects.filter(org=world.school_b).first()
    assert duty
    client = signed_in(world, "gao")
    assert client.get(reverse("duties:duties-detail", args=[duty.pk])).status_code == 404
    assert client.post(f"{reverse('duties:tick')}?duty={duty.pk}").status_code == 404
    assert client.post(f"{reverse('duties:tick')}?duty=999999999999999999999&duty=x").status_code in (302, 409)
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN


def test_a_task_is_asked_with_its_cost_and_ended_with_a_reason(world: World) -> None:
    client = signed_in(world, "bo")
    form = {
        "org": world.town.pk, "title": "清理排水沟", "why": "汛期将至", "post": "guard", "every": "week", "opens": "08:00",
        "due": "17:00", "tenth_minutes": "12.5", "weekday": "",
    }  # fmt: skip
    answer = client.post(reverse("duties:tasks-new"), form, follow=True)
    task = Task.objects.get()
    assert task.tenth_minutes == 125
    assert "Asked of 2 schools: 12.5 minutes each time, together 25 minutes." in answer.content.decode()
    assert set(Duty.objects.filter(rule=task.rule).values_list("org_id", flat=True)) == {
        world.school_a.pk,
        world.school_b.pk,
    }
    client.post(reverse("duties:tasks-end-task", args=[task.public_id]), {"reason": "已清理"})
    task.refresh_from_db()
    assert task.ended_at


def test_rests_and_warnings_are_set_on_their_pages(world: World) -> None:
    generate(TODAY, TODAY)
    client = signed_in(world, "bo")
    client.post(reverse("duties:suspensions-new"), {"org": world.school_a.pk, "why": "3 名学生呕吐"})
    client.post(
        reverse("duties:warnings-new"),
        {"org": world.town.pk, "event": "typhoon", "words": "台风橙色预警", "until": "2024-03-05T08:00"},
    )
    assert Suspension.objects.get().org == world.school_a
    assert Announcement.objects.get().duties == 2
    detail = Duty.objects.get(org=world.school_a, rule="warning:typhoon")
    text = client.get(reverse("duties:duties-detail", args=[detail.pk])).content.decode()
    assert "台风橙色预警" in text
