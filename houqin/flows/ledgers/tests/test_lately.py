"""What another process changed is noticed: at once where it is looked at, within a second by who writes."""

from typing import Any

import pytest

from houqin.flows.ledgers.actions.adopting import adopt_ledger, end_adoption
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import LATELY_SECONDS, resolved
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.tests import kept
from tests.world import TODAY, World


class Clock:
    """Time as the test wants it to go on."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("houqin.flows.ledgers.definitions.time.monotonic", clock)
    return clock


def title(world: World) -> str:
    return resolved("cold-store", world.school_a, TODAY).ledger.title_zh


def version(world: World) -> int:
    values: dict[str, Any] = {"temperature": 40 + LedgerEntry.objects.count()}
    return record_entry(world.school_a, by=world.viewer("an"), ledger="cold-store", values=values).version


def test_a_page_shows_at_once_what_another_process_loaded(world: World, clock: Clock) -> None:
    kept.declare(kept.COLD)
    before = title(world)
    kept.load(kept.COLD, version=2, title_zh="冷库温度")
    assert (before, title(world)) == ("冷藏冷冻温度", "冷库温度")


def test_an_entry_follows_what_another_process_loaded_a_second_later(world: World, clock: Clock) -> None:
    kept.declare(kept.COLD)
    assert version(world) == 1
    kept.load(kept.COLD, version=2)
    clock.now += LATELY_SECONDS / 2
    assert version(world) == 1
    clock.now += LATELY_SECONDS / 2
    assert version(world) == 2


def test_a_page_looked_at_before_counts_as_asked(world: World, clock: Clock) -> None:
    kept.declare(kept.COLD)
    assert version(world) == 1
    kept.load(kept.COLD, version=2)
    title(world)
    assert version(world) == 2


def test_what_this_process_adopts_and_ends_holds_for_the_next_entry(world: World, clock: Clock) -> None:
    kept.declare(kept.COLD)
    door = Column(code="door", zh="门封", en="Door seal", kind="yes_no")

    def columns() -> int:
        return len(resolved("cold-store", world.school_a, TODAY, within=LATELY_SECONDS).columns)

    before = columns()
    adopted = adopt_ledger(world.town, by=world.viewer("bo"), ledger="cold-store", why="夏季加严", columns=[door])
    assert columns() == before + 1
    end_adoption(adopted, by=world.viewer("bo"), why="夏季已过")
    assert columns() == before
