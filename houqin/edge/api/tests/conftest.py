"""At noon of the day on which the cast works; another system that can be told."""

from collections.abc import Generator

import pytest
import time_machine

from houqin.edge.api.tests.receiver import Receiver, listening
from tests.world import NOON


@pytest.fixture(autouse=True)
def _noon() -> Generator[None, None, None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def receiver() -> Generator[Receiver, None, None]:
    with listening() as found:
        yield found
