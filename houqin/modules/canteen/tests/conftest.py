"""Fixtures of the canteen's tests."""

import pytest

from houqin.modules.canteen.tests.dining import Dining, make_dining
from houqin.modules.canteen.tests.incident_scene import Outbreak, make_outbreak
from houqin.modules.canteen.tests.kitchen_scene import Kitchen, make_kitchen
from houqin.modules.canteen.tests.recall_scene import Scene, make_scene
from tests.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    """A bad batch in three schools."""
    return make_scene(world)


@pytest.fixture
def kitchen(world: World) -> Kitchen:
    """Lunch in school A."""
    return make_kitchen(world)


@pytest.fixture
def dining(world: World) -> Dining:
    """Two classes of school A who eat: Monday, as the tests count days."""
    return make_dining(world)


@pytest.fixture
def outbreak(world: World) -> Outbreak:
    """A lunch after which many fall ill."""
    return make_outbreak(world)
