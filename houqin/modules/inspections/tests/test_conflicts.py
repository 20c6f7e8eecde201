"""Nobody inspects where they work or what they stay off, also on a visit that was not drawn."""

from datetime import date

import pytest

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.visiting import begin_visit
from houqin.modules.inspections.models import Visit, VisitState
from houqin.modules.inspections.tests.kept import make_checklist, planned, self_check
from tests.world import World, make_unit

SINCE = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


def teaches(world: World, at: OrgUnit) -> None:
    """Bai works at this unit besides."""
    Grant.objects.create(account=world.bai, role="class_teacher", org=at, from_on=SINCE)


@pytest.mark.parametrize("where", ["school", "campus"])
def test_whoever_has_a_role_at_the_school_or_a_campus_is_not_named(world: World, where: str) -> None:
    teaches(world, world.school_a if where == "school" else make_unit(world.school_a, "campus", "东校区"))
    with pytest.raises(Refused, match=world.bai.display_name) as refused:
        planned(world)
    assert refused.value.field == "inspectors"
    assert not Visit.objects.exists()
    assert planned(world, org=world.school_b).inspectors.count() == 2


def test_whoever_stays_off_a_school_or_is_registered_as_working_there_is_not_named(world: World) -> None:
    by = world.viewer("bo")
    register_inspector(world.town, by=by, account=world.bai, stays_off=[world.school_a])
    register_inspector(world.town, by=by, account=world.bo, works_at=world.school_b)
    for org, who in ((world.school_a, [world.bai]), (world.school_b, [world.bo])):
        with pytest.raises(Refused):
            planned(world, org=org, inspectors=who)
    assert not Visit.objects.exists()
    assert planned(world, inspectors=[world.bo]).inspectors.count() == 1


def test_whoever_works_there_meanwhile_or_was_not_named_does_not_begin(world: World) -> None:
    named, open_one = planned(world), planned(world, inspectors=[])
    teaches(world, world.school_a)
    for row in (named, open_one):
        with pytest.raises(Refused, match=world.school_a.name):
            begin_visit(row, by=world.viewer("bai"))
        row.refresh_from_db()
        assert (row.state, row.number) == (VisitState.PLANNED, "")
        assert begin_visit(row, by=world.viewer("bo")).state == VisitState.UNDERWAY


def test_a_school_checks_itself(world: World) -> None:
    assert self_check(world).state == VisitState.UNDERWAY
