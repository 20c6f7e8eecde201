"""Accountability: a human opens, investigates, hears and decides; lateness alone convicts nobody."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.audit.models import AuditEntry
from houqin.core.events.bus import SUBSCRIBERS
from houqin.core.grants.viewers import viewer_for
from houqin.core.people.models import Person
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.cases.actions import accounting
from houqin.flows.cases.actions.accounting import Sentence
from houqin.flows.cases.actions.leading import add_member, close_case
from houqin.flows.cases.actions.working import do_step, leave_out_step
from houqin.flows.cases.models import Accountability, Case, Measure
from houqin.flows.cases.policies import HEAR_DAYS
from houqin.flows.cases.rules import exceeds
from houqin.flows.rectify.actions.opening import Found, open_finding
from houqin.flows.rectify.models import Finding
from tests.world import NOON, World, make_account

TALK = Sentence(["talk"], "未按规定检查，依据制度第三条")
OVER = NOON + timedelta(days=10)
WRITTEN = {"facts": "三月一日未查留样", "evidence": "台账空缺", "asked": "本人、食堂主管"}
MEASURES = st.sets(st.sampled_from([measure.value for measure in Measure]))


@pytest.fixture
def person(world: World) -> Person:
    found: Person = Person.objects.create(org=world.school_a, name="钱某", sex="")
    return found


def found(world: World, due: date = date(2024, 3, 11)) -> Finding:
    row = open_finding(world.school_a, by=world.viewer("gao"), found=Found("留样不足"), ordered=True)
    Finding.objects.filter(pk=row.pk).update(due_on=due)
    row.refresh_from_db()
    return row


def opened(world: World, person: Person, who: str = "bo", **more: Any) -> Case:
    more = {"post": "cook", "cause": "incident", "title": "留样缺失"} | more
    return accounting.open_accountability(more.pop("org", world.school_a), by=world.viewer(who), person=person, **more)


def told(world: World, person: Person, sentence: Sentence = TALK) -> Case:
    """Led by the town, investigated by Bai, proposed and told."""
    case = opened(world, person)
    add_member(case, by=world.viewer("bo"), account=world.bai)
    accounting.write_investigation(case, by=world.viewer("bai"), **WRITTEN)
    accounting.propose_decision(case, by=world.viewer("bai"), sentence=sentence)
    accounting.tell_person(case, by=world.viewer("bai"), how="当面送达")
    return case


def account(case: Case) -> Accountability:
    return Accountability.objects.get(case=case)


def undecided(case: Case) -> None:
    row = account(case)
    assert (row.decided_at, row.decider, row.decided) == (None, None, [])
    assert case.steps.get(code="decide").done_at is None


def test_the_whole_way(world: World, person: Person) -> None:
    case = told(world, person)
    assert (case.number, case.lead, case.restricted) == ("ZZ-20240304-0001", world.town, True)
    assert account(case).hear_until == date(2024, 3, 11)
    accounting.hear_person(case, by=world.viewer("bai"), heard="stated", statement="当天停电")
    accounting.decide_case(case, by=world.viewer("bo", OVER), sentence=TALK)
    row = account(case)
    assert (row.decided, row.decider, row.investigator) == (["talk"], world.bo, world.bai)
    for code in ("deliver", "execute", "archive"):
        do_step(case.steps.get(code=code), by=world.viewer("bai", OVER), note="已办")
    closed = close_case(case, by=world.viewer("bo", OVER), outcome="decided", reason="已执行")
    assert closed.outcome == "decided"
    told_of = AuditEntry.objects.filter(subject_id=str(case.public_id))
    assert not told_of.filter(org_path=world.school_a.path).exists()
    assert "钱某" not in " ".join(str(one.detail) + one.subject_label for one in told_of)


def test_only_a_human_opens_one_and_lateness_alone_opens_none(world: World, person: Person) -> None:
    late = found(world, date(2024, 3, 1))
    with pytest.raises(PermissionDenied):
        accounting.open_accountability(
            world.school_a, by=world.system, person=person, post="cook", cause="overdue", title="逾期", finding=late
        )
    assert not Case.objects.exists()
    assert not [one.name for found in SUBSCRIBERS.values() for one in found if "accounting" in one.name]
    case = opened(world, person, cause="overdue", finding=late)
    assert case.finding == late
    with pytest.raises(Refused):
        accounting.write_investigation(case, by=world.viewer("bo"), facts=" ", evidence="逾期", asked="无")
    assert account(case).investigated_at is None


def test_what_may_not_be_opened(world: World, person: Person) -> None:
    row = found(world)
    stranger = Person.objects.create(org=world.school_b, name="别校人", sex="")
    for who, more, problem in (
        ("an", {}, PermissionDenied),
        ("bai", {}, PermissionDenied),
        ("hu", {}, NotVisible),
        ("chen", {}, NotVisible),
        ("bo", {"person": stranger}, NotVisible),
        ("bo", {"post": "emperor"}, Refused),
        ("bo", {"cause": "finding"}, Refused),
        ("bo", {"cause": "overdue", "finding": row}, Refused),
    ):
        with pytest.raises(problem):
            opened(world, more.pop("person", person), who, **more)
    assert not Case.objects.exists()
    assert not Accountability.objects.exists()
    opened(world, person, cause="finding", finding=row)
    with pytest.raises(Refused):
        opened(world, person, cause="finding", finding=row)
    assert Case.objects.count() == 1


def test_nobody_is_decided_upon_unheard_or_before_their_time(world: World, person: Person) -> None:
    case = told(world, person)
    for moment in (NOON, OVER):
        with pytest.raises(Refused):
            accounting.decide_case(case, by=world.viewer("bo", moment), sentence=TALK)
    with pytest.raises(Refused):
        accounting.hear_person(case, by=world.viewer("bai"), heard="silent", statement="")
    with pytest.raises(Refused):
        accounting.hear_person(case, by=world.viewer("bai"), heard="stated", statement=" ")
    assert account(case).heard_at is None
    accounting.hear_person(case, by=world.viewer("bai"), heard="stated", statement="当天停电")
    with pytest.raises(Refused):
        accounting.decide_case(case, by=world.viewer("bo"), sentence=TALK)
    undecided(case)


def test_who_gives_it_up_in_writing_or_says_nothing_in_time(world: World, person: Person) -> None:
    case = told(world, person)
    accounting.hear_person(case, by=world.viewer("bai"), heard="waived", statement="书面放弃")
    accounting.decide_case(case, by=world.viewer("bo"), sentence=TALK)
    assert account(case).decider == world.bo
    other = told(world, Person.objects.create(org=world.school_a, name="李某", sex=""))
    accounting.hear_person(other, by=world.viewer("bai", OVER), heard="silent", statement="")
    accounting.decide_case(other, by=world.viewer("bo", OVER), sentence=Sentence([], "情节轻微，不予追究"))
    assert account(other).decided == []


def test_local_rules_only_lengthen_the_time(world: World, person: Person) -> None:
    set_policy(world.town, by=world.viewer("bo"), code=HEAR_DAYS, value=8, reason="从宽")
    assert account(told(world, person)).hear_until == date(2024, 3, 14)
    with pytest.raises(Refused):
        set_policy(world.school_a, by=world.viewer("gao"), code=HEAR_DAYS, value=1, reason="从速")


def test_whoever_investigated_does_not_decide(world: World, person: Person) -> None:
    case = opened(world, person)
    bo = world.viewer("bo")
    accounting.write_investigation(case, by=bo, **WRITTEN)
    accounting.propose_decision(case, by=bo, sentence=TALK)
    accounting.tell_person(case, by=bo, how="当面送达")
    accounting.hear_person(case, by=bo, heard="waived", statement="放弃")
    with pytest.raises(Refused):
        accounting.decide_case(case, by=bo, sentence=TALK)
    with pytest.raises(NotVisible):
        accounting.decide_case(case, by=world.viewer("gao"), sentence=TALK)
    undecided(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Accountability.objects.filter(case=case).update(decided_at=NOON, decider=world.bo)
    zhao = make_account("zhao", "赵局长", "office_director", world.district)
    accounting.decide_case(case, by=viewer_for(zhao, now=NOON), sentence=TALK)
    assert account(case).decider == zhao


def test_nothing_harder_than_what_was_told_until_told_anew(world: World, person: Person) -> None:
    case = told(world, person)
    accounting.hear_person(case, by=world.viewer("bai"), heard="waived", statement="放弃")
    harder = Sentence(["talk", "compensation"], "造成损失", 50_000)
    with pytest.raises(Refused):
        accounting.decide_case(case, by=world.viewer("bo"), sentence=harder)
    undecided(case)
    accounting.propose_decision(case, by=world.viewer("bai"), sentence=harder)
    row = account(case)
    assert (row.told_at, row.heard_at, row.statement) == (None, None, "")
    assert "放弃" in case.entries.get().text
    with pytest.raises(Refused):
        accounting.decide_case(case, by=world.viewer("bo"), sentence=harder)
    undecided(case)
    accounting.tell_person(case, by=world.viewer("bai"), how="当面送达")
    accounting.hear_person(case, by=world.viewer("bai"), heard="waived", statement="再次放弃")
    accounting.decide_case(case, by=world.viewer("bo"), sentence=harder)
    assert (account(case).decided, account(case).decided_fen) == (["talk", "compensation"], 50_000)
    with pytest.raises(Refused):
        accounting.propose_decision(case, by=world.viewer("bai"), sentence=TALK)
    with pytest.raises(Refused):
        accounting.decide_case(case, by=world.viewer("bo"), sentence=TALK)


def test_nothing_is_handed_over_or_carried_out_before_it_is_decided(world: World, person: Person) -> None:
    case = told(world, person)
    bai = world.viewer("bai")
    for code in ("deliver", "execute", "archive"):
        step = case.steps.get(code=code)
        for deed in (
            lambda step: do_step(step, by=bai, note="已办"),
            lambda step: leave_out_step(step, by=bai, reason="x"),
        ):
            with pytest.raises(Refused):
                deed(step)
    assert not case.steps.filter(code__in=["deliver", "execute", "archive"], done_at__isnull=False).exists()
    client = Client()
    client.force_login(world.bai)
    page = client.get(reverse("cases:cases-detail", args=[case.public_id])).content.decode()
    for step in case.steps.all():
        assert reverse("cases:steps-do", args=[step.public_id]) not in page, step.code


def settled(world: World, person: Person, sentence: Sentence) -> Case:
    """Led by the town, the person heard, and decided upon."""
    case = told(world, person, sentence)
    accounting.hear_person(case, by=world.viewer("bai"), heard="waived", statement="放弃")
    return accounting.decide_case(case, by=world.viewer("bo"), sentence=sentence)


def carried_out(world: World, case: Case) -> None:
    for code in ("deliver", "execute", "archive"):
        do_step(case.steps.get(code=code), by=world.viewer("bai"), note="已办")


@pytest.mark.parametrize(
    ("measures", "wrong", "right"),
    [
        (["talk"], ["unfounded", "moved"], "decided"), (["discipline"], ["unfounded"], "moved"),
        ([], ["decided"], "unfounded"), (["talk", "police"], ["unfounded"], "moved"),
    ],
)  # fmt: skip
def test_a_case_ends_as_it_was_decided(
    world: World, person: Person, measures: list[str], wrong: list[str], right: str
) -> None:
    case = settled(world, person, Sentence(measures, "依据制度第三条"))
    early = [right] if right != "decided" and measures not in ([], ["discipline"]) else []
    for outcome in [*wrong, *early]:
        with pytest.raises(Refused):
            close_case(case, by=world.viewer("bo"), outcome=outcome, reason="结案")
    if measures:
        carried_out(world, case)
    else:
        for code in ("deliver", "execute", "archive"):
            leave_out_step(case.steps.get(code=code), by=world.viewer("bai"), reason="不予追究")
    for outcome in wrong:
        with pytest.raises(Refused):
            close_case(case, by=world.viewer("bo"), outcome=outcome, reason="结案")
    assert close_case(case, by=world.viewer("bo"), outcome=right, reason="结案").outcome == right


@pytest.mark.parametrize("outcome", ["unfounded", "moved"])
def test_an_undecided_case_may_end_without_a_decision(world: World, person: Person, outcome: str) -> None:
    case = told(world, person)
    assert close_case(case, by=world.viewer("bo"), outcome=outcome, reason="查无实据").outcome == outcome


def test_what_was_decided_is_not_left_out(world: World, person: Person) -> None:
    case = settled(world, person, TALK)
    for code in ("deliver", "execute", "archive"):
        step = case.steps.get(code=code)
        with pytest.raises(Refused):
            leave_out_step(step, by=world.viewer("bai"), reason="没有必要")
        assert case.steps.get(code=code).done_at is None
        do_step(step, by=world.viewer("bai"), note="已办")


def test_a_sentence_is_whole(world: World, person: Person) -> None:
    case = opened(world, person)
    bo = world.viewer("bo")
    with pytest.raises(Refused):
        accounting.propose_decision(case, by=bo, sentence=TALK)
    accounting.write_investigation(case, by=bo, **WRITTEN)
    for wrong in (
        Sentence(["talk"], " "),
        Sentence(["compensation"], "损失"),
        Sentence(["talk"], "损失", 100),
        Sentence(["prison"], "损失"),
    ):
        with pytest.raises(Refused):
            accounting.propose_decision(case, by=bo, sentence=wrong)
    with pytest.raises(Refused):
        accounting.tell_person(case, by=bo, how="当面")
    with pytest.raises(Refused):
        accounting.hear_person(case, by=bo, heard="waived", statement="放弃")
    assert account(case).proposed_at is None
    with pytest.raises(Refused):
        accounting.write_investigation(case, by=bo, **WRITTEN)


def test_the_school_and_strangers_do_nothing_on_it(world: World, person: Person) -> None:
    case = told(world, person)
    before = AuditEntry.objects.count()
    for who in ("gao", "an", "hu", "chen", "eve", "op"):
        for deed in (
            lambda viewer: accounting.write_investigation(case, by=viewer, **WRITTEN),
            lambda viewer: accounting.propose_decision(case, by=viewer, sentence=TALK),
            lambda viewer: accounting.tell_person(case, by=viewer, how="当面"),
            lambda viewer: accounting.hear_person(case, by=viewer, heard="waived", statement="放弃"),
            lambda viewer: accounting.decide_case(case, by=viewer, sentence=TALK),
        ):
            with pytest.raises(NotVisible):
                deed(world.viewer(who))
    assert AuditEntry.objects.count() == before


@given(told=MEASURES, decided=MEASURES, told_fen=st.integers(0, 10**6), fen=st.integers(0, 10**6))
def test_a_decision_within_what_was_told(told: set[str], decided: set[str], told_fen: int, fen: int) -> None:
    assert not exceeds(told, told_fen, told, told_fen)
    assert not exceeds([], 0, told, told_fen)
    assert exceeds(decided, fen, told, told_fen) == bool(decided - told or fen > told_fen)
