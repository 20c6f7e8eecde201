"""Two look again at once, two report the same cause at once: one deed stands, nothing is lost or doubled."""

from functools import partial

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.tests.asking import at_once, local
from houqin.flows.rectify.actions import checking, opening
from houqin.flows.rectify.actions.climbing import tell_next_levels
from houqin.flows.rectify.actions.opening import Found, Source
from houqin.flows.rectify.models import Cause, Climb, Finding, FindingState
from tests.world import NOON, TODAY, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
WET = Found("台面有水", topic="counter.dry", post="cook")


@pytest.fixture
def world() -> World:
    return make_world()


def test_of_two_who_look_again_at_once_one_closes_it(world: World) -> None:
    row = opening.open_finding(world.school_a, by=world.viewer("gao"), found=WET, ordered=True)
    checking.report_fixed(row, by=world.viewer("an"), remark="擦干")
    told = at_once(*(partial(checking.pass_recheck, row, by=world.viewer(name)) for name in ("gao", "bo")))
    assert sum(isinstance(one, Refused) for one in told) == 1
    assert Finding.objects.get().state == FindingState.CLOSED
    assert AuditEntry.objects.filter(event="rectify.closed").count() == 1


def test_the_same_cause_reported_twice_at_once_opens_one_finding(world: World) -> None:
    cause = Source("ledger", "breach:1", NOON, "温度 9.2℃")
    told = at_once(
        *(
            partial(opening.open_finding, world.school_a, by=world.system, found=WET, source=cause)
            for _worker in range(3)
        )
    )
    assert len({one.pk for one in told}) == Finding.objects.count() == Cause.objects.count() == 1


def test_two_workers_tell_each_level_once(world: World) -> None:
    row = opening.open_finding(world.school_a, by=world.viewer("gao"), found=WET, ordered=True)
    Finding.objects.filter(pk=row.pk).update(due_on=TODAY.replace(day=1))
    told = at_once(*(partial(tell_next_levels, by=system_viewer(now=local(TODAY, 9))) for _worker in range(2)))
    assert sorted(told) == [0, 1]
    assert Climb.objects.count() == 1
