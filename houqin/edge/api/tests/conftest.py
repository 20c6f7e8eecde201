"""At noon of the day on which the cast works."""

from collections.abc import Generator

import pytest
import time_machine

from tests.world import NOON


@pytest.fixture(autouse=True)
def _noon() -> Generator[None, None, None]:
    with time_machine.travel(NOON, tick=False):
        yield
