"""What a probe measured is the ledger's entry of that refrigerator: once a day, marked as a machine's, never over a person's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.orgs.models import OrgUnit
from houqin.core.places.actions import record_place
from houqin.core.places.models import Place
from houqin.core.scope.viewer import system_viewer
from houqin.edge.api.models import Reading
from houqin.edge.api.tests.caller import Caller, device
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.actions.adopting import adopt_ledger
from houqin.flows.ledgers.actions.entering import amend_entry, record_entry
from houqin.flows.ledgers.actions.settling import settle_breaches
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import resolved
from houqin.flows.ledgers.forms.sheet import sheet_for
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.reading import read, stored
from houqin.flows.rectify.models import Cause, Finding
from houqin.flows.seals.actions.checkpoints import make_checkpoints
from houqin.flows.seals.checking import check
from houqin.flows.seals.models import Chain
from tests.world import NOON, TODAY, World

MORNING = datetime(2024, 3, 4, 0, 5, tzinfo=UTC)
"""Five past eight; the ledger's window is from six to ten."""
DAY = timedelta(days=1)


@pytest.fixture
def kitchen(world: World) -> World:
    load_catalogues(by=world.system)
    due(world.school_a)
    return world


def due(org: OrgUnit, days: int = 0) -> Duty:
    opens = datetime(2024, 3, 3, 22, 0, tzinfo=UTC) + days * DAY
    made: Duty = Duty.objects.create(
        day=TODAY + days * DAY, org=org, rule="ledger:cold-storage", post="storekeeper", opens_at=opens,
        due_at=opens + timedelta(hours=4),
    )  # fmt: skip
    return made


def fridge(world: World, name: str = "一号冰箱", org: OrgUnit | None = None, use: str = "refrigerator") -> Place:
    return record_place(org or world.school_a, by=world.system, kind="refrigerator", name=name, use=use)


def sends(probe: Caller, *tenths: int, since: datetime = MORNING) -> list[dict[str, Any]]:
    """Every five minutes one."""
    readings = [
        {"at": (since + number * timedelta(minutes=5)).isoformat(), "tenths": value}
        for number, value in enumerate(tenths)
    ]
    answer = probe.post("devices/temperatures", {"readings": readings})
    assert answer.status_code == 201, answer.content.decode()
    return list(answer.json()["items"])


def line(place: Place, tenths: int, **more: Any) -> dict[str, Any]:
    named = {"id": str(place.public_id), "name": place.name}
    return {"line": named, "use": place.use.replace("-", "_"), "temperature": tenths} | more


def written(world: World, **more: Any) -> list[dict[str, Any]]:
    rows = LedgerEntry.objects.filter(**{"org": world.school_a} | more).select_related("org").order_by("pk")
    return [one for row in rows for one in stored(row)[1]]


def is_open(org: OrgUnit) -> bool:
    return Duty.objects.open().filter(org=org).exists()


def test_the_first_reading_of_the_window_is_the_entry_marked_as_a_machine_s(kitchen: World) -> None:
    place = fridge(kitchen)
    probe = device(kitchen.gao, "probe", place)
    sends(probe, 45, 47, 44)
    told = written(kitchen)[0]
    assert told == line(place, 45, remark=told["remark"])
    assert ("设备 probe" in told["remark"], "08:05" in told["remark"]) == (True, True)
    entry, duty = LedgerEntry.objects.get(), Duty.objects.get()
    assert (entry.account, entry.day, entry.at, entry.breaches) == (None, TODAY, MORNING, 0)
    assert (duty.state, duty.evidence_id, duty.account, duty.done_at) == ("done", entry.public_id, None, MORNING)
    trail = AuditEntry.objects.get(event="ledgers.entered")
    assert (trail.channel, trail.actor_name, trail.actor_id) == ("device", "设备 probe", None)
    assert read([entry], kitchen.viewer("bo"))[0].who == "设备 probe", "a device's name is no person's"


def test_readings_sent_again_or_later_write_nothing_more(kitchen: World) -> None:
    probe = device(kitchen.gao, "probe", fridge(kitchen))
    for _time in range(2):
        sends(probe, 45, 47)
    sends(probe, 50, since=MORNING + timedelta(minutes=30))
    assert (LedgerEntry.objects.count(), Reading.objects.count()) == (1, 3)


def test_outside_the_window_and_without_a_duty_nothing_is_written(kitchen: World) -> None:
    probe = device(kitchen.gao, "probe", fridge(kitchen))
    sends(probe, 45, since=MORNING - timedelta(hours=3))
    sends(probe, 45, since=MORNING + timedelta(hours=3))
    Duty.objects.update(state="suspended")
    sends(probe, 45)
    assert not LedgerEntry.objects.exists()
    assert Reading.objects.count() == 3


def test_what_no_probe_measures_a_person_writes_and_is_asked_for_alone(kitchen: World) -> None:
    first, second = fridge(kitchen), fridge(kitchen, "冰柜", use="freezer")
    sends(device(kitchen.gao, "probe", first), 45)
    assert is_open(kitchen.school_a), "one of two"
    an = kitchen.viewer("an")
    sheet = sheet_for(resolved("cold-storage", kitchen.school_a, TODAY), kitchen.school_a, an, day=TODAY)
    assert [one.name for one in sheet.lines] == ["冰柜"]
    sends(device(kitchen.gao, "probe", second), -180)
    assert not is_open(kitchen.school_a)
    assert [(one["line"]["name"], one["temperature"]) for one in written(kitchen)] == [("一号冰箱", 45), ("冰柜", -180)]
    sheet = sheet_for(resolved("cold-storage", kitchen.school_a, TODAY), kitchen.school_a, an, day=TODAY)
    assert len(sheet.lines) == 2, "who wants to read them again may"


def test_what_a_person_wrote_stays_as_it_is(kitchen: World) -> None:
    place = fridge(kitchen)
    with time_machine.travel(MORNING, tick=False):
        record_entry(
            kitchen.school_a, by=kitchen.viewer("an", now=MORNING), ledger="cold-storage", values={},
            lines=[line(place, 52)], completes=False,
        )  # fmt: skip
    sends(device(kitchen.gao, "probe", place), 45)
    assert written(kitchen) == [line(place, 52)]


def test_a_person_puts_a_machine_s_value_right_by_an_amendment(kitchen: World) -> None:
    place = fridge(kitchen)
    probe = device(kitchen.gao, "probe", place)
    sends(probe, 45)
    amend_entry(
        LedgerEntry.objects.select_related("org").get(), by=kitchen.viewer("an"), why="探头掉在门外", values={},
        lines=[line(place, 30)],
    )  # fmt: skip
    sends(probe, 60, since=MORNING + timedelta(minutes=20))
    assert [one["temperature"] for one in written(kitchen)] == [45, 30]


def test_what_is_too_warm_is_one_finding_whether_ledger_or_probe_tells_it(kitchen: World) -> None:
    sends(device(kitchen.gao, "probe", fridge(kitchen)), 95, 96)
    assert LedgerEntry.objects.get().breaches == 1
    assert Finding.objects.count() == 1
    later = NOON + timedelta(minutes=31)
    with time_machine.travel(later, tick=False):
        settle_breaches(by=system_viewer(now=later))
    assert Finding.objects.count() == 1
    assert sorted(Cause.objects.values_list("kind", flat=True)) == ["alarm", "ledger"]


def test_what_is_hardly_possible_is_kept_and_not_entered(kitchen: World) -> None:
    probe = device(kitchen.gao, "probe", fridge(kitchen))
    sends(probe, -999)
    assert is_open(kitchen.school_a)
    sends(probe, 850, 41, since=MORNING + timedelta(minutes=20))
    assert [one["temperature"] for one in written(kitchen)] == [41]
    assert Reading.objects.count() == 3


def test_where_the_school_asks_for_more_than_a_probe_knows_a_person_writes(kitchen: World) -> None:
    frost = Column(code="frost", zh="结霜", en="Frost", kind="yes_no", expects=False)
    adopt_ledger(
        kitchen.school_a, by=kitchen.viewer("gao"), ledger="cold-storage", why="冰箱老旧", of_lines=[frost]
    )  # fmt: skip
    sends(device(kitchen.gao, "probe", fridge(kitchen)), 45)
    assert (LedgerEntry.objects.count(), Reading.objects.count()) == (0, 1)
    assert is_open(kitchen.school_a)


def test_another_school_s_ledger_is_not_touched(kitchen: World) -> None:
    due(kitchen.school_b)
    mine, theirs = fridge(kitchen), fridge(kitchen, org=kitchen.school_b)
    sends(device(kitchen.gao, "probe", mine), 45)
    assert is_open(kitchen.school_b)
    assert written(kitchen, org=kitchen.school_b) == []
    answer = device(kitchen.gao, "scale", theirs).post("devices/temperatures", {"readings": []})
    assert answer.status_code == 422
    sends(device(kitchen.hu, "probe", theirs), 51)
    assert [one["temperature"] for one in written(kitchen)] == [45]
    assert [one["temperature"] for one in written(kitchen, org=kitchen.school_b)] == [51]


def test_a_day_that_is_over_and_signed_is_not_written_any_more(kitchen: World) -> None:
    place, before = fridge(kitchen), MORNING - DAY
    missed = due(kitchen.school_a, days=-1)
    with time_machine.travel(before, tick=False):
        record_entry(
            kitchen.school_a, by=kitchen.viewer("an", now=before), ledger="cold-storage", values={},
            lines=[line(place, 52)], completes=False,
        )  # fmt: skip
    make_checkpoints(by=kitchen.system)
    chain = Chain.objects.get()
    sends(device(kitchen.gao, "probe", place), 45, 46, since=before)
    missed.refresh_from_db()
    assert (missed.state, Chain.objects.get().length, LedgerEntry.objects.count()) == ("open", chain.length, 1)
    sends(device(kitchen.gao, "probe", place), 47)
    assert [one["temperature"] for one in written(kitchen)] == [52, 47]
    assert check(Chain.objects.get()).clean


def test_the_ledger_is_asked_once_for_each_batch(kitchen: World) -> None:
    probe = device(kitchen.gao, "probe", fridge(kitchen))
    counts = []
    for many in (2, 20):
        with CaptureQueriesContext(connection) as told:
            sends(probe, *[45] * many, since=NOON - timedelta(minutes=5 * many))
        counts.append(sum("duties_duty" in one["sql"] for one in told))
    assert counts == [1, 1]
