"""Under supervision: with a reason, the heads are told, and no lower office takes it from a higher one."""

import pytest

from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused
from houqin.flows.rectify.actions import opening, ordering
from houqin.flows.rectify.actions.opening import Found
from houqin.flows.rectify.models import Finding, Severity
from tests.world import World


@pytest.fixture
def hazard(world: World) -> Finding:
    found = Found("配电箱外露", severity=Severity.SERIOUS)
    return opening.open_finding(world.school_a, by=world.viewer("gao"), found=found, ordered=True)


def supervised(world: World, row: Finding, unit: OrgUnit, reason: str = "老问题") -> Finding:
    return ordering.supervise(row, by=world.viewer("op"), unit=unit, reason=reason)


def test_the_heads_of_the_school_are_told(world: World, hazard: Finding) -> None:
    supervised(world, hazard, world.town)
    note = Notice.objects.get()
    assert (note.account, note.level, note.body) == (world.gao, Notice.Level.NOW, "老问题")
    assert world.town.name in note.title
    assert note.url == f"/rectify/findings/{hazard.public_id}/"


def test_without_a_reason_nobody_supervises(world: World, hazard: Finding) -> None:
    with pytest.raises(Refused) as refusal:
        supervised(world, hazard, world.town, " ")
    assert refusal.value.field == "reason"
    assert (Finding.objects.get().supervised_by, Notice.objects.count()) == (None, 0)


def test_a_higher_office_takes_it_over_and_a_lower_one_does_not(world: World, hazard: Finding) -> None:
    supervised(world, hazard, world.town)
    supervised(world, hazard, world.city)
    with pytest.raises(Refused) as refusal:
        supervised(world, hazard, world.district)
    assert refusal.value.field == "unit"
    now = Finding.objects.get()
    assert (now.supervised_by, now.check_org) == (world.city, world.city)
