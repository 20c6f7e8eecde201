"""Doing, excusing, handing over; own times, tasks, rests, warnings: success, each refusal, a foreign school, twice."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from houqin.core.audit.models import AuditEntry
from houqin.core.grants.models import Grant
from houqin.core.people.models import Person
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.duties import registry
from houqin.flows.duties.actions import arranging, doing, suspending, tasks, times, warning
from houqin.flows.duties.completing import complete
from houqin.flows.duties.generation import generate
from houqin.flows.duties.models import Duty, DutyState, OwnWindow, Task
from houqin.flows.duties.queries import is_suspended
from houqin.flows.duties.tests.asking import AT_MEALS, BOARDING, CANTEEN, DAILY, MONTHLY, SAMPLES, asked, local
from houqin.flows.duties.tests.test_generation import place
from tests.world import NOON, TODAY, World

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    with asked(DAILY, CANTEEN, BOARDING, MONTHLY, AT_MEALS, SAMPLES), translation.override("en"):
        yield


@pytest.fixture
def duty(world: World) -> Duty:
    generate(TODAY, TOMORROW)
    return one(world, "test:clean")


def one(world: World, rule: str, day: date = TODAY) -> Duty:
    found: Duty = Duty.objects.get(org=world.school_a, rule=rule, day=day)
    return found


def refused(deed: Callable[[], Any], words: str) -> None:
    before = list(Duty.objects.order_by("pk").values())
    with pytest.raises(Refused) as told:
        deed()
    assert words in str(told.value.message)
    assert list(Duty.objects.order_by("pk").values()) == before


def staff(world: World, name: str) -> Person:
    """A person of school A with the account of one of the cast."""
    account = getattr(world, name)
    account.person = Person.objects.create(org=world.school_a, name=account.display_name)
    account.save()
    person: Person = account.person
    return person


def test_a_tick_is_a_record_and_nothing_to_report_is_one_too(world: World, duty: Duty) -> None:
    done = doing.do_duty(duty, by=world.viewer("shi"), note=" 无异常 ")
    assert (done.state, done.account, done.done_at, done.note) == (DutyState.DONE, world.shi, NOON, "无异常")
    assert AuditEntry.objects.get(event="duties.done").detail["rule"] == "test:clean"
    refused(lambda: doing.do_duty(duty, by=world.viewer("wu")), "石师傅, 03-04 12:00")


def test_what_cannot_be_ticked(world: World, duty: Duty) -> None:
    cook = world.viewer("shi")
    refused(lambda: doing.do_duty(one(world, "test:clean", TOMORROW), by=cook), "from 03-05 07:00 on")
    registry._doers["test"] = lambda duty: "/somewhere/"
    try:
        refused(lambda: doing.do_duty(duty, by=cook), "writing its ledger")
    finally:
        del registry._doers["test"]
    Duty.objects.filter(pk=duty.pk).update(state=DutyState.SUSPENDED)
    refused(lambda: doing.do_duty(duty, by=cook), "rests while")
    Duty.objects.filter(pk=duty.pk).update(state=DutyState.EXCUSED, note="停电")
    refused(lambda: doing.do_duty(duty, by=cook), "停电")
    with pytest.raises(NotVisible):
        doing.do_duty(duty, by=world.viewer("hu"))
    with pytest.raises(PermissionDenied):
        doing.do_duty(duty, by=world.viewer("bo"))
    duty.delete()
    with pytest.raises(Refused, match="laid out anew"):
        doing.do_duty(Duty(pk=1, day=TODAY, org=world.school_a), by=cook)


def test_a_slip_of_the_thumb_is_taken_back_within_minutes(world: World, duty: Duty) -> None:
    doing.do_duty(duty, by=world.viewer("shi"))
    refused(lambda: doing.undo_duty(duty, by=world.viewer("wu")), "Only who ticked it")
    refused(
        lambda: doing.undo_duty(duty, by=world.viewer("shi", now=NOON + timedelta(minutes=11))), "within 10 minutes"
    )
    back = doing.undo_duty(duty, by=world.viewer("shi", now=NOON + timedelta(minutes=9)))
    assert (back.state, back.done_at, back.account) == (DutyState.OPEN, None, None)
    refused(lambda: doing.undo_duty(duty, by=world.viewer("shi")), "nothing to take back")


def test_a_record_does_it_and_a_tick_cannot_undo_that(world: World, duty: Duty) -> None:
    proof = uuid4()
    keeper = world.viewer("an")
    assert complete(world.school_a, by=keeper, rule="test:clean", day=TODAY, evidence_id=proof) == 1
    assert complete(world.school_a, by=keeper, rule="test:clean", day=TODAY, evidence_id=uuid4()) == 0
    done = one(world, "test:clean")
    assert (done.state, done.evidence_id, done.account) == (DutyState.DONE, proof, world.an)
    assert one(world, "test:clean", TOMORROW).state == DutyState.OPEN
    refused(lambda: doing.undo_duty(done, by=keeper), "Correct the entry")


def test_a_record_of_any_day_of_its_month_does_that_places_duty(world: World) -> None:
    first, second = place(world.school_a, "一号"), place(world.school_a, "二号")
    generate(TODAY, TODAY)
    asked_for = {"by": world.viewer("wu"), "rule": "test:fire", "day": TODAY, "evidence_id": uuid4()}
    assert complete(world.school_a, about_ids=[first.subject_id], **asked_for) == 1
    assert Duty.objects.get(rule="test:fire", state=DutyState.OPEN).about_id == second.subject_id
    assert complete(world.school_a, **{**asked_for, "slot": "am"}) == 0
    assert complete(world.school_a, **asked_for) == 1


def test_a_head_excuses_with_a_reason_and_never_oneself_unless_alone(world: World, duty: Duty) -> None:
    head = world.viewer("gao")
    refused(lambda: arranging.excuse(duty, by=head, why=" "), "Say why")
    with pytest.raises(PermissionDenied):
        arranging.excuse(duty, by=world.viewer("shi"), why="忙")
    with pytest.raises(NotVisible):
        arranging.excuse(duty, by=world.viewer("hu"), why="忙")
    excused = arranging.excuse(duty, by=head, why="停电，无法加工")
    assert (excused.state, excused.note) == (DutyState.EXCUSED, "停电，无法加工")
    refused(lambda: arranging.excuse(duty, by=head, why="停电"), "excused already")
    own = one(world, "test:canteen")
    arranging.hand_over(own, by=head, person=staff(world, "gao"))
    head = world.viewer("gao")
    Grant.objects.create(account=world.lin, role="logistics_director", org=world.school_a, from_on=TODAY)
    refused(lambda: arranging.excuse(own, by=head, why="忙"), "nobody excuses oneself")
    Grant.objects.filter(role="logistics_director").delete()
    assert arranging.excuse(own, by=head, why="全校只有我一人").state == DutyState.EXCUSED


def test_it_is_handed_to_somebody_of_the_school_who_can_sign_in_and_back(world: World, duty: Duty) -> None:
    head, guard = world.viewer("gao"), staff(world, "wu")
    stranger = Person.objects.create(org=world.school_b, name="外人")
    without = Person.objects.create(org=world.school_a, name="无账号")
    gone = Person.objects.create(org=world.school_a, name="已离职", left_on=TODAY)
    refused(lambda: arranging.hand_over(duty, by=head, person=stranger), "does not work at this school")
    refused(lambda: arranging.hand_over(duty, by=head, person=without), "has no account")
    refused(lambda: arranging.hand_over(duty, by=head, person=gone), "has left the school")
    with pytest.raises(PermissionDenied):
        arranging.hand_over(duty, by=world.viewer("lin"), person=guard)
    assert arranging.hand_over(duty, by=world.viewer("shi"), person=guard).person == guard
    assert arranging.take_back_duty(duty, by=head).person is None
    refused(lambda: arranging.take_back_duty(duty, by=head), "not handed over")
    doing.do_duty(duty, by=world.viewer("shi"))
    refused(lambda: arranging.hand_over(duty, by=head, person=guard), "not open any more")


def test_own_times_lie_within_those_asked_and_hold_from_tomorrow(world: World, duty: Duty) -> None:
    head = world.viewer("gao")
    refused(
        lambda: times.set_own_window(world.school_a, by=head, rule="test:clean", due=time(9, 30)), "between 07:00–09:00"
    )
    refused(lambda: times.set_own_window(world.school_a, by=head, rule="test:clean"), "nothing was changed")
    refused(lambda: times.set_own_window(world.school_a, by=head, rule="gone", due=time(8)), "not asked of the school")
    refused(lambda: times.set_own_window(world.school_a, by=head, rule="test:clean", post="king"), "no such post")
    refused(lambda: times.set_own_window(world.school_a, by=head, rule="test:samples", due=time(8)), "no clock time")
    refused(
        lambda: times.set_own_window(world.school_a, by=head, rule="test:meal", slot="dinner", due=time(18)),
        "no such meal",
    )
    assert not OwnWindow.objects.exists()
    own = times.set_own_window(world.school_a, by=head, rule="test:clean", opens=time(7), due=time(7, 40), post="guard")
    later = one(world, "test:clean", TOMORROW)
    assert (later.due_at, later.post) == (local(TOMORROW, 7, 40), "guard")
    assert one(world, "test:clean").due_at == local(TODAY, 9)
    times.end_own_window(own, by=head)
    later.refresh_from_db()
    assert (later.due_at, later.post) == (local(TOMORROW, 9), "cook")
    refused(lambda: times.end_own_window(own, by=head), "ended already")
    times.set_own_window(world.school_a, by=head, rule="test:meal", slot="lunch", opens=time(11), due=time(12))
    assert one(world, "test:meal", TOMORROW).opens_at == local(TOMORROW, 11)


TASK: dict[str, Any] = {
    "title": "清理排水沟", "why": "汛期将至", "post": "guard", "every": "school_day", "tenth_minutes": 50,
}  # fmt: skip


def test_a_task_of_an_office_is_asked_of_each_school_below_until_it_is_ended(world: World) -> None:
    office = world.viewer("bo")
    task = tasks.set_task(world.town, by=office, **TASK)
    orgs = set(Duty.objects.filter(rule=task.rule).values_list("org_id", flat=True))
    assert orgs == {world.school_a.pk, world.school_b.pk}
    begun = Duty.objects.filter(rule=task.rule, day=TODAY).count()
    refused(lambda: tasks.end_task(task, by=office, reason=""), "not needed")
    tasks.end_task(task, by=office, reason="已完成")
    assert Duty.objects.filter(rule=task.rule).count() == begun
    refused(lambda: tasks.end_task(task, by=office, reason="再次"), "ended already")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"every": "meal"}, "no such rhythm"),
        ({"post": "king"}, "no such post"),
        ({"opens": time(18), "due": time(7)}, "ends before it begins"),
        ({"tenth_minutes": 0}, "how many minutes"),
        ({"why": " "}, "why it is needed"),
        ({"from_on": TODAY - timedelta(days=1)}, "for the past"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(world: World, change: dict[str, Any], words: str) -> None:
    refused(lambda: tasks.set_task(world.town, by=world.viewer("bo"), **(TASK | change)), words)
    assert not Task.objects.exists()


def test_nothing_is_asked_twice_nor_of_other_peoples_schools(world: World) -> None:
    tasks.set_task(world.town, by=world.viewer("bo"), **TASK)
    refused(lambda: tasks.set_task(world.town, by=world.viewer("bo"), **TASK), "exactly this already")
    with pytest.raises(NotVisible):
        tasks.set_task(world.town, by=world.viewer("chen"), **TASK)
    with pytest.raises(PermissionDenied):
        tasks.set_task(world.school_a, by=world.viewer("wu"), **TASK)


def test_while_an_incident_is_open_what_destroys_evidence_rests_there_only(world: World, duty: Duty) -> None:
    office = world.viewer("bo")
    refused(lambda: suspending.suspend_duties(world.town, by=office, why="呕吐"), "school by school")
    refused(lambda: suspending.suspend_duties(world.school_a, by=office, why=""), "Say what happened")
    rest = suspending.suspend_duties(world.school_a, by=office, why="3 名学生呕吐", cause_id="x")
    assert is_suspended(world.school_a)
    assert not is_suspended(world.school_b)
    assert one(world, "test:canteen").state == one(world, "test:canteen", TOMORROW).state == DutyState.SUSPENDED
    assert one(world, "test:clean").state == DutyState.OPEN
    assert Duty.objects.get(org=world.school_b, rule="test:canteen", day=TODAY).state == DutyState.OPEN
    refused(lambda: suspending.suspend_duties(world.school_a, by=office, why="再次", cause_id="x"), "rest already")
    generate(TOMORROW, TOMORROW + timedelta(days=1))
    assert one(world, "test:canteen", TOMORROW + timedelta(days=1)).state == DutyState.SUSPENDED
    with pytest.raises(PermissionDenied):
        suspending.lift_suspension(rest, by=world.viewer("shi"), why="好了")
    refused(lambda: suspending.lift_suspension(rest, by=office, why="疾控已采样"), "when its kitchen opens")
    suspending.lift_suspension(rest, by=world.system, why="疾控已采样")
    assert one(world, "test:canteen").state == DutyState.SUSPENDED
    assert one(world, "test:canteen", TOMORROW).state == DutyState.OPEN
    assert not is_suspended(world.school_a)
    refused(lambda: suspending.lift_suspension(rest, by=office, why="再次"), "lifted already")


def test_two_incidents_rest_until_both_are_lifted(world: World, duty: Duty) -> None:
    office = world.viewer("bo")
    first = suspending.suspend_duties(world.school_a, by=office, why="一", cause_id="1")
    suspending.suspend_duties(world.school_a, by=office, why="二", cause_id="2")
    suspending.lift_suspension(first, by=world.system, why="已采样")
    assert one(world, "test:canteen", TOMORROW).state == DutyState.SUSPENDED


def test_a_warning_makes_a_red_line_duty_for_each_school_below(world: World) -> None:
    office, until = world.viewer("bo"), NOON + timedelta(hours=4)
    made = warning.announce(world.town, by=office, event="typhoon", until=until, words="台风橙色预警")
    assert made.duties == 2
    duty = one(world, "warning:typhoon")
    assert (duty.red_line, duty.opens_at, duty.due_at) == (True, NOON, until)
    refused(lambda: warning.announce(world.town, by=office, event="typhoon", until=until, words="再"), "stands already")
    refused(lambda: warning.announce(world.town, by=office, event="war", until=until, words="x"), "no such warning")
    refused(lambda: warning.announce(world.town, by=office, event="heat", until=NOON, words="x"), "over already")
    refused(lambda: warning.announce(world.town, by=office, event="heat", until=until, words=" "), "Say what")
    far = NOON + timedelta(days=40)
    refused(lambda: warning.announce(world.town, by=office, event="heat", until=far, words="x"), "at most 15 days")
    later = world.viewer("bo", now=NOON + timedelta(hours=1))
    warning.end_warning(made, by=later, why="气象台解除")
    refused(lambda: warning.end_warning(made, by=later, why="再"), "over already")
