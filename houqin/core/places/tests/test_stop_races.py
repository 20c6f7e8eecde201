"""Two stop one thing, or release it, at once: one does it, the other hears so."""

from functools import partial

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.places.actions import record_place, release, stop_use
from houqin.core.places.models import Place, Stop
from houqin.core.scope.refusals import Refused
from houqin.core.subjects.models import Subject
from houqin.flows.duties.tests.asking import at_once
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def boiler(world: World) -> Place:
    return record_place(world.school_a, by=world.viewer("an"), kind="equipment", name="锅炉")


def test_of_three_who_stop_it_one_does_and_of_two_who_release_it_one(world: World, boiler: Place) -> None:
    told = at_once(*(partial(stop_use, boiler, by=world.viewer(name), reason=name) for name in ("wu", "an", "shi")))
    assert sum(isinstance(one, Refused) for one in told) == 2
    assert Stop.objects.count() == AuditEntry.objects.filter(event="places.stopped").count() == 1
    told = at_once(*(partial(release, boiler, by=world.viewer(name), reason=name) for name in ("gao", "bo")))
    assert sum(isinstance(one, Refused) for one in told) == 1
    assert AuditEntry.objects.filter(event="places.released").count() == 1


def test_a_source_that_stops_it_twice_at_once_stops_it_once(world: World, boiler: Place) -> None:
    source = Subject.objects.create(kind="finding", org=world.school_a, label="检查")
    told = at_once(
        *(partial(stop_use, boiler, by=world.viewer("bai"), reason="无检验", source=source) for _worker in range(3))
    )
    assert len({one.pk for one in told}) == Stop.objects.count() == 1
