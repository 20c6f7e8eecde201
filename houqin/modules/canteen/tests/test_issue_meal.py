"""The whole plan of a meal in one deed: all of it or nothing, and never twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.meals import ForMeal, IssueLine, issue_meal
from houqin.modules.canteen.models import Delivery, Issue, Lot, Meal, Product, StockMove
from houqin.modules.canteen.policies import SIGNATURE_FIRST
from houqin.modules.canteen.tests.kitchen_scene import LUNCH, RICE, Kitchen
from houqin.modules.canteen.tests.ledger import check_balances, counted, from_lots
from houqin.modules.canteen.tests.test_corrections import freeze
from tests.world import NOON, TODAY, World


def issue(kitchen: Kitchen, **more: Any) -> list[Issue]:
    """Issue to today's lunch as the keeper, unless told otherwise."""
    given: dict[str, Any] = {"by": kitchen.an, "meal": LUNCH, "lines": kitchen.wanted(大米=9, 鸡腿=7)}
    return issue_meal(more.pop("org", kitchen.world.school_a), **given | more)


def unsign(batch: str) -> Delivery:
    """Nobody has signed for the lot."""
    Delivery.objects.filter(lines__lot__batch=batch).update(signed_at=None)
    return Delivery.objects.get(lines__lot__batch=batch)


class TestIssued:
    def test_the_whole_plan_in_one_deed(self, kitchen: Kitchen) -> None:
        lines = [IssueLine(one.product, one.at_hand_grams) for one in kitchen.plan().open_lines]
        issues = issue(kitchen, lines=lines, taken_by="石师傅")
        assert {str(one.product): from_lots(one.public_id) for one in issues} == {
            "大米": {"A": 5.0, "B": 4.0}, "鸡腿": {"C": 7.0}, "土豆": {"D": 3.0},
        }  # fmt: skip
        assert {one.taken_by for one in issues} == {"石师傅"}
        told = AuditEntry.objects.get(event="canteen.meal_issued")
        assert told.detail == {"products": 3, "grams": 19_000}
        assert AuditEntry.objects.filter(event="canteen.issued").count() == 3
        check_balances()

    def test_changed_by_hand_from_a_lot_that_is_named(self, kitchen: Kitchen) -> None:
        rice = kitchen.goods[RICE]
        issues = issue(kitchen, lines=[IssueLine(rice, 4_000, kitchen.lots["B"]), IssueLine(rice, 6_000)])
        assert [from_lots(one.public_id) for one in issues] == [{"B": 4.0}, {"A": 5.0, "B": 1.0}]
        assert [one.named_batch for one in issues] == ["B", ""]
        certain = StockMove.objects.filter(issue__isnull=False).order_by("pk").values_list("is_certain", flat=True)
        assert list(certain) == [True, False, False]

    def test_sent_twice_under_one_key_it_is_recorded_once(self, kitchen: Kitchen) -> None:
        key = uuid4()
        first, again = (issue(kitchen, idempotency=key) for _time in range(2))
        assert [one.pk for one in first] == [one.pk for one in again]
        before = counted()
        with pytest.raises(Refused):
            issue(kitchen, idempotency=key, lines=kitchen.wanted(大米=1, 鸡腿=7))
        assert counted() == before

    def test_what_has_not_come_in_yet_on_the_day_of_the_deed_is_not_given_out(self, kitchen: Kitchen) -> None:
        Lot.objects.filter(batch="B").update(received_on=TODAY + timedelta(days=1))
        with pytest.raises(Refused, match="5"):
            issue(kitchen, lines=kitchen.wanted(大米=6))

    def test_a_deed_kept_on_a_phone_is_of_its_own_day(self, kitchen: Kitchen) -> None:
        tomorrow = NOON + timedelta(days=1)
        by = replace(kitchen.world.viewer("an", now=tomorrow), captured_at=NOON)
        issue(kitchen, by=by)
        assert {one.issued_on for one in Issue.objects.all()} == {TODAY}


class TestSignatures:
    """Goods wait for a second person; children do not."""

    def test_goods_that_nobody_signed_for_are_refused_with_the_names_of_those_who_may(self, kitchen: Kitchen) -> None:
        Delivery.objects.filter(pk=unsign("C").pk).update(accepted_by=kitchen.world.an)
        before = counted()
        with pytest.raises(Refused, match=r"(?s)高校长、石师傅、林老师") as refusal:
            issue(kitchen)
        assert "安师傅" not in str(refusal.value.message)
        with pytest.raises(Refused, match="石师傅"):
            issue(kitchen, lines=[IssueLine(kitchen.goods["鸡腿"], 1_000, kitchen.lots["C"])])
        assert counted() == before

    def test_another_lot_is_taken_where_there_is_one(self, kitchen: Kitchen) -> None:
        unsign("A")
        issues = issue(kitchen)
        assert from_lots(issues[0].public_id) == {"B": 9.0}
        assert not Issue.objects.exclude(urgent_reason="").exists()

    def test_an_urgent_reason_lets_the_children_eat_and_stands_with_delivery_and_issue(self, kitchen: Kitchen) -> None:
        delivery = unsign("C")
        issue(kitchen, urgent_reason="只有我一人在校")
        assert dict(Issue.objects.values_list("product__name", "urgent_reason")) == {
            "大米": "",
            "鸡腿": "只有我一人在校",
        }
        told = AuditEntry.objects.get(event="canteen.used_before_signature")
        assert (told.subject_id, told.detail["reason"]) == (str(delivery.public_id), "只有我一人在校")
        assert Delivery.objects.get(pk=delivery.pk).awaits_signature

    def test_where_the_rule_is_off_nothing_waits(self, kitchen: Kitchen) -> None:
        unsign("C")
        set_policy(
            kitchen.world.province, by=kitchen.world.viewer("op"), code=SIGNATURE_FIRST, value=False, reason="试点"
        )
        assert len(issue(kitchen)) == 2

    def test_what_a_second_line_brought_signed_may_be_used(self, kitchen: Kitchen) -> None:
        unsign("C")
        lot = kitchen.lots["C"]
        signed = Delivery.objects.get(lines__lot__batch="A")
        signed.lines.create(org=lot.org, lot=lot, delivered_on=TODAY, quantity_grams=1, amount_fen=0)
        assert len(issue(kitchen)) == 2


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, kitchen: Kitchen) -> Iterator[None]:
        before = counted(), AuditEntry.objects.count()
        yield
        assert (counted(), AuditEntry.objects.count()) == before

    def test_every_short_line_is_told_at_once(self, kitchen: Kitchen) -> None:
        with pytest.raises(Refused, match=r"(?s)大米.*25.*土豆.*3"):
            issue(kitchen, lines=kitchen.wanted(大米=30, 鸡腿=7, 土豆=8))

    def test_two_lines_of_one_product_share_what_is_there(self, kitchen: Kitchen) -> None:
        with pytest.raises(Refused, match="5"):
            issue(kitchen, lines=kitchen.wanted(大米=20) + kitchen.wanted(大米=6))

    def test_frozen_and_expired_goods(self, kitchen: Kitchen) -> None:
        freeze(kitchen.world, kitchen.lots["A"])
        Lot.objects.filter(batch="B").update(expires_on=TODAY - timedelta(days=1))
        with pytest.raises(Refused, match=r"(?s)9.*0.*5.*ZH-1.*20"):
            issue(kitchen)
        with pytest.raises(Refused, match="2024-03-03"):
            issue(kitchen, lines=[IssueLine(kitchen.goods[RICE], 1_000, kitchen.lots["B"])])

    @pytest.mark.parametrize("kg", [0, -3])
    def test_a_weight_that_is_none(self, kitchen: Kitchen, kg: int) -> None:
        with pytest.raises(Refused):
            issue(kitchen, lines=kitchen.wanted(大米=9, 鸡腿=kg))

    @pytest.mark.parametrize("meal", [ForMeal(TODAY + timedelta(days=1), "lunch"), ForMeal(TODAY, "tea")])
    def test_a_meal_that_has_not_come_or_is_none(self, kitchen: Kitchen, meal: ForMeal) -> None:
        with pytest.raises(Refused):
            issue(kitchen, meal=meal)

    def test_nothing_to_issue(self, kitchen: Kitchen) -> None:
        with pytest.raises(Refused):
            issue(kitchen, lines=[])

    def test_an_office_cooks_nothing(self, kitchen: Kitchen) -> None:
        with pytest.raises(Refused):
            issue(kitchen, org=kitchen.world.town, by=kitchen.world.viewer("bo"))

    def test_whom_it_does_not_concern(self, kitchen: Kitchen, world: World) -> None:
        for name, error in (
            ("shi", PermissionDenied),
            ("eve", PermissionDenied),
            ("hu", NotVisible),
            ("chen", NotVisible),
        ):
            with pytest.raises(error):
                issue(kitchen, by=world.viewer(name))
        foreign = Product.objects.create(org=world.school_b, name="外校大米")
        with pytest.raises(NotVisible):
            issue(kitchen, lines=[IssueLine(foreign, 1_000)])
        Product.objects.filter(pk=foreign.pk).delete()


def test_whoever_taps_after_somebody_else_has_issued_takes_nothing_a_second_time(kitchen: Kitchen) -> None:
    seen = len(kitchen.plan().issued)
    issue(kitchen, seen=seen)
    before = counted()
    with pytest.raises(Refused):
        issue(kitchen, by=kitchen.world.viewer("gao"), seen=seen)
    assert counted() == before
    issue(kitchen, by=kitchen.world.viewer("gao"), seen=Issue.objects.count(), lines=kitchen.wanted(土豆=3))
    assert Meal.objects.get().issues.count() == 3
