"""Numbers of forms: given once, in order, to the school's own forms."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.papers import number_vouchers
from houqin.modules.canteen.models import Delivery, DeliveryLine, TurnedAway, Voucher, VoucherKind
from houqin.modules.canteen.tests.ledger import LATER, came, day, went, write
from tests.world import World

MARCH = (date(2024, 3, 1), date(2024, 3, 31))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are compared as they are written here."""
    with translation.override("en"):
        yield


@pytest.fixture
def town(world: World) -> World:
    a, b = world.school_a, world.school_b
    write(
        world.town, world.viewer("bo", now=LATER),
        came(a, 1, 100, produced=0), came(a, 1, 5, product="鸡腿", supplier="宏发生鲜"), came(a, 2, 7, product="鸡腿", supplier="宏发生鲜"),
        came(b, 1, 50), went(a, 1, 20), went(a, 1, 10, kind="breakfast"), went(a, 2, 3, product="鸡腿"),
    )  # fmt: skip
    return world


def numbers(town: World, first: date = MARCH[0], last: date = MARCH[1], **more: object) -> list[str]:
    made = number_vouchers(town.school_a, by=town.viewer("an", now=LATER), first=first, last=last, **more)
    return [row.number for row in made]


def test_every_form_of_the_period_gets_a_number_of_its_day(town: World) -> None:
    assert numbers(town) == [
        "YS-20240302-0001", "YS-20240302-0002", "YS-20240303-0001", "RK-20240302-0001", "RK-20240302-0002", "RK-20240303-0001",
        "CK-20240302-0001", "CK-20240302-0002", "CK-20240303-0001", "JS-20240331-0001", "JS-20240331-0002",
    ]  # fmt: skip
    breakfast = Voucher.objects.get(number="CK-20240302-0001")
    assert (breakfast.meal.kind, breakfast.org, breakfast.account) == ("breakfast", town.school_a, town.an)
    settled = Voucher.objects.filter(kind=VoucherKind.SETTLEMENT).order_by("number")
    assert [row.supplier.name for row in settled] == ["宏发生鲜", "惠民粮油"]
    entry = AuditEntry.objects.get(event="canteen.papers_numbered")
    assert entry.detail["numbers"][0] == "YS-20240302-0001"
    assert not Voucher.objects.filter(org=town.school_b).exists()


def test_numbers_are_given_once_and_what_comes_later_goes_on(town: World) -> None:
    before = numbers(town)
    assert numbers(town) == []
    assert AuditEntry.objects.filter(event="canteen.papers_numbered").count() == 1
    write(town.town, town.viewer("bo", now=LATER), came(town.school_a, 1, 3, product="豆腐", supplier="李记豆制品坊"))
    assert numbers(town) == ["YS-20240302-0003", "RK-20240302-0003", "JS-20240331-0003"]
    assert Voucher.objects.count() == len(before) + 3


def test_only_the_forms_asked_for_are_numbered(town: World) -> None:
    assert numbers(town, day(1), day(1), kinds=["receipt"]) == ["RK-20240302-0001", "RK-20240302-0002"]
    assert numbers(town, day(0), day(6)) == [
        "YS-20240302-0001", "YS-20240302-0002", "YS-20240303-0001", "RK-20240303-0001", "CK-20240302-0001",
        "CK-20240302-0002", "CK-20240303-0001",
    ]  # fmt: skip


def test_a_month_under_way_is_not_settled_yet(town: World) -> None:
    noon = datetime(2024, 3, 30, 4, tzinfo=UTC)
    made = number_vouchers(town.school_a, by=town.viewer("an", now=noon), first=MARCH[0], last=MARCH[1])
    assert {row.kind for row in made} == {"acceptance", "receipt", "issue"}
    last = datetime(2024, 3, 31, 4, tzinfo=UTC)
    made = number_vouchers(town.school_a, by=town.viewer("an", now=last), first=MARCH[0], last=MARCH[1])
    assert {row.kind for row in made} == {"settlement"}


def test_what_was_taken_back_whole_gets_no_form_and_what_was_turned_away_only_an_acceptance_sheet(town: World) -> None:
    chicken = DeliveryLine.objects.get(delivered_on=day(1), lot__product__name="鸡腿")
    write(town.town, town.viewer("bo", now=LATER), lines_back=[chicken.public_id])
    refused = Delivery.objects.get(delivered_on=day(1), supplier__name="宏发生鲜")
    assert numbers(town, day(1), day(1)) == [
        "YS-20240302-0001",
        "RK-20240302-0001",
        "CK-20240302-0001",
        "CK-20240302-0002",
    ]
    TurnedAway.objects.create(
        org=town.school_a, delivery=refused, product=chicken.lot.product, refused_on=day(1), quantity_grams=5000,
        why="expired", outcome="returned",
    )  # fmt: skip
    assert numbers(town, day(1), day(1)) == ["YS-20240302-0002"]
    assert Voucher.objects.get(number="YS-20240302-0002").delivery == refused


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"first": day(5), "last": day(4)}, "last day"),
        ({"first": day(1), "last": day(900)}, "year at most"),
        ({"first": date(2024, 6, 2), "last": date(2024, 6, 3)}, "still to come"),
        ({"first": day(1), "last": day(1), "kinds": []}, "Choose the forms"),
        ({"first": day(1), "last": day(1), "kinds": ["label"]}, "Choose the forms"),
    ],
)
def test_what_cannot_be_numbered_is_refused_and_nothing_is(town: World, given: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        number_vouchers(town.school_a, by=town.viewer("an", now=LATER), **given)
    assert not Voucher.objects.exists()


def test_an_office_has_no_forms_of_its_own(town: World) -> None:
    with pytest.raises(Refused, match="Choose the school"):
        number_vouchers(town.town, by=town.viewer("bo", now=LATER), first=MARCH[0], last=MARCH[1])


def test_only_those_who_record_may_number_and_only_within_reach(town: World) -> None:
    for person, error in (
        ("shi", PermissionDenied),
        ("eve", PermissionDenied),
        ("hu", NotVisible),
        ("chen", NotVisible),
    ):
        with pytest.raises(error):
            number_vouchers(town.school_a, by=town.viewer(person, now=LATER), first=MARCH[0], last=MARCH[1])
    assert not Voucher.objects.exists()
