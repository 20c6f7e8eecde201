"""More time: granted only while it waits to be put right and only for a later day; asked for, it reaches who answers."""

from datetime import date
from typing import Any

import pytest

from houqin.core.scope.refusals import Refused
from houqin.flows.rectify.actions import checking, opening, ordering
from houqin.flows.rectify.actions.opening import Found
from houqin.flows.rectify.models import Extension, Finding
from tests.world import World

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
