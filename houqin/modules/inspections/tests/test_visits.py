"""A visit from its plan to its seal: who may, what is refused, what two phones make of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.files.tests.pictures import upload
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.rectify.models import Finding, FindingState, Look
from houqin.flows.seals.models import Seal
from houqin.modules.inspections.actions.answering import Given, answer_items
from houqin.modules.inspections.actions.signing import sign_visit
from houqin.modules.inspections.actions.visiting import begin_visit, call_off_visit, depart, plan_visit
from houqin.modules.inspections.asked import asked_of, found_before
from houqin.modules.inspections.models import Campaign, Signature, Visit, VisitState
from houqin.modules.inspections.tests.kept import (
    answered,
    begun,
    codes,
    given,
    item,
    make_checklist,
    planned,
    self_check,
    signed,
    signs,
)
from houqin.modules.inspections.underway import to_carry_out
from tests.world import NOON, TODAY, World


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


def test_planned_begun_answered_and_signed(world: World) -> None:
    row = begun(world)
    assert (row.number, row.state, row.day, row.began_at) == ("JC-20240304-0001", VisitState.UNDERWAY, TODAY, NOON)
    assert row.lists == [{"code": "kitchen", "version": 1}]
    answered(world, row, floor={"outcome": "failed", "remark": "灶台下有积水", "place": "热加工间"})
    done = signed(world, row, objection="已安排")
    assert (done.state, done.score_hundredths, done.grade, done.red_lines) == (VisitState.SIGNED, 7777, "合格", 0)
    found = Finding.objects.get()
    assert (found.state, found.found_org, found.place, found.topic) == (
        FindingState.ORDERED, world.town, "热加工间", "kitchen.floor",
    )  # fmt: skip
    assert done.answers.get(item="floor").finding == found
    assert [one.key for one in found.causes.all()] == [f"answer:{done.answers.get(item='floor').public_id}"]
    assert [one.name for one in done.signatures.all()] == ["薄主任", "高校长"]
    assert AuditEntry.objects.filter(event="inspections.signed").count() == 1


def test_the_number_is_given_when_it_begins(world: World) -> None:
    later, first = planned(world), planned(world)
    assert (later.number, first.number) == ("", "")
    assert begin_visit(first, by=world.viewer("bo")).number == "JC-20240304-0001"
    assert begin_visit(later, by=world.viewer("bo")).number == "JC-20240304-0002"
    assert begun(world, org=world.school_b).number == "JC-20240304-0001"


def test_the_version_by_which_it_looks_stays(world: World) -> None:
    row = begun(world)
    make_checklist(items=[item("new")], version=2)
    assert "floor" in codes(row)
    assert codes(planned(world)) == ["new"]
    kept = begin_visit(planned(world), by=world.viewer("bo"), versions={"kitchen": 1})
    assert "floor" in codes(kept), "a phone without network had version 1"


def test_who_plans(world: World) -> None:
    for who in ("an", "gao"):
        with pytest.raises(PermissionDenied if who == "gao" else (PermissionDenied, NotVisible)):
            planned(world, who, office=world.school_a)
    with pytest.raises(NotVisible):
        planned(world, "chen")
    with pytest.raises(NotVisible):
        planned(world, org=world.school_c)
    with pytest.raises(NotVisible):
        self_plan(world, "hu")
    with pytest.raises(Refused):
        planned(world, inspectors=[world.bo, world.gao])
    with pytest.raises(Refused, match=r"检查表|checklist"):
        planned(world, lists=["unknown"])
    with pytest.raises(Refused, match=r"检查人员|inspectors"):
        planned(world, unannounced=True, inspectors=[])
    assert not Visit.objects.exists()


def self_plan(world: World, who: str) -> Visit:
    return plan_visit(world.school_a, by=world.viewer(who), office=world.school_a, kind="self", lists=["kitchen"])


def test_who_sets_out_and_begins(world: World) -> None:
    row = planned(world, unannounced=True, planned_on=TODAY)
    for who in ("gao", "op", "chen"):
        with pytest.raises(NotVisible):
            depart(row, by=world.viewer(who))
    with pytest.raises(Refused, match=r"出发|Set out"):
        begin_visit(row, by=world.viewer("bo"))
    assert depart(row, by=world.viewer("bai")).state == VisitState.DEPARTED
    with pytest.raises(Refused):
        depart(row, by=world.viewer("bai"))
    for who in ("chen", "gao", "op"):
        with pytest.raises(NotVisible):
            begin_visit(row, by=world.viewer(who))
    assert begin_visit(row, by=world.viewer("bo")).state == VisitState.UNDERWAY
    assert begin_visit(row, by=world.viewer("bai", NOON + timedelta(minutes=5))).began_at == NOON, "once"
    assert Visit.objects.get().number == "JC-20240304-0001"


def test_who_begins_one_that_is_announced(world: World) -> None:
    row = planned(world)
    for who, refusal in (("chen", NotVisible), ("gao", PermissionDenied), ("op", Refused)):
        with pytest.raises(refusal):
            begin_visit(row, by=world.viewer(who))
    with pytest.raises(Refused):
        depart(row, by=world.viewer("op"))
    assert Visit.objects.get().number == ""


def test_not_before_its_day(world: World) -> None:
    with pytest.raises(Refused):
        depart(planned(world, unannounced=True, planned_on=TODAY + timedelta(days=1)), by=world.viewer("bo"))
    assert Visit.objects.get().state == VisitState.PLANNED


def test_nothing_of_an_unannounced_visit_is_told_at_the_school_before_it_begins(world: World) -> None:
    row = planned(world, unannounced=True)
    depart(row, by=world.viewer("bo"))
    call_off_visit(planned(world, unannounced=True, inspectors=[world.bo]), by=world.viewer("bo"), reason="改期")
    assert not AuditEntry.objects.filter(org_path__startswith=world.school_a.path).exists()
    assert not AuditEntry.objects.filter(subject_label__contains=world.school_a.name).exists()
    for who in ("gao", "an", "bai"):
        seen = Visit.objects.visible_to(world.viewer(who))
        assert list(seen) == ([row] if who == "bai" else []), who


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": ""}, {"checklist": "other"}, {"item": "nothing"}, {"item": "tidy", "level": 4}, {"item": "tidy"},
        {"item": "cold"}, {"item": "expired", "outcome": "na"},
    ],
)  # fmt: skip
def test_answers_that_are_none(world: World, wrong: dict[str, Any]) -> None:
    row = begun(world)
    good = Given("kitchen", "doors", "ok")
    with pytest.raises(Refused):
        answer_items(row, by=world.viewer("bo"), answers=[good, replace(Given("kitchen", "floor"), **wrong)])
    assert not row.answers.exists()


def test_answers_before_it_begins_and_of_others(world: World) -> None:
    row = planned(world)
    with pytest.raises(Refused):
        answered(world, row)
    begin_visit(row, by=world.viewer("bo"))
    for who, refusal in (("op", Refused), ("gao", PermissionDenied), ("hu", NotVisible), ("chen", NotVisible)):
        with pytest.raises(refusal):
            answered(world, row, who)
    assert not row.answers.exists()


def test_a_figure_is_judged_by_its_limit_and_a_level_by_its_place(world: World) -> None:
    row = begun(world)
    answered(world, row, cold={"value": 8001}, tidy={"level": 0})
    assert {one.item: one.outcome for one in row.answers.all()} == {
        "floor": "ok", "doors": "ok", "tidy": "failed", "cold": "failed", "expired": "ok",
    }  # fmt: skip


def test_a_photo_where_it_is_asked_for_or_why_there_is_none(world: World) -> None:
    photo = {"when": "failed", "why_zh": "留证", "why_en": "Evidence"}
    make_checklist("pictures", [item("wall", photo=photo)])
    row = begun(world, lists=["pictures"])
    failed = Given("pictures", "wall", "failed", at=NOON)
    with pytest.raises(Refused, match=r"照片|photo"):
        answer_items(row, by=world.viewer("bo"), answers=[failed])
    answer_items(row, by=world.viewer("bo"), answers=[replace(failed, photo=upload())])
    kept = row.answers.get().photos.get().file
    assert (kept.org, kept.permission) == (world.school_a, "inspections.view")
    answer_items(row, by=world.viewer("bo"), answers=[replace(failed, remark="再看一次", at=NOON)])
    assert row.answers.get().photos.count() == 1


def test_the_answer_given_last_holds_whichever_phone_sent_it_first(world: World) -> None:
    row = begun(world)
    answered(world, row, "bai", minutes=20, floor={"outcome": "failed", "remark": "后看"})
    answered(world, row, "bo", minutes=10)
    floor = row.answers.get(item="floor")
    assert (floor.outcome, floor.remark, floor.account) == ("failed", "后看", world.bai)
    trail = AuditEntry.objects.filter(event="inspections.answered").order_by("-pk").first()
    assert trail is not None
    differing = {one["item"]: one for one in trail.detail["differing"]}
    assert differing["kitchen.floor"]["holds"]["outcome"] == "failed"
    assert differing["kitchen.floor"]["gave_way"]["outcome"] == "ok"
    answered(world, row, "bo", minutes=30)
    assert row.answers.get(item="floor").outcome == "ok"
    assert row.answers.count() == 5


def test_sent_again_nothing_changes(world: World) -> None:
    row = begun(world)
    answered(world, row, floor={"outcome": "failed"})
    before = list(row.answers.values())
    answered(world, row, floor={"outcome": "failed"})
    assert list(row.answers.values()) == before
    assert "differing" not in AuditEntry.objects.filter(event="inspections.answered").order_by("-pk")[0].detail


def test_what_is_not_answered_is_named(world: World) -> None:
    row = begun(world)
    answer_items(row, by=world.viewer("bo"), answers=given()[:3])
    with pytest.raises(Refused, match=r"2.*(项目|Item)"):
        signed(world, row)
    row.refresh_from_db()
    assert (row.state, row.signatures.count(), Seal.objects.count()) == (VisitState.UNDERWAY, 0, 0)


@pytest.mark.parametrize(
    "school", [{"name": ""}, {"image": None}, {"name": "薄主任"}, {"name": " 薄主任 "}]
)  # fmt: skip
def test_both_sides_sign_and_are_two(world: World, school: dict[str, Any]) -> None:
    row = begun(world)
    answered(world, row)
    with pytest.raises(Refused):
        signed(world, row, **school)
    for chosen in ([], signs()[:1], signs()[1:], [*signs(), signs(name="别人")[1]]):
        with pytest.raises(Refused):
            sign_visit(row, by=world.viewer("bo"), signs=chosen)
    row.refresh_from_db()
    assert (row.state, row.signatures.count(), row.content) == (VisitState.UNDERWAY, 0, "")


def test_the_school_may_refuse_with_a_reason(world: World) -> None:
    row = begun(world)
    answered(world, row)
    signed(world, row, image=None, refused_why="对结论有异议")
    assert row.signatures.get(side=Signature.Side.SCHOOL).refused_why == "对结论有异议"


def test_signed_it_never_changes(world: World) -> None:
    row = begun(world)
    answered(world, row)
    signed(world, row)
    for deed in (
        lambda: answered(world, row, minutes=50, floor={"outcome": "failed"}),
        lambda: signed(world, row),
        lambda: call_off_visit(row, by=world.viewer("bo"), reason="错"),
        lambda: begin_visit(row, by=world.viewer("bo")),
    ):
        with pytest.raises(Refused):
            deed()
    assert (Seal.objects.count(), row.answers.filter(outcome="failed").count()) == (1, 0)


def test_a_red_line_fails_the_whole(world: World) -> None:
    row = begun(world)
    answered(world, row, expired={"outcome": "failed", "on_the_spot": True})
    done = signed(world, row)
    assert (done.grade, done.red_lines) == ("不合格", 1)
    assert Finding.objects.get().state == FindingState.ORDERED, "a serious hazard is not put right on the spot"


def test_put_right_on_the_spot_with_the_schools_signature(world: World) -> None:
    row = begun(world)
    answered(world, row, doors={"outcome": "failed", "remark": "当场关好", "on_the_spot": True})
    with pytest.raises(Refused):
        signed(world, row, image=None, refused_why="不签")
    assert not Finding.objects.exists()
    signed(world, row, account=world.gao)
    found = Finding.objects.get()
    assert (found.state, found.on_the_spot) == (FindingState.CLOSED, True)
    assert [(one.kind, one.account) for one in found.looks.all()] == [
        (Look.Kind.FOUND, world.bo), (Look.Kind.FIXED, world.gao), (Look.Kind.PASSED, world.bo),
    ]  # fmt: skip


def test_found_again_it_is_recognised_while_answering(world: World) -> None:
    first = begun(world)
    answered(world, first, doors={"outcome": "failed", "on_the_spot": True})
    signed(world, first)
    second = begun(world)
    asked = asked_of(second, TODAY)
    assert {topic: one.times for topic, one in found_before(world.school_a, asked, TODAY).items()} == {
        "kitchen.doors": 1
    }
    assert found_before(world.school_b, asked, TODAY) == {}
    answered(world, second, doors={"outcome": "failed"})
    signed(world, second)
    assert [one.nth for one in Finding.objects.order_by("pk")] == [1, 2]


def test_where_it_is_is_typed_so_the_same_is_known_again_at_another_place(world: World) -> None:
    places = ("东侧门", "西侧门", "西侧门")
    for place in places:
        row = begun(world)
        answered(world, row, doors={"outcome": "failed", "place": place})
        signed(world, row)
    assert [(one.place, one.nth, one.causes.count()) for one in Finding.objects.order_by("pk")] == [
        ("东侧门", 1, 1), ("西侧门", 2, 2),
    ], "at the same place, still open, it is the same finding"  # fmt: skip


def test_an_item_says_how_many_working_days_unless_the_unit_allows_fewer(world: World) -> None:
    make_checklist("fast", [item("wire", severity=2, days=2), item("roof", severity=1, days=20), item("sign")])
    row = begun(world, lists=["fast"])
    given = [Given("fast", code, outcome="failed", at=NOON) for code in ("wire", "roof", "sign")]
    answer_items(row, by=world.viewer("bo"), answers=given)
    set_policy(world.town, by=world.viewer("bo"), code="rectify.days_minor", value=6, reason="镇里从严")
    sign_visit(row, by=world.viewer("bo"), signs=signs())
    due = {one.title: one.due_on for one in Finding.objects.all()}
    assert due == {"项目wire": date(2024, 3, 6), "项目roof": date(2024, 3, 12), "项目sign": date(2024, 3, 12)}


def test_a_school_checks_itself_and_what_it_finds_is_its_own(world: World) -> None:
    row = self_check(world)
    answered(world, row, "gao", doors={"outcome": "failed"})
    sign_visit(row, by=world.viewer("gao"), signs=signs()[:1])
    found = Finding.objects.get()
    assert (found.found_org, found.check_org) == (world.school_a, world.school_a)


def test_a_self_check_that_an_office_asks_for_waits_at_the_school_and_its_findings_name_the_campaign(
    world: World,
) -> None:
    round_ = Campaign.objects.create(
        org=world.town, kind="self", title="春季自查", checklists=["kitchen"], from_on=TODAY, until_on=TODAY, set_at=NOON,
        account=world.bo,
    )  # fmt: skip
    row = planned(world, kind="self", office=world.school_a, inspectors=[], campaign=round_)
    assert list(to_carry_out(world.viewer("gao"))) == [row]
    assert list(to_carry_out(world.viewer("hu"))) == list(to_carry_out(world.viewer("an"))) == []
    begin_visit(row, by=world.viewer("gao"))
    answered(world, row, "gao", doors={"outcome": "failed"})
    sign_visit(row, by=world.viewer("gao"), signs=signs()[:1])
    assert Finding.objects.get().causes.get().campaign == str(round_.public_id)
    assert list(to_carry_out(world.viewer("gao"))) == []


def test_a_school_alone_closes_nothing_on_the_spot(world: World) -> None:
    row = self_check(world)
    answered(world, row, "gao", doors={"outcome": "failed", "on_the_spot": True})
    with pytest.raises(Refused, match=r"学校|school"):
        sign_visit(row, by=world.viewer("gao"), signs=signs()[:1])
    assert not Finding.objects.exists()


def test_another_schools_head_inspects_across(world: World) -> None:
    row = begin_visit(planned(world, kind="cross", office=world.town, inspectors=[world.hu]), by=world.viewer("hu"))
    answered(world, row, "hu", floor={"outcome": "failed"})
    with pytest.raises(NotVisible):
        call_off_visit(row, by=world.viewer("hu"), reason="不想去")
    signed(world, row, "hu")
    assert Finding.objects.get().found_by == world.hu


def test_called_off_with_a_reason(world: World) -> None:
    row = planned(world)
    with pytest.raises(Refused):
        call_off_visit(row, by=world.viewer("bo"), reason=" ")
    with pytest.raises(NotVisible):
        call_off_visit(row, by=world.viewer("chen"), reason="x")
    assert call_off_visit(row, by=world.viewer("bo"), reason="改期").state == VisitState.VOID
    with pytest.raises(Refused):
        call_off_visit(row, by=world.viewer("bo"), reason="改期")
