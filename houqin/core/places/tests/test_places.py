"""Places are recorded, changed and taken out of use; nothing of them is deleted."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from houqin.core.audit.models import AuditEntry
from houqin.core.orgs.models import Kind
from houqin.core.places.actions import back_in_use, change_place, record_place, take_out_of_use
from houqin.core.places.models import Place, PlaceKind
from houqin.core.scope.refusals import Refused
from houqin.core.subjects.models import Subject
from tests.world import TODAY, World, make_unit


def put(world: World, name: str, *, kind: str = PlaceKind.ROOM, within: Place | None = None) -> Place:
    return record_place(world.school_a, by=world.viewer("an"), kind=kind, name=name, within=within)


def counted() -> tuple[int, int, int]:
    return Place.objects.count(), Subject.objects.count(), AuditEntry.objects.count()


def test_a_place_is_recorded_with_a_label_and_a_subject_of_its_own(world: World) -> None:
    kitchen = put(world, "食堂", kind=PlaceKind.BUILDING)
    fridge = put(world, "留样冰箱", kind=PlaceKind.SAMPLE_REFRIGERATOR, within=kitchen)
    assert (fridge.org, fridge.within, fridge.subject.label) == (world.school_a, kitchen, "留样冰箱")
    assert len({kitchen.label_code, fridge.label_code}) == 2
    assert AuditEntry.objects.filter(event="places.recorded").count() == 2


def test_changed_it_keeps_its_label(world: World) -> None:
    kitchen, store = put(world, "食堂"), put(world, "库房")
    code = store.label_code
    by = world.viewer("gao")
    store = change_place(store, by=by, kind=PlaceKind.STORE, name="主食库", within=kitchen, note="二楼")
    store.refresh_from_db()
    assert (store.name, store.kind, store.within, store.note) == ("主食库", PlaceKind.STORE, kitchen, "二楼")
    assert (store.label_code, store.subject.label) == (code, "主食库")
    before = counted()
    change_place(store, by=by, kind=PlaceKind.STORE, name="主食库", within=kitchen, note="二楼")
    assert counted() == before


def test_out_of_use_and_back(world: World) -> None:
    store = put(world, "库房")
    by = world.viewer("an")
    take_out_of_use(store, by=by, on=TODAY, reason="漏水")
    assert not Place.objects.in_use().exists()
    assert put(world, "库房").pk != store.pk
    with pytest.raises(Refused, match="库房"):
        back_in_use(store, by=by)
    take_out_of_use(Place.objects.in_use().get(), by=by, on=TODAY, reason="重复")
    assert back_in_use(store, by=by).closed_on is None


@pytest.mark.parametrize("name", ["食堂", "库房"])
def test_a_name_stands_once_in_a_unit(world: World, name: str) -> None:
    put(world, "食堂")
    store = put(world, "库房")
    before = counted()
    with pytest.raises(Refused) as caught:
        put(world, name)
    assert caught.value.field == "name"
    with pytest.raises(Refused):
        change_place(store, by=world.viewer("an"), kind=PlaceKind.STORE, name="食堂")
    assert counted() == before
    assert Place.objects.get(pk=store.pk).kind == PlaceKind.ROOM


def test_nothing_stands_inside_itself(world: World) -> None:
    house = put(world, "教学楼")
    floor = put(world, "二楼", within=house)
    room = put(world, "201", within=floor)
    before = counted()
    for inside in (house, room):
        with pytest.raises(Refused) as caught:
            change_place(house, by=world.viewer("an"), kind=house.kind, name=house.name, within=inside)
        assert caught.value.field == "within"
    assert counted() == before


def test_a_place_stands_in_its_own_unit_or_one_above(world: World) -> None:
    theirs = record_place(world.school_b, by=world.viewer("hu"), kind=PlaceKind.BUILDING, name="食堂")
    before = counted()
    with pytest.raises(Refused) as caught:
        put(world, "库房", within=theirs)
    assert caught.value.field == "within"
    assert counted() == before
    canteen = make_unit(world.school_a, Kind.CANTEEN, "一食堂")
    house = put(world, "综合楼", kind=PlaceKind.BUILDING)
    store = record_place(canteen, by=world.viewer("an"), kind=PlaceKind.STORE, name="库房", within=house)
    assert store.within == house


def test_what_is_out_of_use_holds_nothing_new(world: World) -> None:
    house = put(world, "旧食堂")
    store = put(world, "库房", within=house)
    by = world.viewer("an")
    with pytest.raises(Refused, match="库房"):
        take_out_of_use(house, by=by, on=TODAY, reason="拆除")
    take_out_of_use(store, by=by, on=TODAY, reason="拆除")
    take_out_of_use(house, by=by, on=TODAY, reason="拆除")
    before = counted()
    for deed in (
        lambda: put(world, "新库房", within=house),
        lambda: back_in_use(store, by=by),
        lambda: take_out_of_use(store, by=by, on=TODAY, reason="再来一次"),
        lambda: change_place(store, by=by, kind=PlaceKind.ROOM, name="杂物间"),
    ):
        with pytest.raises(Refused):
            deed()
    assert counted() == before


def test_refused_for_a_day_to_come_for_what_is_in_use_and_at_a_closed_unit(world: World) -> None:
    store, by = put(world, "库房"), world.viewer("an")
    before = counted()
    with pytest.raises(Refused) as caught:
        take_out_of_use(store, by=by, on=TODAY + timedelta(days=1), reason="搬迁")
    assert caught.value.field == "on"
    with pytest.raises(Refused):
        back_in_use(store, by=by)
    world.school_a.closed_on = TODAY
    world.school_a.save()
    with pytest.raises(Refused):
        put(world, "新库房")
    assert counted() == before


def test_only_who_may_changes_places_and_only_in_reach(world: World) -> None:
    store = put(world, "库房")
    before = counted()
    for name, error in (("shi", PermissionDenied), ("du", PermissionDenied), ("hu", Http404), ("chen", Http404)):
        by = world.viewer(name)
        for deed in (
            lambda by=by: record_place(world.school_a, by=by, kind=PlaceKind.ROOM, name="201"),
            lambda by=by: change_place(store, by=by, kind=PlaceKind.ROOM, name="202"),
            lambda by=by: take_out_of_use(store, by=by, on=TODAY, reason="试试"),
            lambda by=by: back_in_use(store, by=by),
        ):
            with pytest.raises(error):
                deed()
    assert counted() == before
