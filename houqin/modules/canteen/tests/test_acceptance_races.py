"""Two at the door at once: what is sent twice comes in once, and one second person signs."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.scope.refusals import Refused
from houqin.flows.credentials.models import Credential
from houqin.modules.canteen.actions.certificates import meet_condition
from houqin.modules.canteen.actions.signing import countersign_delivery, sign_delivery
from houqin.modules.canteen.models import Delivery, Lot
from houqin.modules.canteen.tests.door import Door, make_door
from houqin.modules.canteen.tests.ledger import check_balances
from houqin.modules.canteen.tests.test_races import at_once
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door() -> Door:
    return make_door(make_world())


def test_a_double_tap_is_one_delivery(door: Door) -> None:
    key, an = uuid4(), door.an
    accept = partial(door.accept, door.line("白菜", 20_000), by=an, idempotency=key)
    first, second = at_once(accept, accept)
    assert first.pk == second.pk
    assert Delivery.objects.count() == 1
    assert Lot.objects.get().on_hand_grams == 20_000
    check_balances()


def test_two_keepers_at_once_get_two_numbers_and_one_lot(door: Door) -> None:
    both = [partial(door.accept, door.line("白菜", 20_000), by=door.world.viewer(name)) for name in ("an", "gao", "an")]
    made = at_once(*both)
    assert sorted(one.number[-4:] for one in made) == ["0001", "0002", "0003"]
    assert Lot.objects.get().on_hand_grams == 60_000
    check_balances()


def test_two_signers_at_once_are_one_signature(door: Door) -> None:
    delivery = door.accept(door.line("白菜", 20_000))
    shi, gao = door.world.viewer("shi"), door.world.viewer("gao")
    answers = at_once(lambda: sign_delivery(delivery, by=shi), lambda: countersign_delivery(delivery, by=gao))
    assert sum(isinstance(one, Refused) for one in answers) == 1
    assert AuditEntry.objects.filter(event="canteen.delivery_signed").count() == 1
    [signed] = [one for one in answers if isinstance(one, Delivery)]
    assert Delivery.objects.get().signed_by_id == signed.signed_by_id


def test_the_first_person_never_slips_in_between(door: Door) -> None:
    delivery = door.accept(door.line("白菜", 20_000))
    an, shi = door.an, door.world.viewer("shi")

    def own() -> Any:
        return sign_delivery(delivery, by=an)

    answers = at_once(own, lambda: sign_delivery(delivery, by=shi), own)
    assert [isinstance(one, Refused) for one in answers] == [True, False, True]
    assert Delivery.objects.get().signed_by == door.world.shi


def test_a_condition_is_met_once(door: Door) -> None:
    load_catalogues(by=door.world.system)
    line = door.accept(door.line("鸡腿", 20_000)).lines.get()
    an, gao = door.an, door.world.viewer("gao")
    answers = at_once(*(lambda by=by: meet_condition(line, by=by, number="4206001") for by in (an, gao)))
    assert sum(isinstance(one, Refused) for one in answers) == 1
    assert Credential.objects.count() == 1
