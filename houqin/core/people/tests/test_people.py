"""Accounts, staff and pupils."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions import accounts, pupils, staff
from houqin.core.people.models import Account, ClassGroup, Person, Post, PostHolding, Pupil
from houqin.core.scope.refusals import NotVisible, Refused

LINES = [staff.RosterLine("王桂英", post="食堂管理员", sex="f"), staff.RosterLine("李秀兰", post="厨师", sex="f")]


def test_a_roster_makes_people_posts_and_holdings(world) -> None:
    staff.record_roster(world.school_a, by=world.viewer("gao"), lines=LINES, from_on=date(2024, 2, 20))
    assert list(Person.objects.values_list("name", flat=True)) == ["李秀兰", "王桂英"]
    assert set(Post.objects.values_list("title", flat=True)) == {"食堂管理员", "厨师"}
    assert PostHolding.objects.on(date(2024, 3, 4)).count() == 2
    assert PostHolding.objects.on(date(2024, 2, 19)).count() == 0


def test_leaving_ends_the_posts(world) -> None:
    person, _other = staff.record_roster(world.school_a, by=world.viewer("gao"), lines=LINES, from_on=date(2024, 2, 20))
    staff.leave(person, by=world.viewer("gao"), on=date(2024, 3, 3))
    assert PostHolding.objects.get(person=person).to_on == date(2024, 3, 3)
    with pytest.raises(Refused):
        staff.leave(person, by=world.viewer("gao"), on=date(2024, 3, 4))
    with pytest.raises(Refused):
        staff.appoint(person, by=world.viewer("gao"), org=world.school_a, title="厨师", from_on=date(2024, 3, 10))


def test_one_person_holds_several_posts_but_none_twice(world) -> None:
    by = world.viewer("gao")
    person, _other = staff.record_roster(world.school_a, by=by, lines=LINES, from_on=date(2024, 2, 20))
    staff.appoint(person, by=by, org=world.school_a, title="验收员", from_on=date(2024, 3, 1))
    with pytest.raises(Refused):
        staff.appoint(person, by=by, org=world.school_a, title="验收员", from_on=date(2024, 3, 2))
    assert PostHolding.objects.filter(person=person).count() == 2


@pytest.mark.parametrize(("who", "error"), [("hu", NotVisible), ("an", PermissionDenied), ("eve", PermissionDenied)])
def test_who_may_not_record_staff_changes_nothing(world, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        staff.record_roster(world.school_a, by=world.viewer(who), lines=LINES, from_on=date(2024, 2, 20))
    assert not Person.objects.exists()
    assert not AuditEntry.objects.exists()


def test_pupils_open_their_classes(world) -> None:
    lines = [pupils.PupilLine("张小雨", class_name="一年级一班"), pupils.PupilLine("王小虎", class_name="三年级一班")]
    pupils.enrol_pupils(world.school_a, by=world.viewer("gao"), lines=lines, enrolled_on=date(2024, 2, 20))
    groups = ClassGroup.objects.filter(org=world.school_a, school_year=2023)
    assert set(groups.values_list("name", flat=True)) == {"一年级一班", "三年级一班"}
    assert Pupil.objects.on_roll(date(2024, 3, 4)).count() == 3


def test_a_child_that_left_is_not_on_the_roll(world) -> None:
    pupils.leave_school(world.child, by=world.viewer("gao"), on=date(2024, 3, 1))
    assert not Pupil.objects.on_roll(date(2024, 3, 1)).exists()
    with pytest.raises(Refused):
        pupils.leave_school(world.child, by=world.viewer("gao"), on=date(2024, 3, 2))


def test_the_school_year_turns_in_september() -> None:
    assert pupils.school_year_of(date(2024, 8, 31)) == 2023
    assert pupils.school_year_of(date(2024, 9, 1)) == 2024


def test_an_account_is_opened_with_a_password_shown_once(world) -> None:
    account, first = accounts.open_account(
        world.school_a, by=world.viewer("gao"), username="new", display_name="新同事"
    )
    assert account.check_password(first)
    assert first not in str(AuditEntry.objects.values_list("detail"))
    with pytest.raises(Refused):
        accounts.open_account(world.school_a, by=world.viewer("gao"), username="NEW", display_name="重名")
    assert Account.objects.filter(username__iexact="new").count() == 1


def test_a_closed_account_cannot_sign_in_until_it_is_opened_again(world, client) -> None:
    by = world.viewer("gao")
    accounts.close_account(world.an, by=by, reason="调离")
    world.an.refresh_from_db()
    assert not world.an.is_active
    with pytest.raises(Refused):
        accounts.close_account(world.an, by=by, reason="again")
    accounts.reopen_account(world.an, by=by)
    world.an.refresh_from_db()
    assert world.an.is_active


def test_the_own_account_is_not_closed(world) -> None:
    with pytest.raises(Refused):
        accounts.close_account(world.gao, by=world.viewer("gao"), reason="x")
