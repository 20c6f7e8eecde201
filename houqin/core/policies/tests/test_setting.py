"""Setting rules at a unit: for all below it, only stricter where so marked, and every refusal says who set what."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.policies import registry
from houqin.core.policies.actions import set_policy, take_back_policy
from houqin.core.policies.models import PolicySetting
from houqin.core.policies.registry import Policy, declare, standing, value_of, values_of
from houqin.core.policies.rules import Kind
from houqin.core.scope.refusals import Refused
from tests.world import NOON, World

WITHIN, BEDTIME = "test.within", "test.bedtime"
WEIGHT, LAW, SIGN = "test.weight", "test.law", "test.sign"


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_declared", {})
    declare(
        Policy(WITHIN, "answer within", Kind.MINUTES, 30, "less"),
        Policy(BEDTIME, "lights out", Kind.CLOCK, "21:00"),
        Policy(WEIGHT, "sample", Kind.GRAMS, 125, "more", "a standard", "A*"),
        Policy(LAW, "kept", Kind.HOURS, 48, "more", "a law", "A"),
        Policy(SIGN, "second signature", Kind.SWITCH, True, "on"),
    )


def put(world: World, unit: str, code: str, value: object, minutes: int = 0) -> PolicySetting:
    by = world.viewer("op", NOON + timedelta(minutes=minutes))
    return set_policy(getattr(world, unit), by=by, code=code, value=value, reason="会议纪要")


def refused(world: World, unit: str, code: str, value: object) -> str:
    before = (PolicySetting.objects.count(), AuditEntry.objects.count())
    with pytest.raises(Refused) as caught:
        put(world, unit, code, value, minutes=5)
    assert (PolicySetting.objects.count(), AuditEntry.objects.count()) == before
    return str(caught.value)


def test_the_default_holds_until_a_unit_sets_another(world: World) -> None:
    assert value_of(BEDTIME, world.school_a) == "21:00"
    put(world, "town", BEDTIME, "20:30")
    assert value_of(BEDTIME, world.school_a) == "20:30"
    assert value_of(BEDTIME, world.school_c) == "21:00"


def test_the_nearest_unit_decides_where_a_rule_is_free(world: World) -> None:
    put(world, "city", BEDTIME, "20:00")
    put(world, "school_a", BEDTIME, "22:00")
    assert value_of(BEDTIME, world.school_a) == "22:00"
    assert value_of(BEDTIME, world.school_b) == "20:00"


def test_a_change_is_a_new_row_and_what_held_then_stays_known(world: World) -> None:
    put(world, "town", BEDTIME, "20:30")
    put(world, "town", BEDTIME, "20:45", minutes=60)
    assert value_of(BEDTIME, world.school_a) == "20:45"
    assert value_of(BEDTIME, world.school_a, at=NOON + timedelta(minutes=30)) == "20:30"
    assert value_of(BEDTIME, world.school_a, at=NOON - timedelta(minutes=1)) == "21:00"
    assert PolicySetting.objects.count() == 2


def test_the_system_may_set_a_rule_too(world: World) -> None:
    row = set_policy(world.town, by=world.system, code=WITHIN, value=20, reason="初始化")
    assert row.account is None
    assert value_of(WITHIN, world.school_a) == 20


def test_the_same_value_again_changes_nothing(world: World) -> None:
    first = put(world, "town", WITHIN, 20)
    assert put(world, "town", WITHIN, 20, minutes=9) == first
    assert PolicySetting.objects.count() == 1


def test_a_lower_unit_may_tighten(world: World) -> None:
    put(world, "town", WITHIN, 20)
    put(world, "school_a", WITHIN, 10)
    assert values_of(WITHIN, [world.town, world.school_a, world.school_b]) == {
        world.town.pk: 20,
        world.school_a.pk: 10,
        world.school_b.pk: 20,
    }


def test_a_lower_unit_may_not_loosen_and_hears_who_set_what_since_when(world: World) -> None:
    put(world, "town", WITHIN, 20)
    told = refused(world, "school_a", WITHIN, 25)
    assert "柳河镇" in told
    assert "2024-03-04" in told
    assert "20" in told
    assert value_of(WITHIN, world.school_a) == 20


def test_when_a_unit_above_tightens_later_the_stricter_holds(world: World) -> None:
    put(world, "school_a", WITHIN, 20)
    put(world, "city", WITHIN, 15, minutes=60)
    assert value_of(WITHIN, world.school_a) == 15
    put(world, "city", WITHIN, 25, minutes=120)
    assert value_of(WITHIN, world.school_a) == 20


def test_a_unit_may_loosen_what_only_itself_had_tightened(world: World) -> None:
    put(world, "town", WITHIN, 20)
    put(world, "school_a", WITHIN, 10)
    put(world, "school_a", WITHIN, 20, minutes=5)
    assert value_of(WITHIN, world.school_a) == 20


def test_a_default_of_ones_own_may_be_loosened_where_nobody_above_set_one(world: World) -> None:
    put(world, "school_a", WITHIN, 45)
    assert value_of(WITHIN, world.school_a) == 45
    assert value_of(WITHIN, world.school_b) == 30


def test_a_published_figure_is_loosened_at_the_top_only_and_the_law_nowhere(world: World) -> None:
    assert "a standard" in refused(world, "school_a", WEIGHT, 100)
    assert "a law" in refused(world, "province", LAW, 24)
    put(world, "province", WEIGHT, 100)
    assert value_of(WEIGHT, world.school_a) == 100
    put(world, "school_a", LAW, 72)
    assert value_of(LAW, world.school_a) == 72


def test_a_switch_that_is_on_above_stays_on(world: World) -> None:
    put(world, "town", SIGN, True)
    refused(world, "school_a", SIGN, False)
    assert value_of(SIGN, world.school_a) is True


def test_taken_back_what_is_above_holds_again(world: World) -> None:
    put(world, "town", WITHIN, 20)
    put(world, "school_a", WITHIN, 10)
    by = world.viewer("gao", NOON + timedelta(minutes=5))
    take_back_policy(world.school_a, by=by, code=WITHIN, reason="人手不够")
    assert value_of(WITHIN, world.school_a) == 20
    with pytest.raises(Refused):
        take_back_policy(world.school_a, by=by, code=WITHIN, reason="再来一次")
    assert PolicySetting.objects.count() == 3


@pytest.mark.parametrize("value", [0, 1441, True, "30", None, 2.5])
def test_a_value_of_another_kind_or_size_is_refused(world: World, value: object) -> None:
    assert "answer within" in refused(world, "school_a", WITHIN, value)


def test_a_rule_that_nobody_declared_is_refused(world: World) -> None:
    assert "test.nothing" in refused(world, "school_a", "test.nothing", 1)


def test_a_closed_unit_sets_no_rule(world: World) -> None:
    world.school_a.closed_on = NOON.date()
    world.school_a.save()
    refused(world, "school_a", WITHIN, 10)


def test_only_who_may_sets_rules_and_only_in_reach(world: World) -> None:
    for name, error in (("an", PermissionDenied), ("hu", Http404), ("chen", Http404)):
        for deed, given in ((set_policy, {"value": 10}), (take_back_policy, {})):
            with pytest.raises(error):
                deed(world.school_a, by=world.viewer(name), code=WITHIN, reason="试试", **given)
    with pytest.raises(PermissionDenied):
        set_policy(world.school_a, by=world.viewer("bai"), code=WITHIN, value=10, reason="试试")
    assert PolicySetting.objects.count() == 0


def test_the_trail_tells_the_old_and_the_new_value(world: World) -> None:
    put(world, "town", WITHIN, 20)
    put(world, "town", WITHIN, 15, minutes=5)
    entry = AuditEntry.objects.get(event="policies.set", detail__before=20)
    assert entry.detail == {"rule": WITHIN, "before": 20, "after": 15, "reason": "会议纪要"}
    assert entry.org_path == world.town.path


def test_one_query_whatever_the_number_of_units_and_rules(world: World) -> None:
    put(world, "town", WITHIN, 20)
    put(world, "school_a", BEDTIME, "20:00")
    for units in ([world.school_a], [world.province, world.school_a, world.school_b, world.school_c]):
        with CaptureQueriesContext(connection) as queries:
            found = standing([WITHIN, BEDTIME, LAW], units)
        assert len(queries) == 1
        assert found[world.school_a.pk][WITHIN].value == 20
        assert found[world.school_a.pk][BEDTIME].setting.org == world.school_a
    with CaptureQueriesContext(connection) as queries:
        assert values_of(WITHIN, []) == {}
    assert len(queries) == 0


def test_a_rule_is_declared_once_and_its_default_is_of_its_kind() -> None:
    with pytest.raises(ValueError, match="twice"):
        declare(Policy(WITHIN, "another", Kind.MINUTES, 5))
    with pytest.raises(ValueError, match="no clock"):
        declare(Policy("test.broken", "broken", Kind.CLOCK, 800))
