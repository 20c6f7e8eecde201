"""Two probes at once: no line is written twice, and none is lost."""

import pytest

from houqin.core.catalogues.loading import load_catalogues
from houqin.edge.api.models import Reading
from houqin.edge.api.tests.caller import device
from houqin.edge.api.tests.test_cold_storage import due, fridge, is_open, sends, written
from houqin.flows.ledgers.models import LedgerEntry
from houqin.modules.canteen.tests.test_races import at_once
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kitchen() -> World:
    world = make_world()
    load_catalogues(by=world.system)
    due(world.school_a)
    return world


def test_two_probes_of_one_appliance_write_its_line_once(kitchen: World) -> None:
    place = fridge(kitchen)
    first, second = (device(kitchen.gao, "probe", place) for _probe in range(2))
    told = at_once(lambda: sends(first, 45), lambda: sends(second, 46))
    assert [len(one) for one in told] == [1, 1]
    assert (LedgerEntry.objects.count(), Reading.objects.count(), len(written(kitchen))) == (1, 2, 1)
    assert not is_open(kitchen.school_a)


def test_probes_of_two_appliances_write_one_line_each_and_the_duty_is_done(kitchen: World) -> None:
    probes = [device(kitchen.gao, "probe", fridge(kitchen, name)) for name in ("一号冰箱", "二号冰箱")]
    at_once(*(lambda probe=probe: sends(probe, 45) for probe in probes))
    assert {one["line"]["name"] for one in written(kitchen)} == {"一号冰箱", "二号冰箱"}
    assert not is_open(kitchen.school_a)
