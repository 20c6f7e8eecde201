"""A second person signs, whichever way, and the first never can."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.people.actions.pins import check_pin, set_pin
from houqin.core.people.models import Account, Person
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.signing import countersign_delivery, sign_by_pin, sign_delivery
from houqin.modules.canteen.models import Delivery, Lot, SignedHow
from houqin.modules.canteen.queries.signing import to_sign, unsigned_lots
from houqin.modules.canteen.tests.door import Door, make_door
from houqin.modules.canteen.tests.ledger import came, write
from tests.world import World

PIN = "283917"


@pytest.fixture
def door(world: World) -> Door:
    return make_door(world)


@pytest.fixture
def delivery(door: Door) -> Delivery:
    return door.accept(door.line("白菜", 20_000))


def one_person(*accounts: Account) -> None:
    """One person behind the first account; only the first can be linked, so the second is told by its viewer."""
    person = Person.objects.create(org=accounts[0].home, name="安师傅")
    Account.objects.filter(pk=accounts[0].pk).update(person=person)


class TestTheSecondPerson:
    def test_signs_on_their_own_phone(self, world: World, delivery: Delivery) -> None:
        shi = world.viewer("shi")
        signed = sign_delivery(delivery, by=shi)
        assert (signed.signed_by, signed.signed_at, signed.signed_how) == (world.shi, shi.now, SignedHow.OWN)
        assert not signed.awaits_signature
        assert AuditEntry.objects.filter(event="canteen.delivery_signed").count() == 1

    def test_who_signs_twice_signed_once(self, world: World, delivery: Delivery) -> None:
        sign_delivery(delivery, by=world.viewer("shi"))
        sign_delivery(delivery, by=world.viewer("shi"))
        assert AuditEntry.objects.filter(event="canteen.delivery_signed").count() == 1

    def test_signs_by_pin_on_the_first_persons_phone(self, world: World, delivery: Delivery) -> None:
        set_pin(by=world.viewer("lin"), pin=PIN)
        world.lin.refresh_from_db()
        signed = sign_by_pin(delivery, by=world.viewer("an"), signer=world.lin, pin=PIN)
        assert (signed.signed_by, signed.signed_how) == (world.lin, SignedHow.PIN)

    def test_the_head_of_school_countersigns(self, world: World, delivery: Delivery) -> None:
        signed = countersign_delivery(delivery, by=world.viewer("gao"))
        assert (signed.signed_by, signed.signed_how) == (world.gao, SignedHow.COUNTERSIGN)


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _unsigned(self, delivery: Delivery) -> Any:
        yield
        delivery.refresh_from_db()
        assert (delivery.signed_by, delivery.signed_at, delivery.signed_how) == (None, None, "")
        assert not AuditEntry.objects.filter(event="canteen.delivery_signed").exists()

    def test_the_first_person_in_no_way(self, world: World, delivery: Delivery) -> None:
        set_pin(by=world.viewer("an"), pin=PIN)
        world.an.refresh_from_db()
        with pytest.raises(Refused):
            sign_delivery(delivery, by=world.viewer("an"))
        with pytest.raises(Refused):
            sign_by_pin(delivery, by=world.viewer("shi"), signer=world.an, pin=PIN)

    def test_the_same_person_under_another_account(self, world: World, delivery: Delivery) -> None:
        from dataclasses import replace

        one_person(world.an)
        person = Account.objects.get(pk=world.an.pk).person_id
        delivery.refresh_from_db()
        with pytest.raises(Refused):
            sign_delivery(delivery, by=replace(world.viewer("shi"), person_id=person))
        assert not to_sign(replace(world.viewer("shi"), person_id=person)).exists()

    def test_a_head_who_accepted_alone_does_not_countersign(self, world: World, door: Door) -> None:
        own = door.accept(door.line("白菜", 20_000), by=world.viewer("gao"))
        with pytest.raises(Refused):
            countersign_delivery(own, by=world.viewer("gao"))

    def test_a_wrong_pin_none_and_five_wrong_ones(self, world: World, delivery: Delivery) -> None:
        an = world.viewer("an")
        with pytest.raises(Refused, match="林老师"):
            sign_by_pin(delivery, by=an, signer=world.lin, pin=PIN)
        set_pin(by=world.viewer("lin"), pin=PIN)
        world.lin.refresh_from_db()
        for _try in range(5):
            with pytest.raises(Refused):
                sign_by_pin(delivery, by=an, signer=world.lin, pin="000001")
        with pytest.raises(Refused, match="15"):
            sign_by_pin(delivery, by=an, signer=world.lin, pin=PIN)
        cache.clear()
        check_pin(world.lin, PIN)

    def test_somebody_of_another_school(self, world: World, delivery: Delivery) -> None:
        with pytest.raises(NotVisible):
            sign_delivery(delivery, by=world.viewer("hu"))
        set_pin(by=world.viewer("hu"), pin=PIN)
        world.hu.refresh_from_db()
        with pytest.raises(Refused):
            sign_by_pin(delivery, by=world.viewer("an"), signer=world.hu, pin=PIN)
        with pytest.raises(PermissionDenied):
            countersign_delivery(delivery, by=world.viewer("shi"))


def test_a_second_signer_is_told_who_signed(world: World, delivery: Delivery) -> None:
    sign_delivery(delivery, by=world.viewer("shi"))
    with pytest.raises(Refused, match="石师傅"):
        sign_delivery(delivery, by=world.viewer("lin"))


def test_paper_needs_no_signature(world: World, door: Door) -> None:
    write(world.town, world.viewer("bo"), came(world.school_a, 1, 10, produced=0))
    with pytest.raises(Refused):
        sign_delivery(Delivery.objects.get(), by=world.viewer("shi"))
    assert unsigned_lots([Lot.objects.get().pk]) == set()


def test_goods_wait_until_one_of_their_deliveries_is_signed(world: World, door: Door) -> None:
    first = door.accept(door.line("白菜", 20_000), door.line("鸡蛋", 5_000))
    door.accept(door.line("白菜", 9_000))
    lots = {lot.product.name: lot.pk for lot in Lot.objects.select_related("product")}
    assert unsigned_lots(lots.values()) == set(lots.values())
    sign_delivery(first, by=world.viewer("shi"))
    assert unsigned_lots(lots.values()) == set()


def test_who_has_something_to_sign(world: World, door: Door, delivery: Delivery) -> None:
    counts = {name: to_sign(world.viewer(name)).count() for name in ("an", "shi", "lin", "gao", "hu", "bo", "du")}
    assert counts == {"an": 0, "shi": 1, "lin": 1, "gao": 1, "hu": 0, "bo": 0, "du": 0}


class TestPins:
    @pytest.mark.parametrize(
        "pin", ["", "12345", "1234567", "12345a", "１２３４５６", "111111", "121212", "123456", "654321"]
    )
    def test_weak_ones_are_refused(self, world: World, pin: str) -> None:
        with pytest.raises(Refused):
            set_pin(by=world.viewer("lin"), pin=pin)
        world.lin.refresh_from_db()
        assert world.lin.pin == ""

    def test_only_its_hash_is_kept_and_the_trail_does_not_tell_it(self, world: World) -> None:
        set_pin(by=world.viewer("lin"), pin=PIN)
        world.lin.refresh_from_db()
        assert PIN not in world.lin.pin
        entry = AuditEntry.objects.get(event="people.pin_set")
        assert PIN not in str(entry.detail)

    def test_the_count_of_wrong_tries_ends_with_time(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        set_pin(by=world.viewer("lin"), pin=PIN)
        world.lin.refresh_from_db()
        for _try in range(5):
            with pytest.raises(Refused):
                check_pin(world.lin, "000001")
        import time

        later = time.time() + timedelta(minutes=16).total_seconds()
        monkeypatch.setattr(time, "time", lambda: later)
        check_pin(world.lin, PIN)
