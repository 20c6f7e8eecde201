"""Two at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import Refused
from houqin.flows.collect.actions import answer_notice, send_notice, take_over, withdraw_answer
from houqin.flows.collect.models import Cell, Return
from houqin.flows.collect.tests.scene import FRIDGES, answered, column, draft, of, sent, values
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> World:
    return make_world()


def at_once(*deeds: Any) -> list[Any]:
    """What each deed returned, or the refusal it met."""
    start = Barrier(len(deeds))

    def run(deed: Any) -> Any:
        try:
            start.wait()
            return deed()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_persons_who_send_the_same_table_leave_one_whole_answer(town: World) -> None:
    row = sent(town)
    mine, an, gao = of(row, town.school_a), town.viewer("an"), town.viewer("gao")
    first, second = values(row, 冰箱数=3), values(row, 冰箱数=8)
    outcome = at_once(
        lambda: answer_notice(mine, by=an, lines=[first]), lambda: answer_notice(mine, by=gao, lines=[second])
    )
    assert sum(isinstance(one, Refused) for one in outcome) == 1
    told = AuditEntry.objects.get(event="collect.answered").detail["lines"][0]["冰箱数"]
    kept = Cell.objects.filter(of=mine)
    assert kept.count() == 5
    assert told == f"{kept.get(column=column(row, FRIDGES)).figure} 台"


def test_a_phone_that_sends_twice_at_once_answers_once(town: World) -> None:
    row = sent(town)
    mine, an, line = of(row, town.school_a), town.viewer("an"), values(row)
    outcome = at_once(*[lambda: answer_notice(mine, by=an, lines=[line])] * 3)
    assert not [one for one in outcome if isinstance(one, Refused)]
    assert AuditEntry.objects.filter(event="collect.answered").count() == 1


def test_taking_back_and_taking_over_at_once_end_one_way(town: World) -> None:
    row = sent(town)
    mine = answered(town, row, town.school_a, "an")
    an, bo = town.viewer("an"), town.viewer("bo")
    outcome = at_once(lambda: withdraw_answer(mine, by=an), lambda: take_over(mine, by=bo))
    assert sum(isinstance(one, Refused) for one in outcome) == 1
    assert of(row, town.school_a).state in {"read", "taken"}


def test_a_notice_sent_twice_at_once_asks_each_school_once(town: World) -> None:
    row = draft(town)
    bo, bai = town.viewer("bo"), town.viewer("bai")
    outcome = at_once(lambda: send_notice(row, by=bo), lambda: send_notice(row, by=bai))
    assert sum(isinstance(one, Refused) for one in outcome) == 1
    assert Return.objects.count() == 2
