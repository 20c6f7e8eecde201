"""Places on their pages, and the way from a label back to them."""

import re
from datetime import date

import pytest
from django.test import Client

from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.places.actions import record_place
from houqin.core.places.models import Place, PlaceKind
from houqin.lib.codes import write_label_code
from tests.world import World

NOWHERE = "0" * 16


@pytest.fixture
def fridge(world: World) -> Place:
    kitchen = record_place(world.school_a, by=world.system, kind=PlaceKind.BUILDING, name="食堂楼")
    return record_place(
        world.school_a, by=world.system, kind=PlaceKind.SAMPLE_REFRIGERATOR, name="留样冰箱", within=kitchen
    )


def as_(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world, name))
    return client


@pytest.mark.parametrize("form", ["{code}", "{lower}", "{written}", "{sloppy}"])
def test_a_label_leads_to_its_place_however_its_code_is_written(world: World, fridge: Place, form: str) -> None:
    code = fridge.label_code
    typed = form.format(
        code=code, lower=code.lower(), written=write_label_code(code), sloppy=code.replace("0", "O").replace("1", "I")
    )
    client = as_(world, "an")
    page = f"/console/places/{fridge.public_id}/"
    assert client.get(f"/q/{typed}/").headers["Location"] == page
    assert client.get("/q/", {"code": typed}).headers["Location"] == page
    assert client.get("/q/", {"code": f"https://houqin.example.cn/q/{typed}/"}).headers["Location"] == page


@pytest.mark.parametrize("name", ["hu", "chen", "du"])
def test_a_label_of_a_school_that_is_not_yours_is_as_unknown_as_one_that_nobody_printed(
    world: World, fridge: Place, name: str
) -> None:
    client = as_(world, name)
    for code in (fridge.label_code, NOWHERE, "留样"):
        for address in (f"/q/{code}/", f"/q/?code={code}"):
            answer = client.get(address)
            text = answer.content.decode()
            assert answer.status_code == 404
            assert "您管辖的学校没有这个标签码" in text
            assert fridge.name not in text


def test_the_search_box_finds_places_by_name_and_by_code(world: World, fridge: Place) -> None:
    for words in ("留样冰", write_label_code(fridge.label_code)):
        assert fridge.name in as_(world, "an").get("/search/", {"q": words}).content.decode()
        assert "食堂楼" not in as_(world, "hu").get("/search/", {"q": words}).content.decode()


def test_a_stranger_signs_in_and_comes_back_to_the_label(world: World, fridge: Place) -> None:
    answer = Client().get(f"/q/{fridge.label_code}/")
    assert answer.headers["Location"] == f"/accounts/login/?next=/q/{fridge.label_code}/"


def test_a_place_shows_its_label_and_prints_it(world: World, fridge: Place) -> None:
    client = as_(world, "an")
    page = client.get(f"/console/places/{fridge.public_id}/").content.decode()
    assert write_label_code(fridge.label_code) in page
    assert '<svg viewBox="' in page
    link = re.search(r'href="(/console/places/labels/[^"]+)"', page)
    assert link
    sheet = client.get(link[1]).content.decode()
    for words in ("留样冰箱", "食堂楼", world.school_a.name, write_label_code(fridge.label_code)):
        assert words in sheet


def test_labels_fill_pages_of_24_on_a4_and_one_a_page_on_a_label_printer(world: World) -> None:
    rows = [
        record_place(world.school_a, by=world.system, kind=PlaceKind.ROOM, name=f"{number} 室") for number in range(25)
    ]
    client = as_(world, "gao")
    ticked = {"pick": [str(row.public_id) for row in rows]}
    a4 = client.get("/console/places/labels/", ticked)
    assert [len(page) for page in a4.context["pages"]] == [24, 1]
    small = client.get("/console/places/labels/", ticked | {"size": "small"})
    assert [len(page) for page in small.context["pages"]] == [1] * 25
    assert small.content.decode().count("<svg") == 25


def test_only_labels_within_reach_are_printed(world: World, fridge: Place) -> None:
    address = f"/console/places/labels/?pick={fridge.public_id}"
    assert as_(world, "hu").get(address).status_code == 409
    assert as_(world, "du").get(address).status_code == 403
    assert as_(world, "an").get("/console/places/labels/").status_code == 409
    assert as_(world, "bo").get(address).status_code == 200


def test_the_code_on_the_label_is_the_full_address_of_this_host(world: World, fridge: Place, monkeypatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr("houqin.ui.labels.qr_svg", lambda text: drawn.append(text) or "")
    as_(world, "an").get(f"/console/places/{fridge.public_id}/", headers={"host": "localhost"})
    assert drawn == [f"http://localhost/q/{fridge.label_code}/"]


def test_a_place_is_recorded_on_its_page(world: World) -> None:
    client = as_(world, "an")
    given = {"org": world.school_a.pk, "kind": "store", "name": "主食库", "within": "", "note": ""}
    answer = client.post("/console/places/new/", given, follow=True)
    assert "已登记：主食库" in answer.content.decode()
    again = client.post("/console/places/new/", given)
    assert again.status_code == 422
    assert "这里已有“主食库”" in again.content.decode()
    assert Place.objects.count() == 1


def test_the_owner_is_named_for_many_at_once_and_stands_on_the_page(world: World, fridge: Place) -> None:
    record_roster(
        world.school_a, by=world.system, lines=[RosterLine("郑安全", post="安全员")], from_on=date(2020, 1, 1)
    )
    gao = as_(world, "gao")
    address = "/console/places/many/name-owner/"
    picked = {"pick": [str(row.public_id) for row in Place.objects.all()]}
    listed = "/console/places/?view=nobody"
    assert str(fridge.public_id) in gao.get(listed).content.decode()
    assert "view=nobody" in gao.get("/").content.decode()
    page = gao.get(address, picked)
    assert page.status_code == 200
    key = re.search(r'name="_key" value="([^"]+)"', page.content.decode())
    answer = gao.post(address, picked | {"post": "safety-officer"} | ({"_key": key[1]} if key else {}))
    assert answer.status_code == 302
    assert set(Place.objects.values_list("owner_post", flat=True)) == {"safety-officer"}
    assert str(fridge.public_id) not in gao.get(listed).content.decode()
    detail = f"/console/places/{fridge.public_id}/"
    assert "郑安全" in gao.get(detail).content.decode()
    assert as_(world, "wu").post(address, picked | {"post": "guard"}).status_code == 403
    assert set(Place.objects.values_list("owner_post", flat=True)) == {"safety-officer"}
