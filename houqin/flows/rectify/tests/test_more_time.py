"""More time: granted only while it waits to be put right and only for a later day; asked for, it reaches who answers."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.notices.models import Notice
from houqin.core.scope.refusals import Refused
from houqin.flows.duties.tests.asking import local
from houqin.flows.rectify.actions import checking, opening, ordering
from houqin.flows.rectify.actions.opening import Found
from houqin.flows.rectify.models import Extension, Finding
from houqin.flows.rectify.today import time_asked_for
from tests.world import NOON, World

WET = Found("台面有水", post="cook")
LATER = date(2024, 3, 22)


def asked(world: World, who: str = "an", finder: str = "gao", found: Found = WET, **more: Any) -> Finding:
    row = opening.open_finding(world.school_a, by=world.viewer(finder), found=found, ordered=True, **more)
    ordering.ask_for_time(row, by=world.viewer(who), until=LATER, reason="缺件")
    return row


def answer(world: World, row: Finding, who: str = "gao", *, grant: bool = True) -> Extension:
    return ordering.answer_for_time(row, by=world.viewer(who), grant=grant, answer="" if grant else "先用备用台")


def test_reported_as_put_right_it_gets_no_more_time_until_it_is_sent_back(world: World) -> None:
    row = asked(world)
    checking.report_fixed(row, by=world.viewer("an"), remark="擦干")
    for grant in (True, False):
        with pytest.raises(Refused):
            answer(world, row, grant=grant)
    row.refresh_from_db()
    assert (row.due_on, row.extended, row.extensions.get().granted) == (date(2024, 3, 18), 0, None)
    checking.return_recheck(row, by=world.viewer("gao"), remark="还是湿的")
    answer(world, row)
    row.refresh_from_db()
    assert (row.due_on, row.extended) == (LATER, 1)


@pytest.mark.parametrize("day", [22, 25])
def test_no_day_is_granted_that_is_no_later_than_the_present_one(world: World, day: int) -> None:
    row = asked(world)
    until = date(2024, 3, day)
    ordering.order_rectification(row, by=world.viewer("bo"), post="cook", until=until, reason="全镇统一")
    with pytest.raises(Refused) as refusal:
        answer(world, row)
    assert refusal.value.field == "grant"
    row.refresh_from_db()
    assert (row.due_on, row.extended) == (until, 1)
    assert answer(world, row, grant=False).granted is False


def waiting(world: World, who: str, now: datetime = NOON) -> list[str]:
    return [str(row.url) for row in time_asked_for(world.viewer(who, now))]


def test_what_is_asked_for_waits_on_today_for_who_answers(world: World) -> None:
    inner, outer = asked(world), asked(world, finder="bo", unit=world.town, found=Found("灯不亮"))
    at = {name: f"/rectify/findings/{row.public_id}/" for name, row in (("inner", inner), ("outer", outer))}
    assert {who: waiting(world, who) for who in ("an", "gao", "bo", "bai", "hu", "chen", "op")} == {
        "an": [], "gao": [at["inner"]], "bo": [at["outer"]], "bai": [at["outer"]], "hu": [], "chen": [], "op": [],
    }  # fmt: skip
    answer(world, inner)
    assert waiting(world, "gao") == []


def test_who_asked_is_not_asked_and_what_is_late_waits_for_the_office(world: World) -> None:
    asked(world, "gao")
    assert (waiting(world, "gao"), waiting(world, "bo")) == ([], [])
    late = local(date(2024, 3, 19), 10)
    assert (len(waiting(world, "bo", late)), waiting(world, "gao", late), waiting(world, "op", late)) == (1, [], [])
    Finding.objects.update(state="reported")
    assert waiting(world, "bo", late) == []


def test_looking_for_them_costs_one_query(world: World) -> None:
    for name in ("灯不亮", "门不严", "台面有水"):
        asked(world, found=Found(name))
    gao = world.viewer("gao")
    with CaptureQueriesContext(connection) as seen:
        rows = list(time_asked_for(gao))
    assert (len(rows), len(seen)) == (3, 1)
    assert "2024-03-22" in str(rows[0].what)


@pytest.mark.parametrize(("grant", "body"), [(True, ""), (False, "先用备用台")])
def test_who_asked_is_told_the_answer(world: World, *, grant: bool, body: str) -> None:
    row = asked(world)
    answer(world, row, grant=grant)
    note = Notice.objects.get()
    assert (note.account, note.body, note.url) == (world.an, body, f"/rectify/findings/{row.public_id}/")
    assert row.title in note.title
