"""Responsibility letters: issued level by level, signed by whom they are for, sealed, renewed, never rewritten."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions import staff
from houqin.core.people.actions.accounts import link_person
from houqin.core.people.actions.pins import set_pin
from houqin.core.people.models import Person
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.letters.actions import issuing, signing, writing
from houqin.flows.letters.models import Letter, LetterState, Pattern, SignedHow
from houqin.flows.letters.queries import rates, to_sign
from houqin.flows.letters.sealed import read_letters, unsealed_letters
from houqin.flows.letters.today import letters_to_sign
from houqin.flows.seals.models import Chain, Seal
from houqin.flows.seals.rules import Header, digest_of
from tests.world import NOON, TODAY, World

ASKS = writing.Asks(
    "办好食堂，准时供餐",
    "每日晨检，留样 48 小时",
    "不收礼，不虚报",
    "食物中毒：0 起\n按时留样：100%",
    "镇学校后勤管理工作要点",
)
DUE = TODAY + timedelta(days=14)


@pytest.fixture
def pattern(world: World) -> Pattern:
    return writing.write_pattern(
        world.town, by=world.viewer("bo"), title="食品安全责任书", year=2024, asks=ASKS, unit_kind="school"
    )


@pytest.fixture
def cooks(world: World) -> dict[str, Person]:
    lines = [
        staff.RosterLine("石师傅", post="厨师"),
        staff.RosterLine("李秀兰", post="厨师"),
        staff.RosterLine("王桂英", post="会计"),
    ]
    made = staff.record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2024, 2, 20))
    people = {person.name: person for person in made}
    link_person(world.shi, by=world.system, person=people["石师傅"])
    world.shi.refresh_from_db()
    return people


@pytest.fixture
def for_cooks(world: World) -> Pattern:
    return writing.write_pattern(
        world.school_a, by=world.viewer("gao"), title="厨师岗位责任书", year=2024, asks=ASKS, post="cook"
    )


def issue(world: World, pattern: Pattern, who: str, org=None) -> list[Letter]:
    return issuing.issue_letters(by=world.viewer(who), pattern=pattern, org=org or pattern.org, until=DUE)


def test_an_office_issues_to_its_schools_and_the_head_signs(world: World, pattern: Pattern) -> None:
    made = issue(world, pattern, "bo")
    assert {row.org for row in Letter.objects.all()} == {world.school_a, world.school_b}
    assert len(made) == 2
    mine = Letter.objects.get(org=world.school_a)
    assert list(to_sign(world.viewer("gao"))) == [mine]
    (row,) = letters_to_sign(world.viewer("gao"))
    assert row.until == DUE
    signed = signing.sign_letter(mine, by=world.viewer("gao"))
    assert (signed.state, signed.signed_by, signed.signed_how) == (LetterState.SIGNED, world.gao, SignedHow.OWN)
    assert list(letters_to_sign(world.viewer("gao"))) == []
    seal = Seal.objects.get(org=world.school_a)
    assert (seal.item_id, bytes(seal.digest)) == (mine.public_id, digest_of(signed.content))
    assert "高校长" not in signed.content
    signing.sign_letter(mine, by=world.viewer("gao"))
    assert Seal.objects.count() == 1
    (content,) = read_letters(world.school_a, [Header.unpack(bytes(seal.header))])
    assert content.problems == []


def test_what_was_signed_and_then_changed_is_told(world: World, pattern: Pattern) -> None:
    issue(world, pattern, "bo")
    signing.sign_letter(Letter.objects.get(org=world.school_a), by=world.viewer("gao"))
    header = [Header.unpack(bytes(Seal.objects.get().header))]
    Letter.objects.filter(org=world.school_a).update(signed_name="别人")
    Pattern.objects.update(safety="没有要求")
    (content,) = read_letters(world.school_a, header)
    assert {(problem.kind, problem.what) for problem in content.problems} == {
        ("column", "safety"), ("personal", "signed_name"),
    }  # fmt: skip
    Letter.objects.filter(org=world.school_a).update(salt="", signed_name="")
    (content,) = read_letters(world.school_a, header)
    assert ("personal_gone", "signed_name") in {(problem.kind, problem.what) for problem in content.problems}
    Letter.objects.filter(org=world.school_b).update(state="signed", signed_at=NOON, content="{}")
    assert list(unsealed_letters(world.school_b)) == [Letter.objects.get(org=world.school_b).public_id]


def test_issuing_twice_gives_only_those_a_letter_who_have_none(world: World, cooks, for_cooks: Pattern) -> None:
    assert len(issue(world, for_cooks, "gao")) == 2
    with pytest.raises(Refused):
        issue(world, for_cooks, "gao")
    new = staff.record_roster(
        world.school_a, by=world.system, lines=[staff.RosterLine("新厨师", post="厨师")], from_on=TODAY
    )[0]
    (made,) = issue(world, for_cooks, "gao")
    assert made.person == new
    assert Letter.objects.count() == 3


def test_a_school_issues_the_text_of_its_office_to_its_posts(world: World, cooks) -> None:
    text = writing.write_pattern(
        world.town, by=world.viewer("bo"), title="厨师责任书", year=2024, asks=ASKS, post="cook"
    )
    issue(world, text, "gao", world.school_a)
    assert set(Letter.objects.values_list("person__name", flat=True)) == {"石师傅", "李秀兰"}
    with pytest.raises(NotVisible):
        issue(world, text, "gao", world.school_b)
    own = writing.write_pattern(
        world.school_a, by=world.viewer("gao"), title="会计责任书", year=2024, asks=ASKS, post="accountant"
    )
    with pytest.raises(NotVisible):
        issue(world, own, "hu", world.school_b)


def test_only_whom_it_is_for_signs(world: World, cooks, for_cooks: Pattern) -> None:
    issue(world, for_cooks, "gao")
    shi = Letter.objects.get(person=cooks["石师傅"])
    for who in ("gao", "an"):
        with pytest.raises(Refused):
            signing.sign_letter(shi, by=world.viewer(who))
    for who, error in (("hu", NotVisible), ("chen", NotVisible), ("eve", PermissionDenied)):
        with pytest.raises(error):
            signing.sign_letter(shi, by=world.viewer(who))
    assert Letter.objects.unsigned().count() == 2
    assert not Chain.objects.exists()
    assert signing.sign_letter(shi, by=world.viewer("shi")).signed_name == "石师傅"


def test_a_cook_signs_by_pin_on_the_directors_phone(world: World, cooks, for_cooks: Pattern) -> None:
    issue(world, for_cooks, "gao")
    letter = Letter.objects.get(person=cooks["石师傅"])
    set_pin(by=world.viewer("shi"), pin="840275")
    world.shi.refresh_from_db()
    with pytest.raises(Refused):
        signing.sign_letter_by_pin(letter, by=world.viewer("gao"), signer=world.shi, pin="111222")
    with pytest.raises(Refused):
        signing.sign_letter_by_pin(letter, by=world.viewer("gao"), signer=world.an, pin="840275")
    with pytest.raises(PermissionDenied):
        signing.sign_letter_by_pin(letter, by=world.viewer("an"), signer=world.shi, pin="840275")
    signed = signing.sign_letter_by_pin(letter, by=world.viewer("gao"), signer=world.shi, pin="840275")
    assert (signed.signed_by, signed.signed_how) == (world.shi, SignedHow.PIN)
    with pytest.raises(Refused):
        signing.sign_letter_on_paper(letter, by=world.viewer("gao"), on=TODAY)


def test_who_has_no_account_signs_on_paper(world: World, cooks, for_cooks: Pattern) -> None:
    issue(world, for_cooks, "gao")
    li, shi = (Letter.objects.get(person=cooks[name]) for name in ("李秀兰", "石师傅"))
    by = world.viewer("gao")
    for letter, on in ((shi, TODAY), (li, TODAY + timedelta(days=1))):
        with pytest.raises(Refused):
            signing.sign_letter_on_paper(letter, by=by, on=on)
    signed = signing.sign_letter_on_paper(li, by=by, on=TODAY)
    assert (signed.signed_name, signed.signed_by, signed.signed_how) == ("李秀兰", None, SignedHow.PAPER)
    assert '"on":"2024-03-04"' in signed.content


def test_a_withdrawn_letter_is_not_signed_and_may_be_issued_anew(world: World, cooks, for_cooks: Pattern) -> None:
    issue(world, for_cooks, "gao")
    letter = Letter.objects.get(person=cooks["石师傅"])
    with pytest.raises(PermissionDenied):
        issuing.withdraw_letter(letter, by=world.viewer("an"), reason="x")
    issuing.withdraw_letter(letter, by=world.viewer("gao"), reason="写错了岗位")
    with pytest.raises(Refused):
        issuing.withdraw_letter(letter, by=world.viewer("gao"), reason="x")
    with pytest.raises(Refused, match="写错了岗位"):
        signing.sign_letter(letter, by=world.viewer("shi"))
    (again,) = issue(world, for_cooks, "gao")
    assert again.person == cooks["石师傅"]


def test_a_school_does_not_withdraw_what_its_office_asks(world: World, pattern: Pattern) -> None:
    issue(world, pattern, "bo")
    letter = Letter.objects.get(org=world.school_a)
    with pytest.raises((PermissionDenied, NotVisible)):
        issuing.withdraw_letter(letter, by=world.viewer("gao"), reason="不想签")
    assert Letter.objects.unsigned().count() == 2


def test_renewing_keeps_the_chain_to_last_years_letter(world: World, pattern: Pattern) -> None:
    issue(world, pattern, "bo")
    old = signing.sign_letter(Letter.objects.get(org=world.school_a), by=world.viewer("gao"))
    by = world.viewer("bo")
    with pytest.raises(Refused):
        writing.renew_pattern(pattern, by=by, year=2024, asks=ASKS)
    after = writing.renew_pattern(pattern, by=by, year=2025, asks=ASKS)
    with pytest.raises(Refused):
        writing.renew_pattern(pattern, by=by, year=2026, asks=ASKS)
    issue(world, after, "bo")
    new = Letter.objects.get(pattern=after, org=world.school_a)
    assert new.renews == old
    assert str(old.public_id) in signing.sign_letter(new, by=world.viewer("gao")).content
    assert Seal.objects.filter(org=world.school_a).count() == 2


def test_texts_are_refused_in_words_and_then_nothing_is_written(world: World, pattern: Pattern) -> None:
    by = world.viewer("bo")
    wrong = [
        {"unit_kind": "school", "post": "cook"}, {}, {"post": "astronaut"}, {"unit_kind": "school", "title": "食品安全责任书"},
    ]  # fmt: skip
    for more in wrong:
        with pytest.raises(Refused):
            writing.write_pattern(world.town, by=by, **({"title": "另一份", "year": 2024, "asks": ASKS} | more))
    for who, error in (("an", PermissionDenied), ("gao", PermissionDenied), ("chen", NotVisible)):
        with pytest.raises((error, NotVisible)), transaction.atomic():
            writing.write_pattern(world.town, by=world.viewer(who), title="x", year=2024, asks=ASKS, unit_kind="school")
    writing.end_pattern(pattern, by=by, reason="换新")
    with pytest.raises(Refused):
        writing.end_pattern(pattern, by=by, reason="换新")
    with pytest.raises(Refused):
        issue(world, pattern, "bo")
    assert Pattern.objects.count() == 1
    assert not Letter.objects.exists()


def test_a_text_for_nobody_or_a_day_that_has_passed_is_refused(
    world: World, for_cooks: Pattern, pattern: Pattern
) -> None:
    with pytest.raises(Refused):
        issue(world, for_cooks, "gao")
    with pytest.raises(Refused):
        issuing.issue_letters(by=world.viewer("bo"), pattern=pattern, org=world.town, until=TODAY - timedelta(days=1))
    assert AuditEntry.objects.filter(event="letters.issued").count() == 0


def test_rates_stand_beside_their_counts(
    world: World, cooks, pattern: Pattern, for_cooks: Pattern, django_assert_num_queries
) -> None:
    issue(world, pattern, "bo")
    issue(world, for_cooks, "gao")
    signing.sign_letter(Letter.objects.get(org=world.school_a, person=None), by=world.viewer("gao"))
    staff.record_roster(world.school_a, by=world.system, lines=[staff.RosterLine("新厨师", post="厨师")], from_on=TODAY)

    def told(who: str) -> dict[str, tuple[int, int, int, int]]:
        return {
            row.pattern.title: (row.asked, row.issued, row.signed, row.missing)
            for row in rates(world.viewer(who), 2024)
        }

    assert told("bo") == {"食品安全责任书": (2, 2, 1, 0), "厨师岗位责任书": (3, 2, 0, 1)}
    assert told("gao") == {"食品安全责任书": (1, 1, 1, 0), "厨师岗位责任书": (3, 2, 0, 1)}
    assert told("hu") == {"食品安全责任书": (1, 1, 0, 0)}
    assert told("chen") == {}
    later = world.viewer("bo", NOON + timedelta(days=20))
    assert [row.overdue for row in rates(later, 2024)] == [1, 2]
    viewer = world.viewer("bo")
    with django_assert_num_queries(5):
        rates(viewer, 2024)
