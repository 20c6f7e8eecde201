"""A value out of limits, a stopped place: what a finding carries with it, and that nobody is asked twice."""

from datetime import timedelta

import pytest

from houqin.core.places.actions import record_place
from houqin.core.places.models import Place, Stop
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.actions.settling import settle_breaches
from houqin.flows.ledgers.duties import ANSWER
from houqin.flows.ledgers.models import Breach
from houqin.flows.ledgers.tests import kept
from houqin.flows.rectify.actions import checking, opening, ordering, sealing
from houqin.flows.rectify.actions.opening import Found
from houqin.flows.rectify.models import Finding, FindingState, Severity
from houqin.flows.rectify.tests.test_findings import FIVE
from tests.world import NOON, World

LATER = NOON + timedelta(minutes=31)


@pytest.fixture
def fridge(world: World) -> Finding:
    """A temperature out of its limit that stands: nobody typed the finding."""
    kept.declare(kept.COLD)
    record_entry(
        world.school_a, by=world.viewer("an"), ledger="cold-store", slot="am",
        values={"temperature": 92, "clean": True, "remark": "门没关严"},
    )  # fmt: skip
    settle_breaches(by=system_viewer(now=LATER))
    found: Finding = Finding.objects.get()
    return found


def breach() -> Breach:
    return Breach.objects.get()


def test_it_opens_by_itself_and_the_post_of_the_ledger_answers_for_it(world: World, fridge: Finding) -> None:
    assert (fridge.state, fridge.found_by, fridge.due_on is not None) == (FindingState.ORDERED, None, True)
    assert fridge.post == kept.COMMON["post"]
    assert fridge.causes.get().address == f"/ledgers/breaches/{breach().public_id}/"


def test_what_a_head_does_about_it_answers_the_value_and_its_duty(world: World, fridge: Finding) -> None:
    assert Duty.objects.get(rule=ANSWER).state == DutyState.OPEN
    gao = world.viewer("gao", now=LATER)
    ordering.plan_rectification(fridge, by=gao, post="storekeeper", five=FIVE, finish=fridge.due_on)
    assert breach().answer == f"{fridge.number} {FIVE.measures}"
    assert breach().answered_by == world.gao
    assert Duty.objects.get(rule=ANSWER).state == DutyState.DONE


def test_who_wrote_the_value_answers_it_by_no_deed_of_theirs_and_the_recheck_does(
    world: World, fridge: Finding
) -> None:
    an, gao = world.viewer("an", now=LATER), world.viewer("gao", now=LATER)
    if fridge.severity > Severity.MINOR:
        ordering.plan_rectification(fridge, by=an, post="storekeeper", five=FIVE, finish=fridge.due_on)
    checking.report_fixed(fridge, by=an, remark="调低温度")
    assert breach().answered_at is None
    checking.pass_recheck(fridge, by=gao, remark="2.8℃")
    assert breach().answer == f"{fridge.number} 2.8℃"
    assert Duty.objects.get(rule=ANSWER).state == DutyState.DONE


def test_taken_back_as_a_mistake_it_is_answered_with_the_reason(world: World, fridge: Finding) -> None:
    opening.void_finding(fridge, by=world.viewer("gao", now=LATER), reason="温度计坏了")
    assert "温度计坏了" in breach().answer


@pytest.fixture
def boiler(world: World) -> Place:
    return record_place(world.school_a, by=world.viewer("an"), kind="equipment", name="锅炉")


def leaking(world: World) -> Finding:
    return opening.open_finding(world.school_a, by=world.viewer("gao"), found=Found("安全阀漏气"), ordered=True)


def test_a_finding_seals_off_a_place_and_its_closing_releases_it(world: World, boiler: Place) -> None:
    row = leaking(world)
    stop = sealing.seal_off(row, by=world.viewer("wu"), stopped=boiler, reason="漏气")
    assert sealing.seal_off(row, by=world.viewer("wu"), stopped=boiler, reason="漏气") == stop
    assert stop.source.label == str(row)
    checking.report_fixed(row, by=world.viewer("an"), remark="换阀")
    checking.pass_recheck(row, by=world.viewer("gao"), remark="试压合格")
    kept_stop = Stop.objects.get()
    assert (kept_stop.released_by, kept_stop.released_why) == (world.gao, f"{row.number} 试压合格")


def test_who_sealed_it_does_not_release_it_by_closing(world: World, boiler: Place) -> None:
    row = leaking(world)
    sealing.seal_off(row, by=world.viewer("gao"), stopped=boiler, reason="漏气")
    checking.report_fixed(row, by=world.viewer("an"), remark="换阀")
    with pytest.raises(Refused):
        checking.pass_recheck(row, by=world.viewer("gao"), remark="试压合格")
    row.refresh_from_db()
    assert (row.state, Stop.objects.standing().count()) == (FindingState.REPORTED, 1)
    checking.pass_recheck(row, by=world.viewer("bo"), remark="试压合格")
    assert Stop.objects.standing().count() == 0


def test_a_seal_is_taken_off_by_another_while_the_finding_is_open(world: World, boiler: Place) -> None:
    row = leaking(world)
    with pytest.raises(Refused):
        sealing.unseal(row, by=world.viewer("gao"), reason="误封")
    sealing.seal_off(row, by=world.viewer("wu"), stopped=boiler, reason="漏气")
    row.refresh_from_db()
    assert len(sealing.unseal(row, by=world.viewer("gao"), reason="误封")) == 1
    assert Stop.objects.standing().count() == 0


def test_nothing_of_another_school_is_sealed_and_nothing_for_a_settled_finding(world: World, boiler: Place) -> None:
    row = leaking(world)
    other = record_place(world.school_b, by=world.viewer("hu"), kind="equipment", name="锅炉")
    with pytest.raises(NotVisible):
        sealing.seal_off(row, by=world.viewer("op"), stopped=other, reason="漏气")
    with pytest.raises(NotVisible):
        sealing.seal_off(row, by=world.viewer("hu"), stopped=boiler, reason="漏气")
    opening.void_finding(row, by=world.viewer("gao"), reason="看错")
    with pytest.raises(Refused):
        sealing.seal_off(row, by=world.viewer("wu"), stopped=boiler, reason="漏气")
    assert not Stop.objects.exists()
