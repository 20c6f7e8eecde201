"""What is found again while it is open: nothing that was seen is lost, the graver weight holds, the office looks again."""

from datetime import date, timedelta
from typing import Any

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.files.tests.pictures import upload
from houqin.flows.rectify.actions import checking, opening
from houqin.flows.rectify.actions.opening import Found, Source
from houqin.flows.rectify.models import Cause, Finding, FindingState, Look, LookPhoto, Severity
from tests.world import NOON, World, make_unit

DOOR = Found("一号冷藏柜门不严", topic="cold-store.door", post="cook")
WORSE = Found("门掉了", "门轴断", severity=Severity.SERIOUS, red_line=True, topic="cold-store.door")


def seen(world: World, key: str, who: str = "gao", found: Found = DOOR, **more: Any) -> Finding:
    source = Source("visit", key, more.pop("at", NOON), key)
    given = {"unit": world.town if who in {"bo", "bai"} else None, "ordered": True} | more
    return opening.open_finding(world.school_a, by=world.viewer(who), found=found, source=source, **given)


def test_what_is_seen_again_is_kept_and_the_graver_weight_holds(world: World) -> None:
    row = seen(world, "visit:1")
    assert (row.check_org, row.due_on) == (world.school_a, date(2024, 3, 18))
    assert seen(world, "visit:2", "bo", WORSE, photo=upload()) == row
    row.refresh_from_db()
    assert (row.severity, row.red_line, row.check_org) == (Severity.SERIOUS, True, world.town)
    assert (row.state, row.due_on, row.returned) == (FindingState.ORDERED, date(2024, 3, 5), 0)
    look = row.looks.filter(kind=Look.Kind.FOUND).last()
    assert (look.remark, look.account, look.unit, look.photos.count()) == ("门轴断", world.bo, world.town, 1)
    told = AuditEntry.objects.get(event="rectify.seen_again").detail
    assert (told["severity_before"], told["severity"]) == (1, 3)


def test_seen_again_as_lighter_it_stays_as_it_was_weighed(world: World) -> None:
    row = seen(world, "visit:1", "bo", WORSE)
    seen(world, "visit:2")
    now = Finding.objects.get()
    assert (now.severity, now.red_line, now.check_org, now.due_on) == (3, True, world.town, row.due_on)


def test_weighed_graver_by_the_school_the_office_above_looks_again(world: World) -> None:
    row = seen(world, "visit:1")
    seen(world, "visit:2", found=WORSE)
    row.refresh_from_db()
    assert row.check_org == world.town


def test_what_nobody_has_ordered_yet_the_office_that_saw_it_looks_at_again(world: World) -> None:
    row = seen(world, "visit:1", ordered=False)
    seen(world, "visit:2", "bo")
    row.refresh_from_db()
    assert (row.state, row.check_org, row.due_on) == (FindingState.FOUND, world.town, None)


def test_reported_as_put_right_and_seen_again_it_is_not_put_right(world: World) -> None:
    row = seen(world, "visit:1")
    checking.report_fixed(row, by=world.viewer("an"), remark="调了门")
    assert seen(world, "visit:1").state == FindingState.REPORTED, "a known cause changes nothing"
    seen(world, "visit:0", at=NOON - timedelta(hours=1))
    row.refresh_from_db()
    assert (row.state, row.returned) == (FindingState.REPORTED, 0), "it was seen before it was put right"
    seen(world, "visit:2")
    row.refresh_from_db()
    assert (row.state, row.returned, row.due_on) == (FindingState.ORDERED, 1, date(2024, 3, 18))


@pytest.mark.parametrize("who", ["gao", "bo"])
def test_a_cause_that_is_known_already_changes_nothing_at_all(world: World, who: str) -> None:
    row = seen(world, "visit:1")
    before = Finding.objects.values().get()
    assert seen(world, "visit:1", who, WORSE, photo=upload()) == row
    assert Finding.objects.values().get() == before
    assert (Cause.objects.count(), Look.objects.count(), LookPhoto.objects.count()) == (1, 1, 0)


def test_another_school_that_found_it_does_not_look_again(world: World) -> None:
    row = seen(world, "visit:1", "op", unit=world.school_b)
    assert (row.found_org, row.check_org) == (world.school_b, world.town)
    world.town.closed_on = date(2024, 1, 1)
    world.town.save()
    other = seen(world, "visit:2", "op", Found("灯不亮", topic="light"), unit=world.school_b)
    assert other.check_org == world.district, "the nearest that is open"


def test_a_red_line_is_looked_at_by_the_office_above_within_the_days_of_a_serious_hazard(world: World) -> None:
    row = seen(world, "visit:1", found=Found("留样缺失", red_line=True))
    assert (row.severity, row.check_org, row.due_on) == (Severity.MINOR, world.town, date(2024, 3, 5))
    own = seen(world, "visit:2", found=Found("留样标签缺餐次", red_line=True, days=3))
    assert own.due_on == date(2024, 3, 7), "days that this very thing takes hold"


def test_what_a_school_finds_at_its_own_campus_it_looks_at_again(world: World) -> None:
    campus = make_unit(world.school_a, "campus", "东校区")
    row = opening.report_finding(campus, by=world.viewer("gao"), found=DOOR)
    assert (row.found_org, row.check_org) == (world.school_a, world.school_a)
    assert opening.report_finding(campus, by=world.viewer("gao"), found=WORSE).check_org == world.town
