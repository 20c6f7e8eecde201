"""Duties to renew: made ahead, moved on at each reminder, done by the renewal, taken away when nobody has to renew."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.actions.staff import RosterLine, leave, record_roster
from houqin.core.people.models import Person
from houqin.core.policies.actions import set_policy
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.credentials.actions.recording import amend_credential, record_credential, renew_credential
from houqin.flows.credentials.actions.verifying import revoke_credential, verify_credential
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.policies import RENEWED_WHEN_VERIFIED
from houqin.flows.credentials.renewals import lay_out
from houqin.flows.credentials.rules import stage_on
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.queries import waiting
from houqin.flows.duties.reminding import remind, remind_red_lines
from houqin.flows.duties.tests.asking import local
from houqin.flows.duties.today import duties_due
from tests.world import NOON, TODAY, World, make_school

HEALTH = "health-certificate"
RULE = f"credential:{HEALTH}"


@pytest.fixture
def cook(world: World) -> Person:
    load_catalogues(by=world.system)
    [person] = record_roster(
        world.school_a, by=world.system, lines=[RosterLine("李师傅", "厨师")], from_on=date(2023, 9, 1)
    )
    return person


def give(world: World, person: Person, until: date, kind: str = HEALTH, **more: Any) -> Credential:
    values = {"number": f"JK{person.pk}{until:%m%d}", "from_paper": True} | more
    return record_credential(subject_of_person(person), by=world.viewer("an"), kind=kind, expires_on=until, **values)


def rows() -> list[tuple[date, str, str, bool]]:
    return list(Duty.objects.filter(rule__startswith="credential:").values_list("day", "state", "post", "red_line"))


def at(day: date, hour: int = 1) -> datetime:
    return local(day, hour)


@given(
    st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    st.integers(-80, 80),
    st.sets(st.integers(1, 90), min_size=1),
    st.integers(0, 14),
)
def test_windows_follow_each_other_without_gap_until_the_end(
    end: date, left: int, reminders: set[int], ahead: int
) -> None:
    today = end - timedelta(days=left)
    stage = stage_on(end, today, list(reminders), ahead=ahead)
    assert (stage is None) == (left > max(reminders) + ahead)
    if stage is not None:
        assert stage.opens < stage.due <= end
        assert stage.is_last == (stage.due == end)
        assert stage.opens <= today < stage.due or (stage.is_last and today >= end) or left > max(reminders)
        following = stage_on(end, stage.due, list(reminders))
        assert following is not None
        assert stage.is_last or following.opens == stage.due


def test_one_duty_moves_from_60_to_30_to_7_days_and_is_red_at_the_end_only(world: World, cook: Person) -> None:
    end = TODAY + timedelta(days=60)
    give(world, cook, end + timedelta(days=14), kind="food-safety-training")
    give(world, cook, end)
    Duty.objects.all().delete()
    assert lay_out(at(TODAY)) == 1
    assert lay_out(at(TODAY)) == 0
    assert rows() == [(end - timedelta(days=30), "open", "canteen-manager", False)]
    for day, due, red in (
        (end - timedelta(days=31), end - timedelta(days=30), False),
        (end - timedelta(days=30), end - timedelta(days=7), False),
        (end - timedelta(days=7), end, True),
        (end + timedelta(days=9), end, True),
    ):
        lay_out(at(day))
        health = Duty.objects.get(rule=RULE)
        assert (health.day, health.red_line, health.slot) == (due, red, end.isoformat())
        assert lay_out(at(day)) == 0


def test_it_is_laid_out_ahead_as_other_duties_are(world: World, cook: Person) -> None:
    give(world, cook, TODAY + timedelta(days=67))
    assert Duty.objects.get(rule=RULE).opens_at == local(TODAY + timedelta(days=7), 6)
    give(world, cook, TODAY + timedelta(days=68), kind="food-safety-training")
    assert Duty.objects.count() == 1


def test_a_renewal_does_it_and_names_itself(world: World, cook: Person) -> None:
    old = give(world, cook, TODAY + timedelta(days=20))
    new = renew_credential(old, by=world.viewer("an"), issued_on=TODAY, expires_on=TODAY + timedelta(days=300))
    done = Duty.objects.get(rule=RULE)
    assert (done.state, done.evidence_id, done.account) == (DutyState.DONE, new.public_id, world.an)
    assert lay_out(NOON) == 0


def test_where_the_office_wants_it_only_the_second_look_does_it(world: World, cook: Person) -> None:
    set_policy(world.town, by=world.viewer("bo"), code=RENEWED_WHEN_VERIFIED, value=True, reason="两人核验")
    old = give(world, cook, TODAY + timedelta(days=20))
    new = renew_credential(old, by=world.viewer("an"), issued_on=TODAY, expires_on=TODAY + timedelta(days=300))
    assert Duty.objects.get(rule=RULE).state == DutyState.OPEN
    lay_out(NOON)
    assert Duty.objects.filter(rule=RULE).count() == 1
    verify_credential(new, by=world.viewer("gao"))
    assert Duty.objects.get(rule=RULE).state == DutyState.DONE


def test_a_corrected_date_a_revocation_and_a_leaver_take_it_away(world: World, cook: Person) -> None:
    row = give(world, cook, TODAY + timedelta(days=20))
    amend_credential(row, by=world.viewer("an"), number=row.number, expires_on=TODAY + timedelta(days=25))
    assert Duty.objects.get(rule=RULE).slot == (TODAY + timedelta(days=25)).isoformat()
    amend_credential(row, by=world.viewer("an"), number=row.number, expires_on=TODAY + timedelta(days=200))
    assert rows() == []
    amend_credential(row, by=world.viewer("an"), number=row.number, expires_on=TODAY + timedelta(days=25))
    revoke_credential(row, by=world.viewer("gao"), reason="遗失")
    assert rows() == []
    give(world, cook, TODAY + timedelta(days=26))
    assert len(rows()) == 1
    leave(cook, by=world.viewer("gao"), on=TODAY)
    assert rows() == []
    assert lay_out(NOON) == 0


def test_a_closed_school_is_asked_nothing(world: World, cook: Person) -> None:
    give(world, cook, TODAY + timedelta(days=26))
    OrgUnit.objects.filter(pk=world.school_a.pk).update(closed_on=TODAY)
    assert lay_out(NOON) == 1
    assert rows() == []


def test_what_ended_lately_is_asked_for_within_a_week_and_long_ago_not(world: World, cook: Person) -> None:
    give(world, cook, TODAY - timedelta(days=40))
    give(world, cook, TODAY - timedelta(days=3), kind="food-safety-training")
    lay_out(NOON)
    assert rows() == [(TODAY + timedelta(days=7), "open", "canteen-manager", False)]
    lay_out(at(TODAY + timedelta(days=8)))
    assert len(rows()) == 1


def test_an_excused_one_is_asked_again_in_its_next_window(world: World, cook: Person) -> None:
    end = TODAY + timedelta(days=60)
    give(world, cook, end)
    Duty.objects.update(state=DutyState.EXCUSED, note="正在体检")
    lay_out(NOON)
    assert len(rows()) == 1
    lay_out(at(end - timedelta(days=30)))
    assert [state for _day, state, _post, _red in rows()] == ["excused", "open"]


def test_the_post_is_the_one_above_the_holder_s(world: World, cook: Person) -> None:
    lines = [RosterLine("钱主管", "食堂管理员"), RosterLine("赵师傅", "校车司机")]
    manager, driver = record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2023, 9, 1))
    give(world, manager, TODAY + timedelta(days=9))
    give(world, driver, TODAY + timedelta(days=9), kind="school-bus-driver")
    give(world, driver, TODAY + timedelta(days=9), kind="fire-operator")
    posts = dict(Duty.objects.values_list("rule", "post"))
    assert posts == {
        RULE: "logistics-director", "credential:school-bus-driver": "safety-officer",
        "credential:fire-operator": "safety-officer",
    }  # fmt: skip


def test_it_stands_on_today_from_its_first_day_and_is_told_once_a_window(world: World, cook: Person) -> None:
    end = TODAY + timedelta(days=60)
    give(world, cook, end)
    [row] = waiting(world.viewer("an"))
    assert row.rule == RULE
    [shown] = [one for one in duties_due(world.viewer("an")) if "健康证" in str(one.what) or "Health" in str(one.what)]
    assert "李师傅" in shown.where
    assert shown.url.startswith("/credentials/papers/")
    told = 0
    for day in range(62):
        moment = at(TODAY + timedelta(days=day), 9)
        lay_out(moment)
        told += remind(moment, long=True) + remind(moment, long=True)
    assert told == Notice.objects.count() == 3
    assert remind_red_lines(local(end, 18) + timedelta(minutes=1)) >= 1


def test_a_foreign_office_sees_none_of_it(world: World, cook: Person) -> None:
    give(world, cook, TODAY + timedelta(days=9))
    assert not Duty.objects.visible_to(world.viewer("chen")).exists()
    assert not Duty.objects.visible_to(world.viewer("hu")).exists()
    assert Duty.objects.visible_to(world.viewer("bo")).count() == 1


def test_many_schools_cost_as_many_queries_as_one(world: World, cook: Person) -> None:
    def prepare(number: int) -> None:
        school = make_school(world.town, f"学校{number}", number)
        [person] = record_roster(school, by=world.system, lines=[RosterLine("厨", "厨师")], from_on=date(2023, 9, 1))
        Credential.objects.create(
            org=school, holder=subject_of_person(person), kind=HEALTH, recorded_at=NOON, number=str(number),
            expires_on=TODAY + timedelta(days=9),
        )  # fmt: skip

    prepare(10)
    with CaptureQueriesContext(connection) as one:
        assert lay_out(NOON) == 1
    Duty.objects.all().delete()
    for number in range(11, 60):
        prepare(number)
    with CaptureQueriesContext(connection) as many:
        assert lay_out(NOON) == 50
    assert len(many) == len(one)
