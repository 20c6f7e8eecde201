"""Cross-checks: a school inspects for the office, and what it finds is the office's to look at again."""

from datetime import timedelta

import pytest

from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OFFICES
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.rectify.actions.checking import pass_recheck, report_fixed
from houqin.flows.rectify.models import Finding, FindingState
from houqin.modules.inspections.actions.answering import answer_items
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.planning import Brief, plan_campaign, start_campaign
from houqin.modules.inspections.actions.signing import sign_visit
from houqin.modules.inspections.actions.visiting import begin_visit
from houqin.modules.inspections.models import Visit
from houqin.modules.inspections.tests.kept import given, make_checklist, signs
from tests.world import NOON, TODAY, World, make_account


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


def drawn(world: World) -> Visit:
    """The visit to school A that school B makes, drawn."""
    by = world.viewer("bo")
    for school in (world.school_a, world.school_b):
        for number in (1, 2):
            one = make_account(f"{school.path}-{number}", f"{school.name}{number}", "principal", school)
            register_inspector(world.town, by=by, account=one)
    brief = Brief("cross", "交叉互查", ["kitchen"], TODAY, TODAY + timedelta(days=11))
    row = start_campaign(plan_campaign(world.town, by=by, brief=brief), by=by)
    draw(commit_draw(row, by=by, wanted=0), by=by)
    visit: Visit = row.visits.get(org=world.school_a)
    return visit


def carried_out(visit: Visit, **failed: object) -> Visit:
    """As the leading inspector, with an item that failed."""
    led = viewer_for(visit.inspectors.get(leads=True).account, now=NOON)
    begin_visit(visit, by=led)
    answer_items(visit, by=led, answers=given(doors={"outcome": "failed", "remark": "有积水", **failed}))
    return sign_visit(visit, by=led, signs=signs())


def test_the_office_found_it_and_looks_again_never_the_other_school(world: World) -> None:
    visit = drawn(world)
    assert visit.office == world.school_b
    carried_out(visit)
    found = Finding.objects.get()
    assert (found.org, found.found_org, found.check_org) == (world.school_a, world.town, world.town)
    assert found.found_org.kind in OFFICES
    report_fixed(found, by=world.viewer("gao"), remark="已清理")
    peer = viewer_for(visit.inspectors.get(leads=True).account, now=NOON)
    for other, refusal in ((world.viewer("gao"), Refused), (peer, NotVisible)):
        with pytest.raises(refusal):
            pass_recheck(found, by=other)
    assert pass_recheck(found, by=world.viewer("bo")).state == FindingState.CLOSED


def test_what_is_put_right_on_the_spot_is_closed_for_the_office(world: World) -> None:
    carried_out(drawn(world), on_the_spot=True)
    found = Finding.objects.get()
    assert (found.state, found.on_the_spot, found.found_org) == (FindingState.CLOSED, True, world.town)
    assert {look.unit for look in found.looks.filter(kind="passed")} == {world.town}
