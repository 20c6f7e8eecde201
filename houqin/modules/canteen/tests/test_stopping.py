"""停供: a person stops a kitchen and says what is eaten instead; another releases it; meanwhile nothing is cooked."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import SchoolFacts
from houqin.core.places.actions import record_place
from houqin.core.places.models import Stop
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.duties.tests.asking import at_once
from houqin.modules.canteen.actions.stopping import check_not_stopped, release_kitchen, stop_kitchen
from houqin.modules.canteen.models import KitchenStop
from houqin.ui.today import gather
from tests.world import World, make_world

WORDS = {"reason": "停水", "instead": "镇中心食堂送午餐", "boarders_instead": "早晚餐同送"}


def stopped(world: World, who: str = "gao", **more: str) -> KitchenStop:
    return stop_kitchen(world.school_a, by=world.viewer(who), **WORDS | more)


def test_stopped_its_rooms_are_marked_and_nothing_is_cooked_until_another_releases_it(world: World) -> None:
    kitchen = record_place(world.school_a, by=world.system, kind="room", use="kitchen", name="加工间")
    row = stopped(world)
    assert (row.decided_by, Stop.objects.standing().get().place) == (world.gao, kitchen)
    assert Notice.objects.filter(account=world.shi, body__contains=WORDS["instead"]).exists()
    with pytest.raises(Refused, match="停水"):
        check_not_stopped(world.school_a)
    assert any(WORDS["instead"] in str(one.what) for rows in gather(world.viewer("shi")).values() for one in rows)
    with pytest.raises(Refused):
        release_kitchen(row, by=world.viewer("gao"), reason="来水了")
    release_kitchen(row, by=world.viewer("bo"), reason="来水了，水质检测合格")
    check_not_stopped(world.school_a)
    assert not Stop.objects.standing().exists()
    with pytest.raises(Refused):
        release_kitchen(row, by=world.viewer("bo"), reason="再来")
    assert AuditEntry.objects.filter(event__startswith="canteen.kitchen_").count() == 2


@pytest.mark.parametrize("missing", ["reason", "instead", "boarders_instead"])
def test_nobody_goes_without_a_meal(world: World, missing: str) -> None:
    with pytest.raises(Refused) as refusal:
        stopped(world, **{missing: " "})
    assert refusal.value.field == missing
    assert not KitchenStop.objects.exists()


def test_without_boarders_theirs_is_not_asked(world: World) -> None:
    SchoolFacts.objects.filter(org=world.school_a).update(boarders=0)
    assert stopped(world, boarders_instead="").boarders_instead == ""


def test_no_rule_stops_a_kitchen_and_nobody_from_elsewhere(world: World) -> None:
    with pytest.raises(Refused):
        stop_kitchen(world.school_a, by=world.system, **WORDS)
    for who, error in (("hu", NotVisible), ("chen", NotVisible), ("shi", PermissionDenied), ("eve", PermissionDenied)):
        with pytest.raises(error):
            stopped(world, who)
    assert not KitchenStop.objects.exists()


def test_stopped_twice_the_second_hears_so(world: World) -> None:
    stopped(world)
    with pytest.raises(Refused):
        stopped(world, "bo")
    assert KitchenStop.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_stop_it_at_once_one_does() -> None:
    world = make_world()
    told = at_once(*(partial(stopped, world, who) for who in ("gao", "bo")))
    assert sum(isinstance(one, Refused) for one in told) == 1
    assert KitchenStop.objects.count() == 1
