"""A few hundred requests made from the description: none breaks anything (``make fuzz`` sends many more)."""

from collections.abc import Generator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings

from benchmarks.fuzz.api import fuzz
from houqin.core.catalogues.loading import load_catalogues
from houqin.edge.api.tests.caller import caller
from houqin.modules.canteen.tests.door import make_door
from tests.world import World


@pytest.fixture(autouse=True)
def _one_connection() -> Generator[None, None, None]:
    """The test's own connection lasts for many requests, as with Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("person", ["gao", "op"])
def test_no_request_breaks_the_api(world: World, person: str) -> None:
    load_catalogues(by=world.system)
    door = make_door(world)
    door.accept(door.line("白菜", 10_000))
    with override_settings(API_RATE=10**9, API_STRANGERS_RATE=10**9):
        result = fuzz(caller(getattr(world, person)).secret, 300)
    assert result.failures == []
    assert result.requests >= 150
    assert 500 not in result.statuses
