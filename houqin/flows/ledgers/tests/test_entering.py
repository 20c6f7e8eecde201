"""What is written into a ledger is judged in words, sealed once, and never in another school's name."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.people.models import Person
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.actions.entering import Implausible, amend_entry, record_entry
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.ledgers.policies import BACK_DAYS, BREACH_MINUTES
from houqin.flows.ledgers.reading import read, stored
from houqin.flows.ledgers.tests import kept
from houqin.flows.seals.models import Chain, Seal
from houqin.flows.seals.rules import commitment, digest_of
from tests.world import NOON, TODAY, World

Write = Callable[..., LedgerEntry]


@pytest.fixture
def an(world: World) -> Viewer:
    for content in (kept.COLD, kept.ROOMS, kept.MORNING, kept.VISITORS, kept.FARM):
        kept.declare(content)
    return world.viewer("an")


@pytest.fixture
def cold(world: World, an: Viewer) -> Write:
    """An writes the cold store of school A."""

    def write(temperature: Any = 45, *, by: Viewer = an, org: Any = world.school_a, **more: Any) -> LedgerEntry:
        values = {"temperature": temperature} | more.pop("values", {})
        return record_entry(org, by=by, ledger="cold-store", slot="am", values=values, **more)

    return write


def untouched() -> bool:
    return not (LedgerEntry.objects.exists() or Seal.objects.exists() or Breach.objects.exists())


def duty(world: World, rule: str = "ledger:cold-store", slot: str = "am", about: Any = None) -> Duty:
    made: Duty = Duty.objects.create(
        day=TODAY, org=world.school_a, rule=rule, slot=slot, post="cook", opens_at=NOON - timedelta(hours=2),
        due_at=NOON + timedelta(hours=1), about=about, about_key=about.pk if about else 0,
    )  # fmt: skip
    return made


def test_an_entry_is_sealed_and_its_duty_done(world: World, an: Viewer, cold: Write) -> None:
    waiting = duty(world)
    entry = cold(45, values={"clean": True, "looked_at": "07:30"})
    seal = Seal.objects.get(item_id=entry.public_id)
    assert (seal.org, seal.number, bytes(seal.digest)) == (world.school_a, 1, digest_of(entry.body))
    assert bytes(Chain.objects.get(org=world.school_a).head) == bytes(seal.seal)
    body = json.loads(entry.body)
    assert body["values"] == {"temperature": 45, "clean": True, "looked_at": "07:30"}
    assert (body["org"], body["day"], body["slot"]) == (str(world.school_a.public_id), "2024-03-04", "am")
    salt, name = json.loads(entry.personal)["by"]
    assert name == {"id": str(world.an.public_id), "name": "安师傅"}
    assert body["by"] == commitment(salt, name)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.evidence_id, waiting.account_id) == (DutyState.DONE, entry.public_id, world.an.pk)
    assert AuditEntry.objects.filter(event="ledgers.entered", subject_id=str(entry.public_id)).count() == 1
    assert not Breach.objects.exists()


def test_who_may_not_write_does_not(world: World, an: Viewer, cold: Write) -> None:
    with pytest.raises(NotVisible):
        cold(by=world.viewer("hu"))
    with pytest.raises(NotVisible):
        cold(org=world.school_c)
    with pytest.raises(PermissionDenied):
        cold(by=world.viewer("bo"))
    with pytest.raises(NotVisible):
        record_entry(world.school_a, by=an, ledger="unheard-of", values={})
    assert untouched()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "temperature"),
        ({"temperature": 4.5}, "temperature"),
        ({"temperature": "45"}, "temperature"),
        ({"temperature": 45, "clean": "yes"}, "clean"),
        ({"temperature": 45, "looked_at": "25:00"}, "looked_at"),
        ({"temperature": 45, "looked_at": "23:00"}, "looked_at"),
        ({"temperature": 45, "secret": 1}, "secret"),
        ({"temperature": 45, "clean": False}, "remark"),
    ],
)
def test_what_is_not_complete_or_not_possible_is_refused_beside_its_field(
    world: World, an: Viewer, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        record_entry(world.school_a, by=an, ledger="cold-store", slot="am", values=values)
    assert refusal.value.field == field
    assert untouched()


def test_a_hardly_possible_value_is_asked_again_and_taken_when_confirmed(cold: Write) -> None:
    with pytest.raises(Implausible) as asked:
        cold(780)
    (doubt,) = asked.value.doubts
    assert (doubt.key, doubt.likely[0]) == ("temperature", 78)
    assert "78 °C" in str(asked.value)
    assert "7.8 °C" in str(asked.value)
    assert untouched()
    entry = cold(780, confirmed=["temperature", "clean"])
    assert json.loads(entry.body)["confirmed"] == ["temperature"]
    assert Breach.objects.get().value == "78 °C"


def test_degrees_fahrenheit_are_recognised(world: World, an: Viewer) -> None:
    shi = Person.objects.create(org=world.school_a, name="石师傅")
    line = {"line": {"id": str(shi.public_id), "name": "石师傅"}, "fit": True, "body": 977}
    with pytest.raises(Implausible) as asked:
        record_entry(world.school_a, by=an, ledger="morning-check", values={}, lines=[line])
    (doubt,) = asked.value.doubts
    assert (doubt.key, doubt.likely[0]) == ("0.body", 365)
    assert untouched()


def test_times_ahead_and_long_past_are_refused_and_late_ones_need_a_cause(
    world: World, an: Viewer, cold: Write
) -> None:
    for day, field in ((date(2024, 3, 5), "day"), (date(2024, 2, 20), "day"), (date(2024, 3, 1), "late_because")):
        with pytest.raises(Refused) as refusal:
            cold(day=day)
        assert refusal.value.field == field
    ahead = replace(an, captured_at=NOON + timedelta(days=3))
    with pytest.raises(Refused):
        cold(by=ahead)
    assert untouched()
    late = cold(day=date(2024, 3, 1), late_because="停电")
    assert json.loads(late.body)["late_because"] == "停电"
    set_policy(world.town, by=world.viewer("bo"), code=BACK_DAYS, value=2, reason="镇里规定")
    with pytest.raises(Refused) as refusal:
        cold(46, day=date(2024, 3, 1), late_because="停电")
    assert "2" in str(refusal.value)
    paper = cold(47, day=date(2023, 9, 4), from_paper=True)
    assert paper.from_paper
    assert LedgerEntry.objects.count() == 2


def test_the_night_belongs_to_the_day_before(world: World, an: Viewer, cold: Write) -> None:
    night = replace(an, now=datetime(2024, 3, 4, 18, 30, tzinfo=UTC))  # 02:30 on the 5th
    assert cold(by=night, day=TODAY).late_because == ""
    morning = replace(an, now=datetime(2024, 3, 4, 23, 30, tzinfo=UTC))
    with pytest.raises(Refused):
        cold(46, by=morning, day=TODAY)


def test_captured_without_network_counts_from_when_it_was_done(an: Viewer, cold: Write) -> None:
    later = replace(an, now=NOON + timedelta(days=1), captured_at=NOON)
    entry = cold(by=later)
    assert (entry.day, entry.at, entry.recorded_at) == (TODAY, NOON, NOON + timedelta(days=1))


def test_two_phones_that_send_the_same_write_it_once_and_another_value_is_another_entry(
    an: Viewer, cold: Write
) -> None:
    first = cold(45)
    again = cold(45, by=replace(an, captured_at=NOON - timedelta(minutes=20)))
    assert again.public_id == first.public_id
    other = cold(46)
    assert other.public_id != first.public_id
    assert (LedgerEntry.objects.count(), Seal.objects.count()) == (2, 2)
    assert AuditEntry.objects.filter(event="ledgers.entered").count() == 2


def test_where_no_duty_asks_the_minute_tells_two_alike_apart(world: World, an: Viewer) -> None:
    def visit(by: Viewer) -> LedgerEntry:
        return record_entry(world.school_a, by=by, ledger="visitors", values={}, lines=[{"name": "王芳"}])

    first = visit(an)
    assert visit(an).public_id == first.public_id
    assert visit(replace(an, now=NOON + timedelta(hours=1))).public_id != first.public_id


def test_nothing_to_report_is_an_entry_where_events_are_listed(world: World, an: Viewer, cold: Write) -> None:
    entry = record_entry(world.school_a, by=an, ledger="visitors", values={}, nothing_to_report=True)
    assert entry.nothing_to_report
    with pytest.raises(Refused):
        record_entry(world.school_a, by=an, ledger="cold-store", values={}, nothing_to_report=True)
    with pytest.raises(Refused):
        record_entry(world.school_a, by=an, ledger="visitors", values={})
    with pytest.raises(Refused):
        record_entry(
            world.school_a, by=an, ledger="visitors", values={}, lines=[{"name": "王芳"}], nothing_to_report=True
        )
    assert LedgerEntry.objects.count() == 1


def test_a_place_or_person_of_another_school_does_not_exist_here(world: World, an: Viewer, cold: Write) -> None:
    theirs = kept.make_place(world.school_b, "二号冰柜")
    stranger = Person.objects.create(org=world.school_c, name="外人")
    with pytest.raises(NotVisible):
        cold(about=theirs.subject)
    room = {"line": {"id": str(theirs.public_id), "name": "二号冰柜"}, "door": "sound"}
    with pytest.raises(NotVisible):
        record_entry(world.school_a, by=an, ledger="rooms", values={}, lines=[room])
    line = {"line": {"id": str(stranger.public_id), "name": "外人"}, "fit": True, "body": 365}
    with pytest.raises(NotVisible):
        record_entry(world.school_a, by=an, ledger="morning-check", values={}, lines=[line])
    assert untouched()


def test_a_list_of_rooms_does_the_duty_of_each_room_in_it(world: World, an: Viewer) -> None:
    rooms = [kept.make_place(world.school_a, f"{n}室", "dormitory-room") for n in (101, 102, 103)]
    duties = [duty(world, "ledger:rooms", "", room.subject) for room in rooms]
    lines = [{"line": {"id": str(room.public_id), "name": room.name}, "door": "sound"} for room in rooms[:2]]
    lines[1] |= {"door": "broken", "remark": "已报修"}
    entry = record_entry(world.school_a, by=an, ledger="rooms", values={}, lines=lines)
    for one in duties:
        one.refresh_from_db()
    assert [one.state for one in duties] == ["done", "done", "open"]
    breach = Breach.objects.get()
    assert (breach.place, breach.value, breach.limit, breach.remark) == ("102室", "损坏", "完好", "已报修")
    assert json.loads(entry.body)["out"] == ["1.door"]


def test_a_second_person_signs_or_the_remark_says_why_not(world: World, an: Viewer) -> None:
    kept.declare(kept.FARM | {"demand": "law"}, version=2)

    def write(**more: Any) -> LedgerEntry:
        return record_entry(
            world.school_a, by=an, ledger="farm", values={"what": "浇水"} | more.pop("values", {}), **more
        )

    for second in (None, world.an):
        with pytest.raises(Refused) as refusal:
            write(second=second)
        assert refusal.value.field == "second"
    assert untouched()
    entry = write(second=world.shi)
    assert read([entry], world.viewer("gao"))[0].second == "石师傅"
    assert write(values={"remark": "只有一人在校"}).personal != ""


def test_a_ledger_of_choice_is_written_only_where_it_is_kept(world: World, an: Viewer) -> None:
    with pytest.raises(Refused):
        record_entry(world.school_a, by=an, ledger="farm", values={"what": "浇水"}, second=world.shi)
    assert untouched()


def test_names_are_masked_for_those_they_are_not_for(world: World, an: Viewer) -> None:
    shi = Person.objects.create(org=world.school_a, name="石师傅")
    line = {"line": {"id": str(shi.public_id), "name": "石师傅"}, "fit": True, "body": 380}
    entry = record_entry(world.school_a, by=an, ledger="morning-check", values={}, lines=[line])
    assert "石师傅" not in entry.body
    assert not re.search(r"\b380\b", entry.body)  # a hash may hold these digits by chance
    assert Breach.objects.get().value == "***"
    assert Breach.objects.get().place == ""
    seen = {name: read([entry], world.viewer(name))[0].lines[0] for name in ("gao", "an", "shi", "eve")}
    assert [(one.label, one.cells[0].words) for one in seen.values()] == [
        ("石师傅", "38 °C"), ("石师傅", "38 °C"), ("石**", "***"), ("石**", "***"),
    ]  # fmt: skip
    assert stored(entry) == ({}, [line])


def test_a_person_as_what_it_is_about_leaves_no_name_in_the_text(world: World, cold: Write) -> None:
    shi = Person.objects.create(org=world.school_a, name="石师傅")
    entry = cold(about=subject_of_person(shi))
    assert "石师傅" not in entry.body


def test_an_amendment_stands_beside_what_it_amends(world: World, an: Viewer, cold: Write) -> None:
    first = cold(92)
    for values, why in (({"temperature": 45}, " "), ({"temperature": 92}, "看错")):
        with pytest.raises(Refused):
            amend_entry(first, by=an, why=why, values=values)
    with pytest.raises(NotVisible):
        amend_entry(first, by=world.viewer("hu"), why="看错", values={"temperature": 45})
    assert LedgerEntry.objects.count() == 1
    right = amend_entry(first, by=an, why="看错", values={"temperature": 45})
    assert (right.amends, right.why, right.day, right.slot) == (first.public_id, "看错", first.day, "am")
    assert amend_entry(first, by=an, why="看错", values={"temperature": 45}).public_id == right.public_id
    with pytest.raises(Refused):
        amend_entry(first, by=an, why="又看错", values={"temperature": 44})
    last = amend_entry(right, by=an, why="再看", values={"temperature": 44})
    assert list(LedgerEntry.objects.standing()) == [last]
    assert read([first], an)[0].amended_by == right
    assert Seal.objects.count() == LedgerEntry.objects.count() == 3


def test_how_long_a_breach_waits_is_a_local_rule(world: World, cold: Write) -> None:
    set_policy(world.town, by=world.viewer("bo"), code=BREACH_MINUTES, value=10, reason="镇里规定")
    cold(92)
    breach = Breach.objects.get()
    assert (breach.settles_at, breach.limit, breach.source, breach.by_law) == (
        NOON + timedelta(minutes=10),
        "≤ 8 °C",
        "GB 31654",
        False,
    )
