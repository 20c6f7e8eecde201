"""Two persons number the same forms at once: each form has one number, and no number stands twice."""

import pytest

from houqin.modules.canteen.actions.papers import number_vouchers
from houqin.modules.canteen.models import Voucher
from houqin.modules.canteen.tests.ledger import LATER, came, day, went, write
from houqin.modules.canteen.tests.test_races import at_once
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_form_is_numbered_once_whoever_comes_first() -> None:
    world = make_world()
    rows = [came(world.school_a, 1, 10, supplier=f"商户{number}") for number in range(4)]
    write(world.town, world.viewer("bo", now=LATER), *rows, went(world.school_a, 1, 5))

    def number(person: str) -> list[Voucher]:
        return number_vouchers(world.school_a, by=world.viewer(person, now=LATER), first=day(1), last=day(1))

    made = at_once(lambda: number("an"), lambda: number("gao"), lambda: number("bo"))
    assert sorted(len(rows) for rows in made) == [0, 0, 9]
    numbers = list(Voucher.objects.values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers) == 9
