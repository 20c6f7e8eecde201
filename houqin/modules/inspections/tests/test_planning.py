"""Campaigns, draws and inspectors: who may, what is refused, and what a draw leaves behind."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils.translation import gettext

from houqin.core.audit.models import AuditEntry
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.rectify.actions.opening import Found, Heard, open_finding, report_finding
from houqin.flows.rectify.models import CauseKind
from houqin.modules.inspections import verify_draw
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.inspectors import change_inspector, end_inspector, register_inspector
from houqin.modules.inspections.actions.planning import (
    Brief,
    change_campaign,
    end_campaign,
    let_in,
    name_schools,
    plan_campaign,
    start_campaign,
)
from houqin.modules.inspections.actions.visiting import begin_visit, depart
from houqin.modules.inspections.candidates import facts_of, listing_of
from houqin.modules.inspections.coverage import NAMES, before, since, spans, with_last
from houqin.modules.inspections.drawing import Listing, commitment_of
from houqin.modules.inspections.lots import Facts, Lots, lots_of
from houqin.modules.inspections.models import Campaign, CampaignState, Draw, Inspector, Visit, VisitState
from houqin.modules.inspections.progress import own_schools, progress_of, published_draws, record_of
from houqin.modules.inspections.tests.kept import make_checklist
from houqin.modules.inspections.words import reason_words
from tests.world import NOON, TODAY, World, make_account, make_school

BRIEF = Brief("term_opening", "春季开学检查", ["kitchen"], TODAY, TODAY + timedelta(days=11), "柳教〔2024〕3号")


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


def planned(world: World, **changed: Any) -> Campaign:
    return plan_campaign(world.town, by=world.viewer("bo"), brief=replace(BRIEF, **changed))


def started(world: World, **changed: Any) -> Campaign:
    return start_campaign(planned(world, **changed), by=world.viewer("bo"))


def team(world: World) -> list[Inspector]:
    return [register_inspector(world.town, by=world.viewer("bo"), account=one) for one in (world.bo, world.bai)]


def count() -> tuple[int, ...]:
    return (Campaign.objects.count(), Draw.objects.count(), Visit.objects.count(), AuditEntry.objects.count())


def test_planned_changed_started_and_ended(world: World) -> None:
    row = planned(world)
    assert (row.org, row.state, row.checklists, row.account) == (world.town, CampaignState.DRAFT, ["kitchen"], world.bo)
    row = change_campaign(
        row, by=world.viewer("bai"), brief=replace(BRIEF, title="开学联合检查", kind="joint", partners="市场监管所")
    )
    assert (row.title, row.kind, row.partners) == ("开学联合检查", "joint", "市场监管所")
    assert start_campaign(row, by=world.viewer("bo")).state == CampaignState.RUNNING
    row = end_campaign(row, by=world.viewer("bo"))
    assert (row.state, row.ended_at) == (CampaignState.ENDED, NOON)
    told = list(AuditEntry.objects.filter(subject_id=str(row.public_id)).order_by("pk").values_list("event", flat=True))
    assert told == [f"inspections.{one}" for one in ("campaign_planned", "campaign_changed", "started", "ended")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until_on": TODAY - timedelta(days=1)}, "until_on"), ({"title": " "}, "title"), ({"checklists": []}, "checklists"),
        ({"checklists": ["no-such"]}, "checklists"), ({"kind": "party"}, "kind"), ({"kind": "joint"}, "partners"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan_is_said_beside_its_field(world: World, changed: dict[str, Any], field: str) -> None:
    before_it = count()
    with pytest.raises(Refused) as refused:
        planned(world, **changed)
    assert refused.value.field == field
    assert count() == before_it


def test_an_office_plans_and_nobody_else(world: World) -> None:
    before_it = count()
    with pytest.raises(PermissionDenied):
        plan_campaign(world.school_a, by=world.viewer("gao"), brief=BRIEF)
    with pytest.raises(Refused):
        plan_campaign(world.school_a, by=world.viewer("bo"), brief=BRIEF)
    with pytest.raises(NotVisible):
        plan_campaign(world.town, by=world.viewer("chen"), brief=BRIEF)
    assert count() == before_it
    with pytest.raises(NotVisible):
        start_campaign(planned(world), by=world.viewer("chen"))


def test_what_was_started_stays_as_planned(world: World) -> None:
    row = started(world)
    before_it = count()
    for deed in (
        lambda: change_campaign(row, by=world.viewer("bo"), brief=BRIEF), lambda: start_campaign(row, by=world.viewer("bo")),
        lambda: let_in(row, by=world.viewer("bo"), account=world.bai),
    ):  # fmt: skip
        with pytest.raises(Refused):
            deed()
    assert count() == before_it


def test_a_draft_goes_to_no_school(world: World) -> None:
    row, inspectors = planned(world), team(world)
    for deed in (
        lambda: commit_draw(row, by=world.viewer("bo"), wanted=1),
        lambda: name_schools(row, by=world.viewer("bo"), schools=[world.school_a], inspectors=inspectors),
    ):
        with pytest.raises(Refused):
            deed()
    assert not Visit.objects.exists()


def test_schools_are_chosen_by_name_with_two_inspectors_without_conflict(world: World) -> None:
    row, (bo, bai) = started(world), team(world)
    by = world.viewer("bo")
    with pytest.raises(Refused) as refused:
        name_schools(row, by=by, schools=[world.school_a], inspectors=[bo])
    assert refused.value.field == "inspectors"
    change_inspector(bai, by=by, works_at=None, families=[], stays_off=[world.school_a])
    with pytest.raises(Refused) as refused:
        name_schools(row, by=by, schools=[world.school_a], inspectors=[bo, bai])
    assert refused.value.field == "inspectors"
    (made,) = name_schools(row, by=by, schools=[world.school_b], inspectors=[bo, bai])
    assert [(one.account, one.leads) for one in made.inspectors.all()] == [(world.bo, True), (world.bai, False)]
    assert (made.kind, made.office, made.planned_on, made.unannounced) == ("term_opening", world.town, TODAY, False)
    for schools in ([world.school_b], [world.school_c], []):
        with pytest.raises(Refused) as refused:
            name_schools(row, by=by, schools=schools, inspectors=[bo, bai])
        assert refused.value.field == "schools"
    assert Visit.objects.count() == 1


def test_a_draw_is_committed_then_drawn_and_anybody_repeats_it(world: World) -> None:
    row, _team, by = started(world), team(world), world.viewer("bo")
    made = commit_draw(row, by=by, wanted=1)
    assert made.commitment == commitment_of(made.seed, made.listing)
    assert {one.name for one in Listing.read(made.listing).schools} == {world.school_a.name, world.school_b.name}
    assert not Visit.objects.exists()
    drawn = draw(made, by=world.viewer("bai"))
    visit = Visit.objects.get()
    assert (drawn.drawn_at, visit.draw, visit.campaign, visit.office) == (NOON, drawn, row, world.town)
    assert {one.account for one in visit.inspectors.all()} == {world.bo, world.bai}
    record = json.loads(json.dumps(record_of(drawn), default=str))
    assert verify_draw.check(record) == []
    assert [one["school"] for one in record["result"]] == [str(visit.org.public_id)]


def test_one_draw_at_a_time_and_each_once(world: World) -> None:
    row, _team, by = started(world), team(world), world.viewer("bo")
    made = commit_draw(row, by=by, wanted=1)
    with pytest.raises(Refused):
        commit_draw(row, by=by, wanted=1)
    with pytest.raises(Refused):
        end_campaign(row, by=by)
    drawn = draw(made, by=by)
    with pytest.raises(Refused):
        draw(made, by=by)
    second = draw(commit_draw(row, by=by, wanted=1), by=by)
    assert {one.draw for one in Visit.objects.all()} == {drawn, second}
    assert Visit.objects.values("org").distinct().count() == 2
    with pytest.raises(Refused):
        commit_draw(row, by=by, wanted=1)


def test_the_database_holds_one_open_draw_of_a_campaign(world: World) -> None:
    row, _team = started(world), team(world)
    made = commit_draw(row, by=world.viewer("bo"), wanted=1)
    made.pk, made.public_id = None, world.bo.public_id
    with pytest.raises(IntegrityError):
        made.save()


@pytest.mark.parametrize("wanted", [0, 3])
def test_no_more_schools_are_drawn_than_there_are(world: World, wanted: int) -> None:
    row, _team = started(world), team(world)
    with pytest.raises(Refused) as refused:
        commit_draw(row, by=world.viewer("bo"), wanted=wanted)
    assert refused.value.field == "wanted"
    assert not Draw.objects.exists()


def test_too_few_inspectors_for_one_school_are_told_before_the_draw(world: World) -> None:
    row, (bo, _bai) = started(world), team(world)
    change_inspector(bo, by=world.viewer("bo"), works_at=world.school_b, families=[], stays_off=[])
    with pytest.raises(Refused, match=world.school_b.name):
        commit_draw(row, by=world.viewer("bo"), wanted=1)
    assert not Draw.objects.exists()


def test_a_changed_school_changes_the_commitment(world: World) -> None:
    row, _team, by = started(world), team(world), world.viewer("bo")
    text = listing_of(row, wanted=1, per_visit=2, by=by).text
    OrgUnit.objects.filter(pk=world.school_b.pk).update(name="柳河实验中学")
    assert commitment_of("00", listing_of(row, wanted=1, per_visit=2, by=by).text) != commitment_of("00", text)


def test_lots_count_what_others_found_and_not_what_a_school_found_itself(world: World) -> None:
    by = world.viewer("bo")
    open_finding(world.school_a, by=world.viewer("gao"), found=Found("灯不亮"))
    open_finding(world.school_a, by=by, found=Found("地面有积水"), unit=world.town, ordered=True)
    late = world.viewer("bo", now=NOON + timedelta(days=40))
    assert facts_of([world.school_a, world.school_b], by) == {
        world.school_a.pk: Facts(None, 1),
        world.school_b.pk: Facts(),
    }
    assert facts_of([world.school_a], late)[world.school_a.pk].overdue == 1


def test_a_complaint_that_reached_the_office_brings_its_own_lots(world: World) -> None:
    by, heard = world.viewer("bo"), Heard(CauseKind.COMPLAINT, "家长来电")
    report_finding(world.school_a, by=by, found=Found("饭菜偏凉"), heard=heard)
    report_finding(world.school_b, by=world.viewer("hu"), found=Found("饭菜偏凉"), heard=heard)
    facts = facts_of([world.school_a, world.school_b], by)
    assert facts == {world.school_a.pk: Facts(None, complaints=1), world.school_b.pk: Facts()}
    weight, why = lots_of(facts[world.school_a.pk], Lots())
    assert why["complaints"] == (1, 20)
    assert weight == sum(lots for _count, lots in why.values())
    assert reason_words({"complaints": (1, 20)}) == [
        gettext("%(count)s complaint within a year") % {"count": 1} + " +20"
    ]


def test_cross_checks_pair_schools_that_have_not_met(world: World) -> None:
    make_school(world.town, "柳河二小", 3)
    staff = {}
    for school in OrgUnit.objects.schools().under(world.town.path):
        for number in (1, 2):
            one = make_account(f"{school.path}-{number}", f"{school.name}{number}", "principal", school)
            register_inspector(world.town, by=world.viewer("bo"), account=one)
            staff[one.pk] = school
    met: set[tuple[int, int]] = set()
    for _round in range(2):
        row = started(world, kind="cross")
        draw(commit_draw(row, by=world.viewer("bo"), wanted=0), by=world.viewer("bo"))
        for visit in row.visits.all():
            assert visit.office != visit.org
            assert {staff[one.account_id] for one in visit.inspectors.all()} == {visit.office}
            met.add((visit.org_id, visit.office_id))
        row.visits.update(state=VisitState.SIGNED, began_at=NOON, signed_at=NOON, day=TODAY, content="{}")
    assert len(met) == 6


def test_schools_of_a_self_check_inspect_themselves(world: World) -> None:
    row = started(world, kind="self")
    made = name_schools(row, by=world.viewer("bo"), schools=[world.school_a, world.school_b])
    assert [(one.org, one.office, one.inspectors.count()) for one in made] == [
        (world.school_a, world.school_a, 0), (world.school_b, world.school_b, 0),
    ]  # fmt: skip
    with pytest.raises(Refused):
        commit_draw(row, by=world.viewer("bo"), wanted=1)


def test_ending_calls_off_what_has_not_begun_and_says_why(world: World) -> None:
    row, inspectors, by = started(world), team(world), world.viewer("bo")
    first, second = name_schools(row, by=by, schools=[world.school_a, world.school_b], inspectors=inspectors)
    with pytest.raises(Refused) as refused:
        end_campaign(row, by=by)
    assert refused.value.field == "reason"
    later = world.viewer("bo", now=NOON + timedelta(days=11))
    begin_visit(first, by=later)
    with pytest.raises(Refused):
        end_campaign(row, by=later, reason="暴雨停课")
    Visit.objects.filter(pk=first.pk).update(state=VisitState.SIGNED, signed_at=NOON, content="{}")
    end_campaign(row, by=later, reason="暴雨停课")
    second.refresh_from_db()
    assert second.state == VisitState.VOID
    found = progress_of(row, by)
    assert (found.signed, found.planned, found.void, found.visits) == (1, 0, 1, 1)


def test_an_inspector_is_registered_once_changed_and_ended(world: World) -> None:
    by = world.viewer("bo")
    row = register_inspector(world.town, by=by, account=world.bai, families=["canteen"], stays_off=[world.school_b])
    assert (row.works_at, row.families, list(row.stays_off.all())) == (world.town, ["canteen"], [world.school_b])
    before_it = AuditEntry.objects.count()
    for account in (world.bai, world.chen):
        with pytest.raises(Refused):
            register_inspector(world.town, by=by, account=account)
    with pytest.raises(PermissionDenied):
        register_inspector(world.school_a, by=world.viewer("gao"), account=world.gao)
    with pytest.raises(NotVisible):
        register_inspector(world.town, by=world.viewer("chen"), account=world.bo)
    with pytest.raises(NotVisible):
        end_inspector(row, by=world.viewer("chen"), reason="调离")
    assert (Inspector.objects.count(), AuditEntry.objects.count()) == (1, before_it)
    assert end_inspector(row, by=by, reason="调离").ended_on == TODAY
    with pytest.raises(Refused):
        end_inspector(row, by=by, reason="调离")
    assert register_inspector(world.town, by=by, account=world.bai).pk != row.pk


def test_inspectors_of_other_fields_are_not_drawn(world: World) -> None:
    row, (bo, _bai) = started(world), team(world)
    change_inspector(bo, by=world.viewer("bo"), works_at=None, families=["bus"], stays_off=[])
    assert [one.id for one in listing_of(row, wanted=1, per_visit=2, by=world.viewer("bo")).inspectors] == [
        str(world.bai.public_id)
    ]


def test_inspectors_learn_an_unannounced_school_at_departure(world: World) -> None:
    by = world.viewer("bo")
    row, inspectors = started(world, kind="unannounced"), team(world)
    (visit,) = name_schools(row, by=by, schools=[world.school_a], inspectors=inspectors)
    bai = world.viewer("bai")
    assert not Visit.objects.visible_to(bai).exists()
    assert [one.pk for one in Visit.objects.to_depart(bai)] == [visit.pk]
    depart(visit, by=bai)
    assert [one.pk for one in Visit.objects.visible_to(bai)] == [visit.pk]
    assert not Visit.objects.visible_to(world.viewer("gao")).exists()
    begin_visit(visit, by=bai)
    assert [one.pk for one in Visit.objects.visible_to(world.viewer("gao"))] == [visit.pk]


def test_colleagues_see_an_unannounced_campaign_when_let_in_or_when_it_has_ended(world: World) -> None:
    row, by = planned(world, kind="unannounced"), world.viewer("bo")
    bai = world.viewer("bai")
    assert not Campaign.objects.visible_to(bai).exists()
    with pytest.raises(NotVisible):
        start_campaign(row, by=bai)
    with pytest.raises(Refused):
        let_in(row, by=by, account=world.gao)
    let_in(row, by=by, account=world.bai)
    assert start_campaign(row, by=bai).state == CampaignState.RUNNING
    assert not Campaign.objects.visible_to(world.viewer("eve")).exists()
    end_campaign(row, by=by)
    assert [one.pk for one in Campaign.objects.visible_to(world.viewer("eve"))] == [row.pk]


def test_schools_read_a_draw_when_it_is_no_secret(world: World) -> None:
    _team, by, gao = team(world), world.viewer("bo"), world.viewer("gao")
    open_one, secret = started(world), started(world, kind="unannounced")
    shown = draw(commit_draw(open_one, by=by, wanted=1), by=by)
    hidden = draw(commit_draw(secret, by=by, wanted=1), by=by)
    assert [one.pk for one in published_draws(gao)] == [shown.pk]
    assert not published_draws(world.viewer("chen")).exists()
    assert own_schools(shown, gao) == {str(world.school_a.public_id)}
    end_campaign(secret, by=by, reason="另行安排")
    assert {one.pk for one in published_draws(gao)} == {shown.pk, hidden.pk}


def test_coverage_counts_every_school_once(world: World) -> None:
    third = make_school(world.town, "柳河二小", 3)
    for school, day in ((world.school_a, date(2023, 12, 1)), (third, date(2022, 3, 4))):
        Visit.objects.create(
            org=school, office=world.town, kind="routine", state=VisitState.UNDERWAY, day=day, began_at=NOON
        )
    Visit.objects.create(
        org=world.school_b, office=world.school_b, kind="self", state=VisitState.UNDERWAY, day=TODAY, began_at=NOON
    )
    rows = OrgUnit.objects.schools().under(world.town.path)
    found = {one.name: one.count for one in spans(rows, world.viewer("bo"))}
    assert found == {"never": 1, "24": 1, "12": 0, "6": 0, "0": 1}
    assert sum(with_last(rows).filter(since(name, TODAY)).count() for name in NAMES) == 3
    assert before(date(2024, 8, 31), 6) == date(2024, 2, 29)
