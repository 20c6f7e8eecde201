"""A permission to start is refused to who lacks the paper; what has happened is recorded, and the lack stands as a breach."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from pydantic import ValidationError

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people import gates
from houqin.core.people.actions.accounts import link_person
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.gates import Lack, Lacks
from houqin.core.people.models import Person
from houqin.core.scope.refusals import Refused
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.actions.entering import amend_entry, record_entry
from houqin.flows.ledgers.definitions import definitions
from houqin.flows.ledgers.models import Breach, LedgerEntry
from tests.world import NOON, TODAY, World

FINE = {
    name: True for name in ("brakes", "steering", "lights", "tyres", "doors", "seats", "equipment", "plate", "fit")
}  # fmt: skip
QUALIFIED = {"钱师傅"}


@pytest.fixture
def drivers(world: World) -> dict[str, Person]:
    load_catalogues(by=world.system)
    lines = [RosterLine("赵师傅", "校车司机"), RosterLine("钱师傅", "校车司机")]
    made = record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2023, 9, 1))
    return {person.name: person for person in made}


@pytest.fixture(autouse=True)
def known(drivers: dict[str, Person]) -> Iterator[None]:
    """Only 钱师傅 has what law asks for; nobody lacks anything else."""
    off = {person.pk for name, person in drivers.items() if name not in QUALIFIED}

    def source(persons: Any, kinds: Any, day: date) -> Lacks:
        lack = Lack(
            "school-bus-driver",
            "校车驾驶资格",
            "Bus driver",
            True,
            True,
            "校车安全管理条例 第23条",
            day - timedelta(days=3),
        )
        return {(person, kind): [lack] for person in persons for kind in kinds if person in off}

    before = list(gates._sources)
    gates._sources[:] = [source]
    with time_machine.travel(NOON, tick=False):
        yield
    gates._sources[:] = before


def check(world: World, person: Person | None, ledger: str = "bus-check", **more: Any) -> LedgerEntry:
    values = {
        **FINE,
        "driver": {"id": str(person.public_id) if person else "", "name": person.name if person else "某人"},
    }
    given = {"values": values | more.pop("values", {}), "slot": "am"} | more
    return record_entry(world.school_a, by=world.viewer("an"), ledger=ledger, **given)


def test_the_bus_is_not_released_and_who_may_drive_is_named(world: World, drivers: dict[str, Person]) -> None:
    with pytest.raises(Refused, match="钱师傅") as refused:
        check(world, drivers["赵师傅"])
    assert refused.value.field == "driver"
    assert not LedgerEntry.objects.exists()
    assert not Breach.objects.exists()
    assert check(world, drivers["钱师傅"]).breaches == 0


def test_a_driver_whom_the_staff_list_does_not_know_is_not_released(world: World) -> None:
    with pytest.raises(Refused) as refused:
        check(world, None)
    assert refused.value.field == "driver"
    assert not LedgerEntry.objects.exists()


def test_a_name_that_is_one_of_the_staff_is_that_person(world: World, drivers: dict[str, Person]) -> None:
    assert check(world, None, values={"driver": {"id": "", "name": "钱师傅"}}).breaches == 0
    with pytest.raises(Refused):
        check(world, None, values={"driver": {"id": "", "name": "赵师傅"}}, slot="pm")


def test_a_bus_that_is_stopped_is_a_fact_whoever_looked_at_it(world: World, drivers: dict[str, Person]) -> None:
    entry = check(world, drivers["赵师傅"], values={"brakes": False, "remark": "换车"})
    assert entry.breaches == 2
    assert set(Breach.objects.values_list("key", flat=True)) == {"brakes", "driver"}


@pytest.mark.parametrize("how", [{"from_paper": True}, {"day": TODAY - timedelta(days=1), "late_because": "停电"}])
def test_what_has_happened_is_never_refused_and_stands_as_a_breach(
    world: World, drivers: dict[str, Person], how: dict[str, Any]
) -> None:
    entry = check(world, drivers["赵师傅"], **how)
    row = Breach.objects.get(entry_id=entry.public_id)
    assert (row.column, row.limit, row.by_law) == ("持证上岗", "校车驾驶资格", True)
    assert row.source == "校车安全管理条例 第23条"
    assert "赵师傅" not in f"{row.value}{row.place}{row.remark}{row.limit}"


def test_sent_later_by_a_phone_it_is_a_fact(world: World, drivers: dict[str, Person]) -> None:
    by = replace(world.viewer("an"), captured_at=NOON - timedelta(hours=2))
    values = {**FINE, "driver": {"id": str(drivers["赵师傅"].public_id), "name": "赵师傅"}}
    entry = record_entry(world.school_a, by=by, ledger="bus-check", values=values, slot="am")
    assert entry.breaches == 1


def test_the_right_driver_written_in_time_closes_the_breach(world: World, drivers: dict[str, Person]) -> None:
    entry = check(world, drivers["赵师傅"], from_paper=True)
    who = {"driver": {"id": str(drivers["钱师傅"].public_id), "name": "钱师傅"}}
    amend_entry(entry, by=world.viewer("an"), why="写错了人", values={**FINE, **who})
    assert Breach.objects.get().state == Breach.State.CORRECTED


def test_a_check_by_who_writes_it_warns_and_is_written(world: World, drivers: dict[str, Person]) -> None:
    link_person(world.wu, by=world.system, person=drivers["赵师傅"])
    world.wu.refresh_from_db()
    fine = {name: True for name in ("sign", "registered", "safety", "running", "operator")} | {"state": "used"}
    entry = record_entry(world.school_a, by=world.viewer("wu"), ledger="special-equipment", values=fine)
    assert (entry.breaches, Breach.objects.get().key) == (1, "by")
    others = record_entry(world.school_a, by=world.viewer("an"), ledger="special-equipment", values=fine, slot="pm")
    assert others.breaches == 0


def test_sent_twice_it_is_written_once(world: World, drivers: dict[str, Person]) -> None:
    first, second = (check(world, drivers["赵师傅"], from_paper=True) for _time in range(2))
    assert first.public_id == second.public_id
    assert Breach.objects.count() == 1
    assert not Duty.objects.filter(state="done").exists()


def test_gates_name_people_and_only_starts_are_refused(world: World) -> None:
    gated = {one.code: one.gate for one in definitions(TODAY) if one.gate}
    assert {code for code, gate in gated.items() if gate.release} == {"bus-check"}
    assert {"bus-escort", "special-equipment", "dormitory-patrol", "gate-duty"} <= set(gated)
    bus = next(one for one in definitions(TODAY) if one.code == "bus-check")
    with pytest.raises(ValidationError, match="names no column"):
        bus.model_validate(bus.model_dump() | {"gate": {"who": "plate"}})
