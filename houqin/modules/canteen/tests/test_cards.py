"""A canteen is registered; another way of running it waits for the office."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from houqin.core.orgs.models import SchoolFacts
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import Refused
from houqin.core.subjects.models import Subject
from houqin.lib.codes import is_food_licence
from houqin.modules.canteen.actions.registering import decide_canteen_mode, register_canteen
from houqin.modules.canteen.models import CanteenCard
from houqin.modules.canteen.queries.cards import card_of
from tests.world import PASSWORD, TODAY, World

State = CanteenCard.State


@pytest.fixture
def caterer(world: World) -> Party:
    subject = Subject.objects.create(kind="party", org=world.town, label="绿源餐饮")
    return Party.objects.create(org=world.town, name="绿源餐饮有限公司", subject=subject)


def own(world: World, by: str = "gao", **more: Any) -> CanteenCard:
    given = {"valid_from": TODAY, "mode": "own", "licence_number": "JY33703030000010", "seats": 320} | more
    return register_canteen(world.school_a, by=world.viewer(by), **given)


def facts(world: World) -> str:
    found: str = SchoolFacts.objects.filter(org=world.school_a).order_by("-valid_from").first().canteen_mode
    return found


def test_the_first_card_and_new_particulars_hold_at_once(world: World) -> None:
    own(world)
    changed = own(world, seats=340)
    assert (changed.state, card_of(world.school_a, TODAY)) == (State.AGREED, changed)


def test_another_way_of_running_it_waits_and_then_the_schools_facts_follow(world: World, caterer: Party) -> None:
    first = own(world)
    asked = own(world, mode="contracted", caterer=caterer, reason="厨师退休，镇里统一招标")
    assert (asked.state, card_of(world.school_a, TODAY), facts(world)) == (State.ASKED, first, "own")
    decide_canteen_mode(asked, by=world.viewer("bo"), agreed=True)
    assert (card_of(world.school_a, TODAY), facts(world)) == (asked, "contracted")
    with pytest.raises(Refused, match="已"):
        decide_canteen_mode(asked, by=world.viewer("bai"), agreed=False, answer="重复")


def test_a_declined_change_leaves_everything_as_it_was(world: World, caterer: Party) -> None:
    first = own(world)
    asked = own(world, mode="ordered", caterer=caterer, reason="设备坏了")
    with pytest.raises(Refused):
        decide_canteen_mode(asked, by=world.viewer("bo"), agreed=False)
    decide_canteen_mode(asked, by=world.viewer("bo"), agreed=False, answer="先修设备")
    assert (card_of(world.school_a, TODAY), facts(world)) == (first, "own")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mode": "contracted"}, "caterer"),
        ({"mode": "shared"}, "reason"),
    ],
)
def test_what_the_office_needs_to_know_is_asked_for(world: World, given: dict[str, Any], field: str) -> None:
    own(world)
    with pytest.raises(Refused) as refused:
        own(world, **given)
    assert refused.value.field == field
    assert CanteenCard.objects.count() == 1


def test_one_change_at_a_time_and_nobody_agrees_to_their_own(world: World, caterer: Party) -> None:
    own(world)
    asked = own(world, by="bo", mode="shared", reason="并入中学食堂")
    with pytest.raises(Refused):
        own(world, mode="contracted", caterer=caterer, reason="另一个主意")
    with pytest.raises(Refused):
        decide_canteen_mode(asked, by=world.viewer("bo"), agreed=True)
    asked.refresh_from_db()
    assert asked.state == State.ASKED


def test_everybody_sees_what_is_public_of_the_card_in_force(client: Client, world: World) -> None:
    own(world, valid_from=TODAY - timedelta(days=9))
    page = client.get(f"/canteen/card/{world.school_a.public_id}/")
    assert page.status_code == 200
    assert "JY33703030000010" in page.content.decode()
    assert client.get(f"/canteen/card/{world.school_b.public_id}/").status_code == 404


def test_the_form_is_filled_with_what_is_registered(client: Client, world: World) -> None:
    own(world, valid_from=TODAY - timedelta(days=9))
    client.login(username="gao", password=PASSWORD)
    page = client.get("/canteen/cards/new/").content.decode()
    assert 'value="JY33703030000010"' in page
    shown = client.get(f"/canteen/cards/{CanteenCard.objects.get().public_id}/")
    assert shown.status_code == 200


def test_a_licence_number_checks_itself() -> None:
    assert is_food_licence("JY33703030000010")
    assert not is_food_licence("JY33703030000011")
    assert not is_food_licence("SC10137030300016")
