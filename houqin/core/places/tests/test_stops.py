"""What somebody stopped carries its mark until another person releases it; each stop is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.places.actions import record_place, release, stop_use, take_out_of_use
from houqin.core.places.marks import marked, marks_at, marks_of, with_marks
from houqin.core.places.models import Place, PlaceKind, Stop
from houqin.core.places.policies import RELEASE_BY_ANOTHER
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import Refused
from houqin.core.subjects.models import Subject
from tests.world import NOON, TODAY, World


@pytest.fixture
def boiler(world: World) -> Place:
    return record_place(world.school_a, by=world.viewer("an"), kind=PlaceKind.EQUIPMENT, name="锅炉")


def counted() -> tuple[int, int, int]:
    return Stop.objects.count(), Stop.objects.standing().count(), AuditEntry.objects.count()


def words(place: Place) -> list[str]:
    return [mark.why for mark in marks_of(with_marks(Place.objects.filter(pk=place.pk), TODAY).get())]


def a_finding(world: World, at: Any = None) -> Subject:
    return Subject.objects.create(kind="finding", org=at or world.school_a, label="锅炉房检查第3条")


def test_stopped_it_carries_its_mark_until_another_person_releases_it(world: World, boiler: Place) -> None:
    stop = stop_use(boiler, by=world.viewer("wu"), reason="安全阀漏气")
    assert (stop.org, stop.account, stop.since) == (world.school_a, world.wu, NOON)
    assert words(boiler) == ["安全阀漏气"]
    assert marks_at([boiler.public_id], TODAY)[str(boiler.public_id)][0].alert is False
    later = world.viewer("gao", now=NOON + timedelta(hours=3))
    assert release(boiler, by=later, reason="安全阀已换，试压合格").pk == stop.pk
    assert words(boiler) == []
    kept = Stop.objects.get()
    assert (kept.released_by, kept.released_why) == (world.gao, "安全阀已换，试压合格")
    assert kept.released_at == NOON + timedelta(hours=3)
    told = AuditEntry.objects.filter(event__in=("places.stopped", "places.released")).values_list(
        "actor_name", "subject_id"
    )
    assert set(told) == {("吴师傅", str(boiler.public_id)), ("高校长", str(boiler.public_id))}


def test_stopped_twice_by_hand_it_is_refused_and_released_twice_too(world: World, boiler: Place) -> None:
    stop_use(boiler, by=world.viewer("wu"), reason="漏气")
    before = counted()
    with pytest.raises(Refused, match="漏气"):
        stop_use(boiler, by=world.viewer("an"), reason="再停")
    assert counted() == before
    release(boiler, by=world.viewer("gao"), reason="修好")
    before = counted()
    with pytest.raises(Refused, match="锅炉"):
        release(boiler, by=world.viewer("gao"), reason="修好")
    assert counted() == before
    stop_use(boiler, by=world.viewer("wu"), reason="又漏气")
    assert Stop.objects.count() == 2


def test_for_the_same_source_nothing_changes_and_it_is_released_there(world: World, boiler: Place) -> None:
    finding = a_finding(world)
    by, gao = world.viewer("bai"), world.viewer("gao")
    first = stop_use(boiler, by=by, reason="无检验标志", source=finding)
    before = counted()
    assert stop_use(boiler, by=by, reason="无检验标志", source=finding).pk == first.pk
    with pytest.raises(Refused, match=finding.label):
        release(boiler, by=gao, reason="已检验")
    assert counted() == before
    stop_use(boiler, by=world.viewer("wu"), reason="漏气")
    release(boiler, by=gao, reason="不漏了")
    assert words(boiler) == ["无检验标志"]
    release(boiler, by=gao, reason="复检通过", source=finding)
    assert words(boiler) == []


def test_who_stopped_it_does_not_release_it_unless_the_school_says_so(world: World, boiler: Place) -> None:
    gao = world.viewer("gao")
    stop_use(boiler, by=gao, reason="漏气")
    before = counted()
    with pytest.raises(Refused):
        release(boiler, by=gao, reason="修好")
    assert counted() == before
    set_policy(world.school_a, by=gao, code=RELEASE_BY_ANOTHER, value=False, reason="两人小学校")
    assert release(boiler, by=gao, reason="修好").released_by_id == world.gao.pk


@pytest.mark.parametrize("said", ["", "   "])
def test_nothing_is_stopped_or_released_without_a_reason(world: World, boiler: Place, said: str) -> None:
    before = counted()
    with pytest.raises(Refused) as caught:
        stop_use(boiler, by=world.viewer("wu"), reason=said)
    assert (caught.value.field, counted()) == ("reason", before)
    stop_use(boiler, by=world.viewer("wu"), reason="漏气")
    before = counted()
    with pytest.raises(Refused):
        release(boiler, by=world.viewer("gao"), reason=said)
    assert counted() == before


def test_only_those_of_the_school_stop_it_and_only_those_in_charge_release_it(world: World, boiler: Place) -> None:
    before = counted()
    for name in ("hu", "chen"):
        with pytest.raises(Http404):
            stop_use(boiler, by=world.viewer(name), reason="漏气")
    for name in ("eve", "du"):
        with pytest.raises(PermissionDenied):
            stop_use(boiler, by=world.viewer(name), reason="漏气")
    with pytest.raises(Http404):
        stop_use(boiler, by=world.viewer("wu"), reason="漏气", source=a_finding(world, world.school_b))
    assert Stop.objects.count() == 0
    stop_use(boiler, by=world.viewer("shi"), reason="漏气")
    for name, error in (("an", PermissionDenied), ("wu", PermissionDenied), ("hu", Http404)):
        with pytest.raises(error):
            release(boiler, by=world.viewer(name), reason="修好")
    assert counted()[:2] == (before[0] + 1, before[1] + 1)


def test_what_is_out_of_use_is_not_stopped_and_carries_no_mark(world: World, boiler: Place) -> None:
    stop_use(boiler, by=world.viewer("wu"), reason="漏气")
    take_out_of_use(boiler, by=world.viewer("gao"), on=TODAY, reason="报废")
    assert not marked(Place.objects.all(), TODAY).exists()
    before = counted()
    with pytest.raises(Refused):
        stop_use(boiler, by=world.viewer("an"), reason="漏气")
    assert counted() == before


def test_marks_cost_the_same_for_one_place_and_for_forty(world: World) -> None:
    by = world.viewer("wu")
    places = [
        record_place(world.school_a, by=world.viewer("an"), kind="room", name=f"{number} 室") for number in range(40)
    ]
    for place in places[:20]:
        stop_use(place, by=by, reason="漏水")
    counts = []
    with_marks(Place.objects.all(), TODAY).first()  # definitions are read once
    for some in (places[:1], places):
        with CaptureQueriesContext(connection) as asked:
            found = marks_at([place.public_id for place in some], TODAY)
        counts.append(len(asked))
    assert len(found) == 20
    assert counts[0] == counts[1] <= 8
