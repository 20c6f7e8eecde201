"""The frame of cases: who sees one, who does its steps, how it ends."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.events.models import Event
from houqin.core.people.models import Person
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.cases.actions import leading, opening, working
from houqin.flows.cases.models import Case, CaseState, Entry, Member, MemberRole, Step
from houqin.flows.rectify.actions.opening import Found, open_finding
from tests.world import NOON, TODAY, World

KIND: dict[str, Any] = {
    "prefix": "LX",
    "drills": True,
    "steps": [
        {"code": "call", "title_zh": "打电话", "title_en": "Call", "minutes": 10},
        {"code": "report", "title_zh": "书面报告", "title_en": "Report", "after": "call", "days": 2, "note": True},
        {"code": "sign", "title_zh": "签收", "title_en": "Sign", "deed": True},
    ],
    "outcomes": [
        {"code": "over", "title_zh": "结束", "title_en": "Over"},
        {"code": "nothing", "title_zh": "误报", "title_en": "Nothing", "early": True},
    ],
}
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _kinds(db: None) -> None:
    for code, restricted in (("exercise", False), ("secret", True)):
        CatalogueItem.objects.create(
            area="cases", code=code, version=1, digest=f"{code}-test", title_zh="演练", title_en="Exercise",
            source="测试", confidence="C", effective_from=date(2000, 1, 1), body=KIND | {"restricted": restricted, "prefix": "MM" if restricted else "LX"},
        )  # fmt: skip


def opened(world: World, who: str = "gao", **more: Any) -> Case:
    more = {"kind": "exercise", "title": "三个班有人呕吐"} | more
    return opening.open_case(more.pop("org", world.school_a), by=world.viewer(who), **more)


def step(case: Case, code: str) -> Step:
    return Step.objects.get(case=case, code=code)


def untouched(case: Case) -> None:
    before = case.state
    case.refresh_from_db()
    assert case.state == before
    assert not case.steps.filter(done_at__isnull=False).exists()
    assert not Entry.objects.exists()


def seen(world: World, who: str) -> list[Case]:
    return list(Case.objects.visible_to(world.viewer(who)))


def test_opened_it_has_its_steps_its_number_and_who_leads_it(world: World) -> None:
    case = opened(world)
    assert (case.number, case.lead, case.state) == ("LX-20240304-0001", world.school_a, CaseState.OPEN)
    assert [(one.code, one.due_at) for one in case.steps.all()] == [
        ("call", NOON + timedelta(minutes=10)),
        ("report", None),
        ("sign", None),
    ]
    assert [(one.account, one.role) for one in case.members.all()] == [(world.gao, MemberRole.LEADS)]
    assert AuditEntry.objects.filter(event="cases.opened", subject_id=str(case.public_id)).count() == 1
    assert Event.objects.get(name="cases.opened").payload == {"kind": "exercise", "drill": False}
    assert opened(world).number == "LX-20240304-0002"
    assert opened(world, kind="secret").number == "MM-20240304-0001"


def test_the_same_key_opens_once(world: World) -> None:
    case = opened(world, key="finding:1")
    assert opened(world, key="finding:1") == case
    assert opened(world, key="finding:2") != case
    assert AuditEntry.objects.filter(event="cases.opened").count() == 2


def test_who_may_not_open_opens_nothing(world: World) -> None:
    an = Person.objects.create(org=world.school_a, name="高校长", sex="")
    world.gao.person = an
    world.gao.save()
    finding = open_finding(world.school_b, by=world.viewer("hu"), found=Found("别校的事"))
    for who, more, problem in (
        ("an", {}, PermissionDenied),
        ("hu", {}, NotVisible),
        ("chen", {}, NotVisible),
        ("gao", {"lead": world.town}, NotVisible),
        ("bo", {"lead": world.school_b}, Refused),
        ("gao", {"finding": finding}, NotVisible),
        ("gao", {"person": an}, Refused),
        ("gao", {"kind": "unheard-of"}, Refused),
        ("gao", {"kind": "transfer", "drill": True}, Refused),
    ):
        with pytest.raises(problem):
            opened(world, who, **more)
    assert not Case.objects.exists()


def test_a_step_is_done_once_and_its_follower_begins(world: World) -> None:
    case = opened(world)
    later = NOON + timedelta(minutes=12)
    working.do_step(step(case, "call"), by=world.viewer("an", later))
    done = step(case, "call")
    assert (done.done_by, done.done_at, done.was_late) == (world.an, later, True)
    assert step(case, "report").due_at == datetime(2024, 3, 6, 23, 59, 59, tzinfo=ZONE)
    with pytest.raises(Refused, match=r"安师傅"):
        working.do_step(done, by=world.viewer("gao"))
    assert step(case, "call").done_by == world.an
    assert AuditEntry.objects.filter(event="cases.step_done").count() == 1


def test_what_a_step_asks_for_and_who_does_it(world: World) -> None:
    case = opened(world)
    for who, code, problem in (
        ("an", "report", Refused),
        ("an", "sign", Refused),
        ("bo", "call", PermissionDenied),
        ("eve", "call", PermissionDenied),
        ("hu", "call", NotVisible),
        ("chen", "call", NotVisible),
    ):
        with pytest.raises(problem):
            working.do_step(step(case, code), by=world.viewer(who))
    with pytest.raises(Refused):
        working.leave_out_step(step(case, "call"), by=world.viewer("an"), reason=" ")
    untouched(case)
    leading.add_member(case, by=world.viewer("gao"), account=world.bo)
    assert working.do_step(step(case, "call"), by=world.viewer("bo")).done_by == world.bo
    left = working.leave_out_step(step(case, "report"), by=world.viewer("an"), reason="已口头报告")
    assert (left.not_applicable, left.note) == (True, "已口头报告")


def test_the_log_is_written_by_the_school_and_by_offices_above(world: World) -> None:
    case = opened(world)
    working.add_entry(case, by=world.viewer("an"), text="车已到")
    working.add_entry(case, by=world.viewer("bo"), text="镇里派人", step=step(case, "call"))
    assert [one.text for one in case.entries.all()] == ["车已到", "镇里派人"]
    other = opened(world)
    for who, text, more, problem in (
        ("hu", "看看", {}, NotVisible),
        ("eve", "看看", {}, PermissionDenied),
        ("an", " ", {}, Refused),
        ("an", "错步骤", {"step": step(other, "call")}, NotVisible),
    ):
        with pytest.raises(problem):
            working.add_entry(case, by=world.viewer(who), text=text, **more)
    assert Entry.objects.count() == 2


def test_a_restricted_case_is_for_its_members_and_those_who_lead(world: World) -> None:
    case = opened(world, "bo", kind="secret", lead=world.town, title="谁也不该看见")
    working.add_entry(case, by=world.viewer("bo"), text="谈话记录")
    assert seen(world, "bo") == [case]
    for who in ("gao", "an", "bai", "eve", "op", "hu", "chen", "du"):
        viewer = world.viewer(who)
        assert seen(world, who) == []
        for model in (Entry, Member, Step):
            assert not model.objects.visible_to(viewer).exists()
        with pytest.raises(NotVisible):
            working.add_entry(case, by=viewer, text="我来看看")
        with pytest.raises(NotVisible):
            working.do_step(step(case, "call"), by=viewer)
        assert not AuditEntry.objects.visible_to(world.viewer("gao")).filter(event__startswith="cases.").exists()
    assert "谁也不该看见" not in str(case)
    leading.add_member(case, by=world.viewer("bo"), account=world.bai)
    assert seen(world, "bai") == [case]
    working.do_step(step(case, "call"), by=world.viewer("bai"))
    leading.remove_member(case, by=world.viewer("bo"), account=world.bai, reason="回避")
    assert seen(world, "bai") == []


def test_whom_it_is_about_never_sees_it(world: World) -> None:
    person = Person.objects.create(org=world.school_a, name="高某", sex="")
    world.gao.person = person
    world.gao.save()
    case = opened(world, "bo", kind="secret", person=person)
    assert (case.lead, seen(world, "gao")) == (world.school_a, [])
    with pytest.raises(Refused):
        leading.add_member(case, by=world.viewer("bo"), account=world.gao)
    with pytest.raises(Refused):
        leading.hand_over(case, by=world.viewer("bo"), to=world.gao, reason="换人")
    assert not case.members.filter(account=world.gao).exists()


def test_it_is_handed_over_to_one_leader(world: World) -> None:
    case = opened(world)
    leading.hand_over(case, by=world.viewer("gao"), to=world.an, reason="出差")
    assert {one.account.username: one.role for one in case.members.all()} == {"gao": "works", "an": "leads"}
    for deed in (
        lambda: leading.hand_over(case, by=world.viewer("gao"), to=world.an, reason="再一次"),
        lambda: leading.add_member(case, by=world.viewer("an"), account=world.an),
        lambda: leading.add_member(case, by=world.viewer("an"), account=world.shi, role="leads"),
        lambda: leading.remove_member(case, by=world.viewer("gao"), account=world.an, reason="走"),
        lambda: leading.remove_member(case, by=world.viewer("gao"), account=world.wu, reason="走"),
        lambda: leading.add_member(case, by=world.viewer("gao"), account=world.hu),
        lambda: leading.hand_over(case, by=world.viewer("gao"), to=world.chen, reason="走"),
    ):
        with pytest.raises(Refused):
            deed()
    with pytest.raises(PermissionDenied):
        leading.add_member(case, by=world.viewer("shi"), account=world.wu)
    assert case.members.count() == 2


def test_an_office_above_supervises(world: World) -> None:
    case = opened(world)
    leading.supervise_case(case, by=world.viewer("bai"), unit=world.town, reason="影响大")
    case.refresh_from_db()
    assert case.supervised_by == world.town
    for who, unit, problem in (
        ("gao", world.town, NotVisible),
        ("gao", world.school_a, PermissionDenied),
        ("bo", world.school_a, Refused),
    ):
        with pytest.raises(problem):
            leading.supervise_case(case, by=world.viewer(who), unit=unit, reason="试")
    with pytest.raises(NotVisible):
        leading.supervise_case(case, by=world.viewer("chen"), unit=world.other_city, reason="试")


def test_it_ends_when_every_step_is_done_or_early(world: World) -> None:
    case = opened(world)
    for outcome, reason in (("over", "好了"), ("nothing", " "), ("unknown", "好了")):
        with pytest.raises(Refused):
            leading.close_case(case, by=world.viewer("gao"), outcome=outcome, reason=reason)
    with pytest.raises(PermissionDenied):
        leading.close_case(case, by=world.viewer("an"), outcome="nothing", reason="误报")
    untouched(case)
    closed = leading.close_case(case, by=world.viewer("gao"), outcome="nothing", reason="误报")
    assert (closed.state, closed.outcome, closed.closed_by) == (CaseState.CLOSED, "nothing", world.gao)
    assert set(case.steps.values_list("not_applicable", "note")) == {(True, "误报")}
    assert Event.objects.get(name="cases.closed").payload["outcome"] == "nothing"
    for deed in (
        lambda: leading.close_case(case, by=world.viewer("gao"), outcome="nothing", reason="误报"),
        lambda: working.add_entry(case, by=world.viewer("an"), text="再写"),
        lambda: leading.add_member(case, by=world.viewer("gao"), account=world.an),
    ):
        with pytest.raises(Refused):
            deed()
    again = leading.reopen_case(case, by=world.viewer("gao"), reason="又有人病了")
    assert (again.state, again.closed_at, [one.text for one in case.entries.all()]) == ("open", None, ["又有人病了"])
    with pytest.raises(Refused):
        leading.reopen_case(case, by=world.viewer("gao"), reason="再开")


def test_a_drill_counts_nowhere(world: World) -> None:
    drilled = opened(world, drill=True)
    real = opened(world)
    assert list(Case.objects.real()) == [real]
    assert drilled.day == TODAY
