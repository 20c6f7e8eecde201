"""A row of everything about duties, ledgers, seals, credentials, letters and collections at school A."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from houqin.core.people.models import Person
from houqin.core.places.actions import record_place
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.cases.actions.transferring import Letter, open_transfer
from houqin.flows.collect.tests import scene
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.duties.models import Announcement, Duty, OwnWindow, Step, Suspension, Task
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.models import Breach
from houqin.flows.letters.actions import issuing, writing
from houqin.flows.rectify.actions.opening import Found, open_finding
from houqin.flows.rectify.models import Severity
from houqin.flows.seals.models import Binder, Chain, Checkpoint
from houqin.flows.seals.rules import Mark
from houqin.modules.canteen.actions.stopping import stop_kitchen
from houqin.modules.environment.actions.toilets import hear, judge_toilets, record_fittings
from tests.world import NOON, TODAY, World

RULE = "ledger:visitors"


def keep_duties(world: World) -> None:
    """A duty, the school's own time for it, a task, a rest, a warning and a reminder."""
    at: dict[str, Any] = {"org": world.school_a}
    Duty.objects.create(
        **at, day=TODAY, rule=RULE, post="guard", opens_at=NOON - timedelta(hours=1), due_at=NOON + timedelta(hours=5)
    )
    OwnWindow.objects.create(**at, rule=RULE, opens=time(7), due=time(8), set_at=NOON)
    Task.objects.create(
        **at, title="查看屋面排水", why="汛期", post="guard", every="week", opens=time(8), due=time(17), tenth_minutes=50,
        from_on=TODAY, set_at=NOON,
    )  # fmt: skip
    Suspension.objects.create(**at, why="正在调查", since=NOON)
    Announcement.objects.create(**at, event="typhoon", words="台风黄色预警", since=NOON, until=NOON + timedelta(days=1))
    Step.objects.create(**at, kind="reminded", day=TODAY, post="guard", key="test", at=NOON)


def keep_ledgers(world: World) -> None:
    """An entry with its seal, a value out of its limit, a binder, a checkpoint held by the town."""
    at: dict[str, Any] = {"org": world.school_a}
    record_entry(world.school_a, by=world.viewer("an"), ledger="waste-oil", values={}, nothing_to_report=True)
    Breach.objects.create(
        **at, day=TODAY, entry_id=uuid4(), ledger="cold-storage", key="temperature", column="温度", value="12 °C", limit="0–8 °C",
        source="GB 31654", found_at=NOON, settles_at=NOON + timedelta(minutes=30),
    )  # fmt: skip
    Binder.objects.create(**at, first=date(2024, 1, 1), last=TODAY, asked_at=NOON)
    chain = Chain.objects.get(org=world.school_a)
    mark = Mark(chain.public_id, chain.length, bytes(32), NOON, "0123456789abcdef")
    Checkpoint.objects.create(
        **at, held_by=world.town, day=TODAY, number=chain.length, payload=mark.pack(), signature=bytes(64)
    )


def keep_papers(world: World) -> None:
    """A health certificate, a responsibility letter with its text, and a table that the town asks for."""
    person = Person.objects.filter(org=world.school_a).order_by("pk")[0]
    record_credential(
        subject_of_person(person), by=world.viewer("an"), kind="health-certificate", number="2024-0017",
        issued_on=date(2023, 9, 1), expires_on=date(2024, 8, 31), from_paper=True,
    )  # fmt: skip
    asks = writing.Asks("准时供餐", "每日晨检", "不收礼", "", "校务会")
    gao = world.viewer("gao")
    text = writing.write_pattern(world.school_a, by=gao, title="厨师责任书", year=2024, asks=asks, post="cook")
    issuing.issue_letters(by=gao, pattern=text, org=world.school_a, until=TODAY + timedelta(days=14))
    scene.sent(world)


def keep_findings(world: World) -> None:
    """A finding that waits to be put right at school A, and its kitchen stopped."""
    open_finding(
        world.school_a, by=world.viewer("gao"), found=Found("配电箱外露", severity=Severity.SERIOUS), ordered=True
    )
    stop_kitchen(
        world.school_a, by=world.viewer("gao"), reason="停水", instead="镇中心食堂送餐", boarders_instead="三餐同上"
    )


def keep_cases(world: World) -> None:
    """A case that school A hands over to another department."""
    letter = Letter("traffic", "县交警大队", "校门外非法接送车", "请依法查处。")
    open_transfer(world.school_a, by=world.viewer("gao"), letter=letter)


def keep_environment(world: World) -> None:
    """A toilet that was counted, judged, and complained of."""
    toilet = record_place(world.school_a, by=world.system, kind="room", use="toilet", name="一楼厕所")
    gao = world.viewer("gao")
    record_fittings(toilet, by=gao, boys_squats=2, boys_urinals=4, girls_squats=6, basins=3)
    judge_toilets(world.school_a, by=gao, year=TODAY.year, evidence="floors", percent=100, reason="每层都有")
    hear(toilet, by=world.system, saying="no-paper")
