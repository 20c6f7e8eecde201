"""A place is stopped and released on its page; until then the list, Today and the board of its school say so."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from houqin.core.people.models import Person, Post, PostHolding
from houqin.core.places.actions import record_place, stop_use
from houqin.core.places.models import Place, Stop
from houqin.core.subjects.models import Subject
from houqin.modules.console.today import places_not_to_be_used
from houqin.ui.today import Bucket, TodayRow
from tests.world import NOON, World


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def boiler(world: World) -> Place:
    return put(world, "锅炉", "boiler")


def put(world: World, name: str, use: str, **more: Any) -> Place:
    return record_place(world.school_a, by=world.system, kind="equipment", name=name, use=use, **more)


def as_(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world, name))
    return client


def rows(world: World, name: str) -> list[TodayRow]:
    return list(places_not_to_be_used(world.viewer(name)))


def test_it_is_stopped_and_released_on_its_page(world: World, boiler: Place) -> None:
    page = f"/console/places/{boiler.public_id}/"
    assert as_(world, "wu").post(f"{page}stop-use/", {"reason": "安全阀漏气"}).status_code == 302
    assert Stop.objects.get().account == world.wu
    seen = as_(world, "gao").get(page).content.decode()
    assert "state-danger" in seen
    assert seen.count("安全阀漏气") >= 2
    assert f"{page}release/" in seen
    assert f"{page}stop-use/" not in seen
    assert f"{page}release/" not in as_(world, "an").get(page).content.decode()
    assert as_(world, "an").post(f"{page}release/", {"reason": "好了"}).status_code == 403
    assert as_(world, "hu").post(f"{page}stop-use/", {"reason": "x"}).status_code == 404
    assert as_(world, "gao").post(f"{page}release/", {"reason": ""}).status_code == 422
    assert Stop.objects.standing().count() == 1
    assert as_(world, "gao").post(f"{page}release/", {"reason": "已更换安全阀"}).status_code == 302
    seen = as_(world, "gao").get(page).content.decode()
    assert "已更换安全阀" in seen
    assert "state-danger" not in seen


def test_what_a_finding_stopped_has_no_button_to_release_it(world: World, boiler: Place) -> None:
    finding = Subject.objects.create(kind="finding", org=world.school_a, label="检查第3条")
    stop_use(boiler, by=world.viewer("bai"), reason="无检验标志", source=finding)
    page = f"/console/places/{boiler.public_id}/"
    seen = as_(world, "gao").get(page).content.decode()
    assert "无检验标志" in seen
    assert f"{page}release/" not in seen
    answer = as_(world, "gao").post(f"{page}release/", {"reason": "好了"})
    assert (answer.status_code, finding.label in answer.content.decode()) == (422, True)
    assert Stop.objects.standing().count() == 1


def test_an_alert_fills_in_the_reason_and_says_what_is_offered_instead(world: World) -> None:
    dispenser = put(world, "一楼饮水机", "dispenser")
    page = f"/console/places/{dispenser.public_id}/"
    assert "另供开水" in as_(world, "gao").get(page).content.decode()
    form = as_(world, "gao").get(f"{page}stop-use/").context["form"]
    assert "饮用水检测报告" in form.initial["reason"]


def test_the_list_shows_only_what_is_marked_and_says_why(world: World, boiler: Place) -> None:
    old = put(world, "老灭火器", "extinguisher-powder", made_on=date(2014, 3, 1))
    new = put(world, "新灭火器", "extinguisher-powder", made_on=date(2023, 3, 1))
    stop_use(boiler, by=world.viewer("an"), reason="漏气")
    found = as_(world, "gao").get("/console/places/?view=unfit").content.decode()
    assert "漏气" in found
    assert str(old.public_id) in found
    assert str(new.public_id) not in found
    assert str(boiler.public_id) not in as_(world, "hu").get("/console/places/?view=unfit").content.decode()


def test_it_stands_on_today_of_who_answers_for_it_and_of_who_leads_the_school(world: World, boiler: Place) -> None:
    assert rows(world, "gao") == rows(world, "wu") == []
    put(world, "老灭火器", "extinguisher-powder", made_on=date(2014, 3, 1))
    keeper = Person.objects.create(org=world.school_a, name="电工小王")
    post = Post.objects.create(org=world.school_a, title="电工", kind="electrician")
    PostHolding.objects.create(post=post, person=keeper, from_on=date(2023, 9, 1))
    world.wu.person = keeper
    world.wu.save()
    stop_use(boiler, by=world.viewer("an"), reason="漏气")
    (one,) = rows(world, "wu")
    assert (one.where, one.bucket, one.url) == (
        world.school_a.name,
        Bucket.LATER,
        f"/console/places/{boiler.public_id}/",
    )
    assert "漏气" in str(one.what)
    (both,) = rows(world, "gao")
    assert (both.what, both.count, both.bucket) == ("不得使用 2", 2, Bucket.NOW)
    assert both.url == f"/console/places/?view=unfit&under={world.school_a.path}"
    for stranger in ("hu", "bo", "lin", "eve", "du"):
        assert rows(world, stranger) == []
    assert as_(world, "gao").get(both.url).status_code == 200
    assert as_(world, "gao").get("/").status_code == 200


def test_the_schools_board_counts_them(world: World, boiler: Place) -> None:
    assert len(as_(world, "gao").get("/duties/team/").context["unfit"]) == 0
    stop_use(boiler, by=world.viewer("an", now=NOON - timedelta(hours=1)), reason="漏气")
    answer = as_(world, "gao").get("/duties/team/")
    assert [row.name for row in answer.context["unfit"]] == ["锅炉"]
    assert "锅炉" in answer.content.decode()


def test_the_search_box_says_it(world: World, boiler: Place) -> None:
    stop_use(boiler, by=world.viewer("an"), reason="漏气")
    assert "漏气" in as_(world, "gao").get("/search/", {"q": "锅炉"}).content.decode()
