"""A person's data goes from the ledgers, and the chain still verifies."""

from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Person
from houqin.core.scope.refusals import Refused
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.seals.models import Chain
from houqin.modules.console.erasing import erase_of_pupil, erase_of_staff
from tests.world import World


@pytest.fixture
def cook(world: World) -> Person:
    load_catalogues(by=world.system, root=settings.ROOT / "catalogues")
    line = RosterLine("王桂英", post="厨师")
    [person] = record_roster(world.school_a, by=world.system, lines=[line], from_on=date(2024, 2, 20))
    who = {"id": str(person.public_id), "name": person.name}
    ill = {
        "line": who,
        "symptoms": ["fever"],
        "temperature": 385,
        "attire": True,
        "result": "off_post",
        "remark": "回家休息",
    }
    record_entry(world.school_a, by=world.viewer("an"), ledger="staff-morning-check", values={}, lines=[ill])
    return person


def test_her_fever_is_gone_and_the_entry_stays(world: World, cook: Person) -> None:
    before = LedgerEntry.objects.get(ledger="staff-morning-check")
    assert "385" in before.personal
    assert erase_of_staff(cook, by=world.viewer("gao"), why="本人申请，个人信息保护法第47条") == 1
    after = LedgerEntry.objects.get(ledger="staff-morning-check")
    assert after.body == before.body
    assert "385" not in after.personal
    assert cook.name not in after.personal
    assert Chain.objects.get(org=world.school_a).length == 2


def test_the_keeper_may_not_and_nothing_happens(world: World, cook: Person) -> None:
    with pytest.raises(PermissionDenied):
        erase_of_staff(cook, by=world.viewer("an"), why="试试")
    assert "385" in LedgerEntry.objects.get(ledger="staff-morning-check").personal


def test_of_whom_ledgers_know_nothing_is_said_so(world: World, cook: Person) -> None:
    with pytest.raises(Refused):
        erase_of_pupil(world.child, by=world.viewer("gao"), why="家长申请")
