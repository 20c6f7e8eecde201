"""Whom a finding binds does not take it back, put it off or weigh it lighter: an office above does."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.tests.asking import local
from houqin.flows.rectify.actions import checking, opening, ordering
from houqin.flows.rectify.actions.climbing import tell_next_levels
from houqin.flows.rectify.actions.opening import Found
from houqin.flows.rectify.models import Climb, Finding, FindingState, Severity
from houqin.flows.rectify.policies import HIGHER_FROM
from tests.world import NOON, World

WET = Found("台面有水", post="cook")
LEAK = Found("燃气泄漏", severity=Severity.SERIOUS, post="cook")
RED = Found("留样缺失", red_line=True, post="cook")


def own(world: World, found: Found = WET, *, ordered: bool = True) -> Finding:
    return opening.open_finding(world.school_a, by=world.viewer("gao"), found=found, ordered=ordered)


def take_back(world: World, row: Finding, who: str = "gao") -> str:
    opening.void_finding(row, by=world.viewer(who), reason="看错")
    return str(Finding.objects.get(pk=row.pk).state)


@pytest.mark.parametrize("found", [LEAK, RED])
def test_a_school_takes_back_nothing_weighty_once_it_is_ordered(world: World, found: Found) -> None:
    row = own(world, found)
    with pytest.raises(Refused):
        take_back(world, row)
    assert Finding.objects.get().state == FindingState.ORDERED
    assert take_back(world, row, "bo") == FindingState.VOID
    assert take_back(world, own(world, found, ordered=False)) == FindingState.VOID, "nobody has ordered it yet"


def test_local_rules_say_what_is_weighty(world: World) -> None:
    row = own(world)
    set_policy(world.town, by=world.viewer("bo"), code=HIGHER_FROM, value=1, reason="从严")
    with pytest.raises(Refused):
        take_back(world, row)
    assert take_back(world, row, "bo") == FindingState.VOID


@pytest.mark.parametrize("pressed", ["climbed", "supervised_by"])
def test_a_school_does_not_take_back_what_offices_have_an_eye_on(world: World, pressed: str) -> None:
    row = own(world)
    Finding.objects.update(**{pressed: 1 if pressed == "climbed" else world.district})
    with pytest.raises(Refused):
        take_back(world, row)
    assert take_back(world, row, "bo") == FindingState.VOID


def test_who_put_it_right_does_not_take_it_back(world: World) -> None:
    row = own(world)
    checking.report_fixed(row, by=world.viewer("gao"), remark="擦干")
    with pytest.raises(Refused):
        take_back(world, row)
    assert Finding.objects.get().state == FindingState.REPORTED
    assert take_back(world, row, "bo") == FindingState.VOID


def test_what_an_office_looks_at_again_it_takes_back_itself(world: World) -> None:
    row = opening.report_finding(world.school_a, by=world.viewer("op"), found=WET)
    Finding.objects.update(found_org=world.school_a, check_org=world.district)
    for who in ("gao", "bo"):
        with pytest.raises(Refused):
            take_back(world, row, who)
    assert take_back(world, row, "op") == FindingState.VOID


def again(world: World, row: Finding, until: date, who: str = "gao", now: datetime = NOON, **more: Any) -> Finding:
    given = {"post": "cook", "until": until, "reason": "缺件"} | more
    return ordering.order_rectification(row, by=world.viewer(who, now), **given)


def test_a_later_day_has_a_reason_and_is_counted(world: World) -> None:
    row = own(world)
    later = row.due_on + timedelta(days=2)
    with pytest.raises(Refused) as refusal:
        again(world, row, later, reason=" ")
    assert (refusal.value.field, Finding.objects.get().due_on) == ("reason", row.due_on)
    again(world, row, later)
    again(world, row, row.due_on, reason="")
    row.refresh_from_db()
    assert (row.due_on, row.extended) == (date(2024, 3, 18), 1)


def test_what_is_late_an_office_alone_puts_off_and_what_was_told_stays_told(world: World) -> None:
    row = own(world)
    late = local(date(2024, 3, 19), 10)
    assert tell_next_levels(by=system_viewer(now=late)) == 1
    with pytest.raises(Refused, match=r"逾期|late"):
        again(world, row, date(2024, 3, 29), now=late)
    row.refresh_from_db()
    assert (row.due_on, row.extended, row.climbed) == (date(2024, 3, 18), 0, 1)
    again(world, row, date(2024, 3, 22), "bo", late)
    row.refresh_from_db()
    assert (row.due_on, row.extended, row.climbed) == (date(2024, 3, 22), 1, 1)
    with pytest.raises(Refused, match=r"逾期|late"):
        again(world, row, date(2024, 3, 29), now=late)
    assert tell_next_levels(by=system_viewer(now=local(date(2024, 3, 25), 10))) == 1, "by its new day it begins anew"
    assert list(Climb.objects.order_by("pk").values_list("due_on", "level")) == [
        (date(2024, 3, 18), 1), (date(2024, 3, 22), 1),
    ]  # fmt: skip


def test_a_school_does_not_grant_itself_time_for_what_is_late(world: World) -> None:
    row = own(world)
    late = local(date(2024, 3, 19), 10)
    ordering.ask_for_time(row, by=world.viewer("an", late), until=date(2024, 3, 29), reason="缺件")
    with pytest.raises(Refused, match=r"逾期|late"):
        ordering.answer_for_time(row, by=world.viewer("gao", late), grant=True, answer="")
    assert row.extensions.get().granted is None
    ordering.answer_for_time(row, by=world.viewer("bo", late), grant=True, answer="")
    assert Finding.objects.get().due_on == date(2024, 3, 29)


@pytest.mark.parametrize(("severity", "last"), [(1, 18), (2, 11), (3, 5)])
def test_a_first_order_keeps_to_the_days_that_its_severity_allows(world: World, severity: int, last: int) -> None:
    row = own(world, ordered=False)
    with pytest.raises(Refused) as refusal:
        again(world, row, date(2024, 3, last + 1), severity=severity)
    assert (refusal.value.field, Finding.objects.get().state) == ("until", FindingState.FOUND)
    assert again(world, row, date(2024, 3, last), severity=severity).due_on == date(2024, 3, last)
    other = own(world, ordered=False)
    assert again(world, other, date(2024, 3, 29), "bo", severity=severity).due_on == date(2024, 3, 29)


@pytest.mark.parametrize("found", [LEAK, Found("灶台漏油", severity=Severity.GENERAL)])
def test_what_is_weighty_an_office_alone_weighs_lighter_and_the_trail_tells(world: World, found: Found) -> None:
    set_policy(world.town, by=world.viewer("bo"), code=HIGHER_FROM, value=2, reason="从严")
    row = own(world, found, ordered=False)
    with pytest.raises(Refused) as refusal:
        again(world, row, date(2024, 3, 5), severity=Severity.MINOR)
    assert (refusal.value.field, Finding.objects.get().severity) == ("severity", found.severity)
    again(world, row, date(2024, 3, 5))
    again(world, row, date(2024, 3, 6), "bo", severity=Severity.MINOR, reason="误判")
    told = AuditEntry.objects.filter(event="rectify.ordered").latest("pk").detail
    assert {name: told[name] for name in ("severity", "severity_before", "on", "on_before", "reason")} == {
        "severity": 1, "severity_before": found.severity, "on": "2024-03-06", "on_before": "2024-03-05", "reason": "误判",
    }  # fmt: skip


def as_seen(world: World, row: Finding, who: str) -> str:
    done = checking.close_as_seen(row, by=world.viewer(who), remark="当场擦干", name="石师傅", account=world.shi)
    return str(done.state)


def test_in_a_self_check_nothing_is_closed_that_an_office_looks_at_again(world: World) -> None:
    oil = Found("灶台漏油", severity=Severity.GENERAL)
    assert as_seen(world, own(world, oil), "gao") == FindingState.CLOSED
    set_policy(world.town, by=world.viewer("bo"), code=HIGHER_FROM, value=2, reason="从严")
    row = own(world, oil)
    with pytest.raises(Refused, match=r"复查|looks again"):
        as_seen(world, row, "gao")
    row.refresh_from_db()
    assert (row.state, row.on_the_spot, row.looks.count()) == (FindingState.ORDERED, False, 1)
    assert as_seen(world, row, "bo") == FindingState.CLOSED
