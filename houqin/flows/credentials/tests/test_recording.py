"""Credentials are recorded, looked at by a second person, renewed and revoked; what cannot be is refused in words."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from houqin.core.audit.models import AuditEntry
from houqin.core.files.tests.pictures import upload
from houqin.core.parties.actions import record_party
from houqin.core.people.models import Person
from houqin.core.scope.refusals import Refused
from houqin.core.subjects.finding import subject_of_person, subject_of_unit, subjects_of_persons
from houqin.flows.credentials.actions.listing import ListLine, record_list
from houqin.flows.credentials.actions.recording import amend_credential, record_credential, renew_credential
from houqin.flows.credentials.actions.verifying import revoke_credential, verify_credential
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.queries import of_persons, own_ending, valid_on
from tests.world import TODAY, World

HEALTH = "health-certificate"
UNTIL = date(2025, 1, 9)


@pytest.fixture
def li(world: World) -> Person:
    return Person.objects.create(org=world.school_a, name="李师傅")


def keep(world: World, person: Person, by: str = "an", **more: Any) -> Credential:
    values = {"kind": HEALTH, "number": "JK2024001", "issued_on": date(2024, 1, 10)} | more
    return record_credential(subject_of_person(person), by=world.viewer(by), **values)


def counted() -> tuple[int, int]:
    return Credential.objects.count(), AuditEntry.objects.count()


def test_the_day_of_issue_says_until_when_and_a_second_person_verifies(world: World, li: Person) -> None:
    row = keep(world, li)
    assert (row.org, row.expires_on, row.verified_at) == (world.school_a, UNTIL, None)
    with pytest.raises(PermissionDenied):
        verify_credential(row, by=world.viewer("an"))
    assert verify_credential(row, by=world.viewer("gao")).verified_by == world.gao
    with pytest.raises(Refused):
        verify_credential(row, by=world.viewer("gao"))


def test_nobody_verifies_what_they_recorded_or_hold(world: World, li: Person) -> None:
    own = keep(world, li, by="gao")
    with pytest.raises(Refused):
        verify_credential(own, by=world.viewer("gao"))
    world.gao.person = li
    world.gao.save()
    theirs = keep(world, li, number="JK2024002", issued_on=date(2024, 1, 9))
    with pytest.raises(Refused):
        verify_credential(theirs, by=world.viewer("gao"))
    assert not Credential.objects.filter(verified_at__isnull=False).exists()


def test_a_wrong_check_digit_is_named_with_what_belongs_there(world: World) -> None:
    holder = subject_of_unit(world.school_a)
    before = counted()
    for number, words in {
        "JY33703030000011": r"16.*\b0\b",
        "SC10137030300016": "JY",
        "QS370303010001": "QS",
        "JY337030300": "16",
        "11010519491231002X": "身份证|identity",
    }.items():
        with pytest.raises(Refused, match=words) as caught:
            record_credential(
                holder, by=world.viewer("an"), kind="jy-licence", number=number, expires_on=date(2027, 1, 1)
            )
        assert caught.value.field == "number"
    assert counted() == before
    row = record_credential(
        holder, by=world.viewer("an"), kind="jy-licence", number="jy3370303 0000010", expires_on=date(2027, 1, 1)
    )
    assert row.number == "JY33703030000010"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"expires_on": date(2023, 12, 1)}, "expires_on"),
        ({"expires_on": date(2026, 1, 9)}, "expires_on"),
        ({"issued_on": date(2023, 1, 1)}, "expires_on"),
        ({"kind": "jy-licence"}, "kind"),
        ({"kind": "passport"}, "kind"),
        ({"number": "", "issued_on": None}, "number"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(world: World, li: Person, more: dict[str, Any], field: str) -> None:
    subject_of_person(li)
    before = counted()
    with pytest.raises(Refused) as caught:
        keep(world, li, **more)
    assert caught.value.field == field
    assert counted() == before


def test_the_same_one_twice_is_refused_and_a_later_one_comes_after_it(world: World, li: Person) -> None:
    first = keep(world, li)
    with pytest.raises(Refused):
        keep(world, li)
    second = keep(world, li, number="JK2024777", issued_on=date(2024, 3, 1))
    assert second.renews == first
    assert list(Credential.objects.standing()) == [second]


def test_renewed_the_chain_stays_and_nobody_renews_twice(world: World, li: Person) -> None:
    by = world.viewer("an")
    first = keep(world, li)
    with pytest.raises(Refused) as caught:
        renew_credential(first, by=by, expires_on=UNTIL)
    assert caught.value.field == "expires_on"
    second = renew_credential(first, by=by, issued_on=date(2024, 3, 1), photo=upload())
    assert (second.renews, second.number, second.expires_on) == (first, "JK2024001", date(2025, 2, 28))
    before = counted()
    for deed in (
        lambda: renew_credential(first, by=by, issued_on=date(2024, 3, 2)),
        lambda: amend_credential(first, by=by),
    ):
        with pytest.raises(Refused):
            deed()
    assert counted() == before


def test_amended_until_somebody_has_looked(world: World, li: Person) -> None:
    row = keep(world, li)
    amend_credential(row, by=world.viewer("an"), number="JK2024009", issued_on=date(2024, 1, 12))
    row.refresh_from_db()
    assert (row.number, row.expires_on) == ("JK2024009", date(2025, 1, 11))
    verify_credential(row, by=world.viewer("gao"))
    with pytest.raises(Refused):
        amend_credential(row, by=world.viewer("an"), number="JK1")


def test_revoked_it_holds_no_more_and_the_row_stays(world: World, li: Person) -> None:
    row = keep(world, li)
    subject = subject_of_person(li)
    assert (subject.pk, HEALTH) in valid_on([subject.pk], [HEALTH], TODAY)
    with pytest.raises(Refused):
        revoke_credential(row, by=world.viewer("gao"), reason=" ")
    revoke_credential(row, by=world.viewer("gao"), reason="伪造")
    assert valid_on([subject.pk], [HEALTH], TODAY) == {}
    assert valid_on([subject.pk], [HEALTH], TODAY - timedelta(days=1)) != {}
    with pytest.raises(Refused):
        revoke_credential(row, by=world.viewer("gao"), reason="再来")


def test_a_passed_health_check_stands_for_the_certificate_to_come(world: World, li: Person) -> None:
    keep(world, li, kind="health-check-passed", issued_on=date(2024, 2, 20))
    subject = subject_of_person(li)
    assert (subject.pk, HEALTH) in valid_on([subject.pk], [HEALTH], date(2024, 3, 19))
    assert valid_on([subject.pk], [HEALTH], date(2024, 3, 20)) == {}
    assert of_persons([li.pk], [HEALTH], TODAY)[li.pk, HEALTH][0].kind == "health-check-passed"


def test_only_who_may_and_only_in_reach(world: World, li: Person) -> None:
    row = keep(world, li)
    before = counted()
    for name, error in (("shi", PermissionDenied), ("wu", PermissionDenied), ("hu", Http404), ("chen", Http404)):
        by = world.viewer(name)
        for deed in (
            lambda by=by: record_credential(subject_of_person(li), by=by, kind=HEALTH, number="1"),
            lambda by=by: renew_credential(row, by=by, issued_on=TODAY),
            lambda by=by: verify_credential(row, by=by),
            lambda by=by: revoke_credential(row, by=by, reason="x"),
            lambda by=by: record_list(world.school_a, by=by, lines=[]),
        ):
            with pytest.raises(error):
                deed()
    assert counted() == before


def test_a_firm_of_the_office_is_held_at_the_school_that_keeps_its_paper(world: World) -> None:
    firm = record_party(world.town, by=world.system, name="惠民粮油")
    values = {"kind": "sc-licence", "number": "SC10137030300016", "expires_on": date(2026, 1, 1)}
    row = record_credential(firm.subject, by=world.viewer("an"), org=world.school_a, **values)
    assert row.org == world.school_a
    with pytest.raises(Http404):
        record_credential(firm.subject, by=world.viewer("chen"), org=world.other_town, **values)


def test_a_list_twice_changes_nothing_and_a_later_list_renews(world: World, django_assert_max_num_queries: Any) -> None:
    people = [Person.objects.create(org=world.school_a, name=f"{n}号") for n in range(30)]
    holders = subjects_of_persons(people)

    def lines(until: date) -> list[ListLine]:
        return [ListLine(holder=holders[p.pk], kind=HEALTH, number=f"JK{p.pk}", expires_on=until) for p in people]

    with django_assert_max_num_queries(12):
        record_list(world.school_a, by=world.viewer("an"), lines=lines(date(2024, 2, 1)))
    before = Credential.objects.count()
    again = record_list(world.school_a, by=world.viewer("an"), lines=lines(date(2024, 2, 1)))
    assert (Credential.objects.count(), len(again)) == (before, 30)
    first = Credential.objects.get(holder=holders[people[0].pk])
    verify_credential(first, by=world.viewer("gao"))
    record_list(world.school_a, by=world.viewer("an"), lines=lines(date(2025, 2, 1)))
    assert Credential.objects.filter(renews=first).count() == 1
    assert {row.expires_on for row in Credential.objects.standing()} == {date(2025, 2, 1)}
    assert all(row.from_paper for row in Credential.objects.all())


def test_an_identity_number_on_a_list_is_left_out_and_an_impossible_line_is_refused_alone(
    world: World, li: Person
) -> None:
    holder = subject_of_person(li)
    done = record_list(
        world.school_a, by=world.viewer("an"),
        lines=[
            ListLine(holder=holder, kind=HEALTH, number="11010519491231002X", expires_on=date(2024, 5, 1)),
            ListLine(holder=holder, kind=HEALTH, number="JK1", issued_on=date(2024, 5, 1), expires_on=date(2024, 4, 1)),
            ListLine(holder=holder, kind="jy-licence", number="JY33703030000010"),
        ],
    )  # fmt: skip
    assert [(one.credential is not None, one.left_out_number) for one in done] == [
        (True, True),
        (False, False),
        (False, False),
    ]
    assert Credential.objects.get().number == ""


def test_one_s_own_paper_is_on_one_s_own_list(world: World, li: Person) -> None:
    keep(world, li, issued_on=date(2023, 4, 1))
    world.wu.person = li
    world.wu.save()
    assert own_ending(world.viewer("wu")).count() == 1
    assert own_ending(world.viewer("lin")).count() == 0
