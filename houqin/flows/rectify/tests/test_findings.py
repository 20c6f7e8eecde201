"""From a finding to its closing: who orders, who puts it right, and that somebody else looks again."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions.pins import set_pin
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.rectify.actions import checking, opening, ordering
from houqin.flows.rectify.actions.opening import Found, Source
from houqin.flows.rectify.actions.ordering import Five
from houqin.flows.rectify.models import Cause, Finding, FindingState, Look, Severity
from houqin.flows.rectify.policies import FIVE_FROM
from houqin.flows.rectify.queries import to_fix, to_order, to_recheck
from houqin.flows.rectify.today import findings_due
from tests.world import NOON, TODAY, World

FIVE = Five("换密封条，先把食材移到二号柜", 20_000, "公用经费", "每两小时测一次温度")
FRIDGE = Found("一号冷藏柜门不严", severity=Severity.GENERAL, topic="cold-store.door", post="storekeeper")


def opened(world: World, who: str = "wu", **more: Any) -> Finding:
    return opening.open_finding(world.school_a, by=world.viewer(who), found=more.pop("found", FRIDGE), **more)


def ordered(world: World, **more: Any) -> Finding:
    return opened(world, "gao", ordered=True, place="一号冷藏柜", **more)


def source(key: str, at: datetime = NOON) -> Source:
    return Source("visit", key, at, f"记录 {key}")


def fixed(world: World, row: Finding, who: str = "an") -> Finding:
    if row.severity > Severity.MINOR and not row.plans.exists():
        ordering.plan_rectification(row, by=world.viewer(who), post="storekeeper", five=FIVE, finish=row.due_on)
    return checking.report_fixed(row, by=world.viewer(who), remark="换了密封条")


def unchanged(row: Finding, state: FindingState) -> None:
    row.refresh_from_db()
    assert row.state == state
    assert not row.looks.exclude(kind=Look.Kind.FOUND).exists()


def test_anybody_of_the_school_reports_and_the_head_orders(world: World) -> None:
    row = opened(world)
    assert (row.state, row.number, row.nth, row.due_on) == (FindingState.FOUND, "WT-20240304-0001", 1, None)
    assert list(to_order(world.viewer("gao"))) == [row]
    assert list(to_order(world.viewer("bo"))) == []
    ordering.order_rectification(
        row, by=world.viewer("gao"), post="storekeeper", until=date(2024, 3, 6), severity=Severity.GENERAL
    )
    row.refresh_from_db()
    assert (row.state, row.due_on, row.check_org) == (FindingState.ORDERED, date(2024, 3, 6), world.school_a)
    assert AuditEntry.objects.filter(event="rectify.ordered", subject_id=str(row.public_id)).count() == 1


def test_the_day_follows_from_the_severity(world: World) -> None:
    assert ordered(world).due_on == date(2024, 3, 11)
    serious = ordered(world, found=Found("燃气泄漏", severity=Severity.SERIOUS))
    assert (serious.due_on, serious.check_org) == (date(2024, 3, 5), world.town)


def test_the_same_cause_opens_once_and_another_of_the_same_thing_is_written_beside_it(world: World) -> None:
    row = ordered(world, source=source("visit:1"))
    assert ordered(world, source=source("visit:1")) == row
    assert ordered(world, source=source("visit:2")) == row
    assert [one.key for one in row.causes.all()] == ["visit:1", "visit:2"]
    assert Finding.objects.count() == 1


def test_found_again_after_it_was_closed_it_is_the_second_time(world: World) -> None:
    row = ordered(world, source=source("visit:1"))
    fixed(world, row)
    checking.pass_recheck(row, by=world.viewer("gao"))
    again = ordered(world, source=source("visit:2"))
    assert (again.nth, again.repeats) == (2, row)
    other = opened(world, "gao", place="二号冷藏柜")
    assert (other.nth, other.repeats) == (1, None)


def test_the_way_to_its_closing(world: World) -> None:
    row = ordered(world)
    fixed(world, row)
    assert list(to_recheck(world.viewer("gao"))) == [row]
    checking.return_recheck(row, by=world.viewer("gao"), remark="门还是关不严")
    row.refresh_from_db()
    assert (row.state, row.returned, row.due_on) == (FindingState.ORDERED, 1, date(2024, 3, 11))
    fixed(world, row)
    closed = checking.pass_recheck(row, by=world.viewer("gao"), remark="关得严")
    assert (closed.state, closed.closed_at) == (FindingState.CLOSED, NOON)
    assert [one.kind for one in row.looks.all()] == ["found", "fixed", "returned", "fixed", "passed"]


def test_whoever_put_it_right_does_not_look_again(world: World) -> None:
    row = ordered(world)
    fixed(world, row, "gao")
    with pytest.raises(Refused, match=r"不复查|Whoever put it right"):
        checking.pass_recheck(row, by=world.viewer("gao"))
    row.refresh_from_db()
    assert (row.state, row.looks.filter(kind=Look.Kind.PASSED).count()) == (FindingState.REPORTED, 0)


def test_a_serious_hazard_is_looked_at_by_the_office_above(world: World) -> None:
    row = ordered(world, found=Found("配电箱外露", severity=Severity.SERIOUS))
    fixed(world, row)
    with pytest.raises(Refused, match=r"复查|looks again"):
        checking.pass_recheck(row, by=world.viewer("gao"))
    row.refresh_from_db()
    assert row.state == FindingState.REPORTED
    assert checking.pass_recheck(row, by=world.viewer("bo")).state == FindingState.CLOSED


def test_all_five_parts_are_asked_for_from_the_severity_set_by_local_rules(world: World) -> None:
    row = ordered(world)
    for five, field in (
        (Five(""), "measures"),
        (Five("换"), "funds_fen"),
        (Five("换", 100), "funds_from"),
        (Five("换", 0), "contingency"),
    ):
        with pytest.raises(Refused) as refusal:
            ordering.plan_rectification(row, by=world.viewer("an"), post="storekeeper", five=five, finish=TODAY)
        assert refusal.value.field == field
    assert not row.plans.exists()
    with pytest.raises(Refused):
        checking.report_fixed(row, by=world.viewer("an"), remark="换了")
    unchanged(row, FindingState.ORDERED)
    minor = ordered(world, found=Found("台面有水"))
    assert checking.report_fixed(minor, by=world.viewer("an"), remark="擦干").state == FindingState.REPORTED
    set_policy(world.town, by=world.viewer("bo"), code=FIVE_FROM, value=1, reason="从严")
    strict = ordered(world, found=Found("地面有水"))
    with pytest.raises(Refused):
        checking.report_fixed(strict, by=world.viewer("an"), remark="擦干")


def test_more_time_is_asked_for_and_answered_by_somebody_else(world: World) -> None:
    row = ordered(world)
    later = row.due_on + timedelta(days=7)
    with pytest.raises(Refused):
        ordering.ask_for_time(row, by=world.viewer("an"), until=row.due_on, reason="缺件")
    ordering.ask_for_time(row, by=world.viewer("gao"), until=later, reason="缺件")
    with pytest.raises(Refused):
        ordering.ask_for_time(row, by=world.viewer("gao"), until=later, reason="缺件")
    with pytest.raises(Refused, match=r"yourself|本人"):
        ordering.answer_for_time(row, by=world.viewer("gao"), grant=True, answer="")
    assert Finding.objects.get().due_on == date(2024, 3, 11)
    ordering.answer_for_time(row, by=world.viewer("bo"), grant=True, answer="")
    assert Finding.objects.get().due_on == later
    assert row.extensions.get().granted is True


def test_a_refused_extension_says_why_and_changes_nothing(world: World) -> None:
    row = ordered(world)
    ordering.ask_for_time(row, by=world.viewer("an"), until=date(2024, 4, 1), reason="缺件")
    with pytest.raises(Refused):
        ordering.answer_for_time(row, by=world.viewer("gao"), grant=False, answer=" ")
    ordering.answer_for_time(row, by=world.viewer("gao"), grant=False, answer="先用备用柜")
    assert Finding.objects.get().due_on == date(2024, 3, 11)


def test_on_the_spot_two_people_close_it_at_once(world: World) -> None:
    set_pin(by=world.viewer("gao"), pin="314159")
    world.gao.refresh_from_db()
    row = opened(world, found=Found("台面有水"))
    with pytest.raises(Refused):
        checking.fix_on_the_spot(row, by=world.viewer("wu"), witness=world.wu, pin="314159", remark="擦干")
    with pytest.raises(Refused):
        checking.fix_on_the_spot(row, by=world.viewer("wu"), witness=world.gao, pin="000000", remark="擦干")
    unchanged(row, FindingState.FOUND)
    done = checking.fix_on_the_spot(row, by=world.viewer("wu"), witness=world.gao, pin="314159", remark="擦干")
    assert (done.state, done.on_the_spot, done.looks.last().account) == (FindingState.CLOSED, True, world.gao)
    serious = opened(world, found=Found("插座冒烟", severity=Severity.SERIOUS))
    with pytest.raises(Refused):
        checking.fix_on_the_spot(serious, by=world.viewer("wu"), witness=world.gao, pin="314159", remark="断电")


def test_an_office_takes_a_serious_hazard_under_supervision(world: World) -> None:
    row = ordered(world, found=Found("配电箱外露", severity=Severity.SERIOUS))
    with pytest.raises(PermissionDenied):
        ordering.supervise(row, by=world.viewer("gao"), unit=world.school_a, reason="老问题")
    ordering.supervise(row, by=world.viewer("op"), unit=world.district, reason="老问题")
    row.refresh_from_db()
    assert (row.supervised_by, row.check_org) == (world.district, world.district)
    with pytest.raises(Refused):
        ordering.supervise(opened(world), by=world.viewer("bo"), unit=world.town, reason="小事")


def test_a_mistake_is_taken_back_with_its_reason_and_is_found_no_second_time(world: World) -> None:
    row = ordered(world)
    opening.void_finding(row, by=world.viewer("gao"), reason="看错了柜号")
    row.refresh_from_db()
    assert (row.state, row.closed_why) == (FindingState.VOID, "看错了柜号")
    with pytest.raises(Refused):
        opening.void_finding(row, by=world.viewer("gao"), reason="再来")
    assert ordered(world).nth == 1


def test_what_is_settled_stays_so(world: World) -> None:
    row = ordered(world, found=Found("台面有水"))
    fixed(world, row)
    checking.pass_recheck(row, by=world.viewer("gao"))
    for deed in (
        lambda: checking.report_fixed(row, by=world.viewer("an"), remark="又擦"),
        lambda: checking.pass_recheck(row, by=world.viewer("gao")),
        lambda: checking.return_recheck(row, by=world.viewer("gao"), remark="脏"),
        lambda: ordering.order_rectification(row, by=world.viewer("gao"), post="cook", until=TODAY, severity=1),
        lambda: ordering.ask_for_time(row, by=world.viewer("an"), until=date(2024, 5, 1), reason="缺件"),
        lambda: opening.void_finding(row, by=world.viewer("gao"), reason="错"),
    ):
        with pytest.raises(Refused):
            deed()
    assert Finding.objects.get().state == FindingState.CLOSED


@pytest.mark.parametrize("who", ["hu", "chen"])
def test_another_school_and_city_see_and_do_nothing(world: World, who: str) -> None:
    row = ordered(world)
    viewer = world.viewer(who)
    assert not Finding.objects.visible_to(viewer).exists()
    for deed in (
        lambda: opening.open_finding(world.school_a, by=viewer, found=FRIDGE),
        lambda: checking.report_fixed(row, by=viewer, remark="擦干"),
        lambda: checking.pass_recheck(row, by=viewer),
        lambda: opening.void_finding(row, by=viewer, reason="错"),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert (Finding.objects.count(), Cause.objects.count()) == (1, 0)


def test_today_leads_each_to_what_waits_for_them(world: World) -> None:
    row = ordered(world, found=Found("台面有水", post="principal"))
    assert list(to_fix(world.viewer("gao"))) == [row]
    (shown,) = findings_due(world.viewer("gao"))
    assert (shown.what, shown.until) == ("台面有水", date(2024, 3, 18))
    assert list(findings_due(world.viewer("hu"))) == []
