"""Handing a case over to another department: letter, receipt, answer."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.cases.actions.leading import close_case
from houqin.flows.cases.actions.transferring import Letter, note_answer, note_receipt, open_transfer, send_transfer
from houqin.flows.cases.actions.working import do_step
from houqin.flows.cases.drafting import letter_of, papers_of
from houqin.flows.cases.models import Case, Transfer
from houqin.flows.rectify.actions.opening import Found, open_finding
from houqin.flows.rectify.models import Finding, Severity
from tests.world import NOON, TODAY, World

LETTER = Letter("traffic", "县公安局交警大队", "校门外非法接送车", "现将线索移送贵单位。", ["情况说明1份", " "])
LATER = NOON + timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")


def found(world: World) -> Finding:
    bus = Found("校门外面包车接送学生", detail="核载7人实载15人", severity=Severity.SERIOUS)
    return open_finding(world.school_a, by=world.viewer("gao"), found=bus, place="东门")


def opened(world: World, who: str = "gao", **more: Any) -> Case:
    return open_transfer(world.school_a, by=world.viewer(who), letter=more.pop("letter", LETTER), **more)


def untouched(case: Case, **facts: Any) -> None:
    transfer = Transfer.objects.get(case=case)
    assert {name: getattr(transfer, name) for name in facts} == facts


def test_from_letter_to_answer(world: World) -> None:
    row = found(world)
    case = opened(world, finding=row)
    assert (case.number, case.finding, case.lead) == ("YS-20240304-0001", row, world.school_a)
    assert case.transfer.papers == ["情况说明1份"]
    assert case.steps.get(code="send").due_at == datetime(2024, 3, 6, 23, 59, 59, tzinfo=ZONE)
    send_transfer(case, by=world.viewer("gao"), how="hand", on=TODAY)
    assert case.steps.get(code="receipt").due_at == datetime(2024, 3, 11, 23, 59, 59, tzinfo=ZONE)
    note_receipt(case, by=world.viewer("gao", LATER), number="公交回〔2024〕3号", on=LATER.date())
    note_answer(case, by=world.viewer("gao", LATER), text="已查扣车辆", on=LATER.date())
    case.transfer.refresh_from_db()
    assert (case.transfer.sent_by, case.transfer.receipt_number) == (world.gao, "公交回〔2024〕3号")
    assert close_case(case, by=world.viewer("gao", LATER), outcome="answered", reason="已查扣").outcome == "answered"
    assert AuditEntry.objects.filter(event="cases.transfer_sent").count() == 1


def test_one_at_a_time_from_a_finding_to_a_department(world: World) -> None:
    row = found(world)
    case = opened(world, finding=row)
    with pytest.raises(Refused, match=case.number):
        opened(world, finding=row)
    assert Case.objects.count() == Transfer.objects.count() == 1
    other = opened(world, finding=row, letter=replace(LETTER, department="fire"))
    assert other.number == "YS-20240304-0002"
    close_case(case, by=world.viewer("gao"), outcome="withdrawn", reason="材料不全")
    assert opened(world, finding=row) != case


def test_an_office_that_hands_over_leads(world: World) -> None:
    case = opened(world, "bo", finding=found(world))
    assert case.lead == world.town
    with pytest.raises(PermissionDenied):
        send_transfer(case, by=world.viewer("gao"), how="hand", on=TODAY)
    untouched(case, sent_on=None, sent_how="")
    send_transfer(case, by=world.viewer("bai"), how="network", on=TODAY)
    untouched(case, sent_on=TODAY, sent_how="network", sent_by=world.bai)


def test_nothing_is_opened_that_may_not_be(world: World) -> None:
    row = found(world)
    for who, more, problem in (
        ("an", {}, PermissionDenied),
        ("hu", {}, NotVisible),
        ("chen", {}, NotVisible),
        ("gao", {"letter": replace(LETTER, counterpart=" ")}, Refused),
        ("gao", {"letter": replace(LETTER, text="")}, Refused),
    ):
        with pytest.raises(problem):
            opened(world, who, finding=row, **more)
    assert not Case.objects.exists()
    assert not Transfer.objects.exists()


def test_steps_come_in_their_order_and_on_days_that_can_be(world: World) -> None:
    case = opened(world)
    gao = world.viewer("gao")
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    for deed in (
        lambda: note_receipt(case, by=gao, number="3号", on=TODAY),
        lambda: note_answer(case, by=gao, text="已处理", on=TODAY),
        lambda: send_transfer(case, by=gao, how="hand", on=tomorrow),
        lambda: send_transfer(case, by=gao, how="hand", on=yesterday),
        lambda: do_step(case.steps.get(code="send"), by=gao),
    ):
        with pytest.raises(Refused):
            deed()
    for who in ("hu", "chen"):
        with pytest.raises(NotVisible):
            send_transfer(case, by=world.viewer(who), how="hand", on=TODAY)
    untouched(case, sent_on=None, receipt_on=None, answered_on=None)
    assert not case.steps.filter(done_at__isnull=False).exists()
    send_transfer(case, by=gao, how="hand", on=TODAY)
    for deed in (
        lambda: send_transfer(case, by=gao, how="post", on=TODAY),
        lambda: note_receipt(case, by=gao, number=" ", on=TODAY),
        lambda: note_receipt(case, by=gao, number="3号", on=yesterday),
        lambda: note_answer(case, by=gao, text="已处理", on=TODAY),
    ):
        with pytest.raises(Refused):
            deed()
    untouched(case, sent_how="hand", receipt_on=None, receipt_number="")


def test_the_letter_is_drafted_from_the_finding(world: World) -> None:
    row = found(world)
    text = letter_of(row)
    for word in ("校门外面包车接送学生", "核载7人实载15人", "东门", world.school_a.name):
        assert word in text
    assert len(papers_of(row)) == 1
