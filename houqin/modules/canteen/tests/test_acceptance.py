"""A delivery comes in at the door: what is taken in, what is asked about, what is turned away."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.credentials.models import Credential
from houqin.modules.canteen.actions.acceptance import Arrived, Away, DeliveryRefused, accept_delivery
from houqin.modules.canteen.actions.certificates import Shown, meet_condition
from houqin.modules.canteen.models import (
    Delivery,
    DeliveryLine,
    Lot,
    Origin,
    Product,
    StockMove,
    TurnedAway,
)
from houqin.modules.canteen.tests.door import Door, make_door
from houqin.modules.canteen.tests.ledger import check_balances, counted
from tests.world import TODAY, World


@pytest.fixture
def door(world: World) -> Door:
    return make_door(world)


class TestTakenIn:
    def test_a_delivery_brings_lots_lines_and_moves(self, door: Door) -> None:
        made = door.accept(
            door.line("鲜猪肉", 36_500, written="36.5kg", tenths=40, keeping="chilled"),
            door.line("大米", 100_000, written="4袋×25kg", produced_on=date(2024, 2, 20), expires_on=date(2025, 2, 19), batch="B7",
                      unit_price=52_000, amount_fen=52_000),
        )  # fmt: skip
        assert (made.number, made.origin, made.delivered_on) == ("SH-20240304-0001", Origin.LIVE, TODAY)
        assert (made.accepted_by, made.signed_by, made.awaits_signature) == (door.world.an, None, True)
        pork, rice = made.lines.order_by("pk")
        assert (pork.quantity_grams, pork.tenths, pork.senses, pork.warnings) == (36_500, 40, "", [])
        assert (rice.written_quantity, rice.amount_fen) == ("4袋×25kg", 52_000)
        assert (rice.lot.batch, rice.lot.expires_on, rice.lot.on_hand_grams) == ("B7", date(2025, 2, 19), 100_000)
        assert (pork.lot.produced_on, pork.lot.received_on) == (None, TODAY)
        assert StockMove.objects.filter(kind="received").count() == 2
        check_balances()

    def test_what_comes_again_today_joins_its_lot_under_the_next_number(self, door: Door) -> None:
        door.accept(door.line("白菜", 10_000))
        again = door.accept(door.line("白菜", 8_000))
        assert again.number == "SH-20240304-0002"
        assert Lot.objects.get(product__name="白菜").on_hand_grams == 18_000
        check_balances()

    def test_other_names_stand_for_the_one_in_use(self, door: Door) -> None:
        other = Product.objects.create(
            org=door.world.town, name="黄牙白", merged_into=door.goods["白菜"], root=door.goods["白菜"]
        )
        door.accept(door.line(other, 5_000))
        assert Lot.objects.get().product == door.goods["白菜"]

    def test_sent_twice_with_one_key_it_is_recorded_once(self, door: Door) -> None:
        key = uuid4()
        first = door.accept(door.line("白菜", 10_000), idempotency=key)
        assert door.accept(door.line("白菜", 10_000), idempotency=key) == first
        assert Delivery.objects.count() == 1
        with pytest.raises(Refused, match="内容不同"):
            accept_delivery(
                door.org,
                by=door.world.viewer("gao"),
                supplier=door.supplier,
                lines=[door.line("白菜", 10_000)],
                idempotency=key,
            )

    def test_part_is_taken_in_and_the_rest_turned_away(self, door: Door) -> None:
        made = door.accept(
            door.line("白菜", 30_000),
            turned_away=[Away(product=door.goods["白菜"], grams=5_000, why="senses", words="外叶腐烂")],
        )
        gone = TurnedAway.objects.get()
        assert (gone.delivery, gone.quantity_grams, gone.why, gone.outcome) == (made, 5_000, "senses", "returned")
        assert Lot.objects.get().on_hand_grams == 30_000

    def test_a_whole_delivery_turned_away_leaves_no_stock(self, door: Door) -> None:
        made = door.accept(turned_away=[Away(product=door.goods["大米"], grams=50_000, why="expired")])
        assert (made.lines.count(), made.turned_away.count(), Lot.objects.count()) == (0, 1, 0)

    def test_warm_meat_comes_in_with_a_warning(self, door: Door) -> None:
        door.accept(door.line("鲜猪肉", 30_000, tenths=125, keeping="chilled"))
        [warning] = DeliveryLine.objects.get().warnings
        assert (warning["code"], warning["params"]) == ("too-warm", {"measured": "12.5", "most": "11"})


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, door: Door) -> Any:
        before = counted()
        yield
        assert counted() == before

    def refused(self, door: Door, *lines: Arrived, **more: Any) -> list[tuple[int, str]]:
        with pytest.raises(DeliveryRefused) as refusal:
            door.accept(*lines, **more)
        return [(problem.place, problem.field) for problem in refusal.value.problems]

    def test_packed_goods_without_a_date_and_goods_past_theirs(self, door: Door) -> None:
        wrong = self.refused(
            door,
            door.line("大米", 25_000),
            door.line("白菜", 10_000),
            door.line("大米", 25_000, produced_on=date(2023, 1, 1), expires_on=date(2024, 3, 3)),
            door.line("大米", 25_000, produced_on=date(2024, 3, 5)),
        )
        assert wrong == [(0, "produced_on"), (2, "expires_on"), (3, "produced_on")]

    def test_nothing_and_less_than_nothing(self, door: Door) -> None:
        assert self.refused(door, door.line("白菜", 0)) == [(0, "grams")]
        assert self.refused(door, door.line("白菜", -5)) == [(0, "grams")]
        with pytest.raises(Refused):
            door.accept()

    def test_destroyed_goods_need_a_photo_and_other_reasons_words(self, door: Door) -> None:
        cabbage = door.goods["白菜"]
        gone = [
            Away(product=cabbage, grams=1_000, why="senses", outcome="destroyed"),
            Away(product=cabbage, grams=0, why="other"),
        ]
        assert self.refused(door, turned_away=gone) == [(0, "photo"), (1, "grams"), (1, "words")]

    def test_names_of_another_school(self, door: Door) -> None:
        foreign = Party.objects.create(org=door.world.school_c, name="外县商行", subject=door.subject())
        with pytest.raises(NotVisible):
            accept_delivery(door.org, by=door.an, supplier=foreign, lines=[door.line("白菜", 1_000)])
        product = Product.objects.create(org=door.world.school_c, name="外县萝卜")
        try:
            with pytest.raises(NotVisible):
                door.accept(door.line(product, 1_000))
        finally:
            product.delete()

    @pytest.mark.parametrize(("person", "error"), [("shi", PermissionDenied), ("hu", NotVisible), ("chen", NotVisible)])
    def test_who_may_not(self, door: Door, person: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            accept_delivery(
                door.org, by=door.world.viewer(person), supplier=door.supplier, lines=[door.line("白菜", 1_000)]
            )

    def test_an_office_is_no_door(self, door: Door) -> None:
        with pytest.raises(Refused):
            accept_delivery(
                door.world.town, by=door.world.viewer("bo"), supplier=door.supplier, lines=[door.line("白菜", 1_000)]
            )


class TestUnusualWeights:
    def test_ten_times_the_usual_is_asked_about_and_taken_when_sure(self, door: Door) -> None:
        for _day in range(3):
            door.accept(door.line("白菜", 20_000))
        before = counted()
        for wrong in (200_000, 2_000):
            with pytest.raises(DeliveryRefused) as refusal:
                door.accept(door.line("白菜", wrong))
            assert [problem.field for problem in refusal.value.problems] == ["sure"]
            assert "20" in str(refusal.value.message)
        assert counted() == before
        door.accept(door.line("白菜", 200_000, sure=True))
        assert DeliveryLine.objects.latest("pk").warnings[0]["code"] == "unusual-weight"

    def test_the_first_of_its_kind_is_not_asked_about(self, door: Door) -> None:
        assert door.accept(door.line("白菜", 900_000)).lines.get().warnings == []


def after(viewer: Viewer, days: int) -> Viewer:
    from dataclasses import replace

    return replace(viewer, now=viewer.now + timedelta(days=days))


class TestCertificates:
    @pytest.fixture(autouse=True)
    def _loaded(self, world: World) -> None:
        load_catalogues(by=world.system)

    def test_what_is_missing_makes_the_acceptance_conditional(self, door: Door) -> None:
        made = door.accept(door.line("鲜猪肉", 30_000))
        line = made.lines.get()
        assert line.condition == "动物检疫合格证明、肉品品质检验合格证"
        assert line.condition_due_on == TODAY + timedelta(days=3)

    def test_one_number_serves_all_meat_of_a_delivery(self, door: Door) -> None:
        shown = [Shown(kinds=["quarantine-certificate", "meat-quality-certificate"], number="4206001")]
        made = door.accept(
            door.line("鲜猪肉", 30_000), door.line("鸡腿", 20_000), door.line("白菜", 9_000), certificates=shown
        )
        pork, chicken, cabbage = made.lines.order_by("pk")
        assert (pork.condition, chicken.condition, cabbage.condition) == ("", "", "承诺达标合格证")
        assert (pork.certificate_number, chicken.certificate_number, cabbage.certificate_number) == (
            "4206001",
            "4206001",
            "",
        )
        assert sorted(pork.certificates.values_list("kind", flat=True)) == [
            "meat-quality-certificate",
            "quarantine-certificate",
        ]

    def test_what_is_valid_is_carried_over_until_it_is_not(self, door: Door) -> None:
        record_credential(
            door.supplier.subject,
            by=door.an,
            org=door.org,
            kind="sc-licence",
            number="SC10137030300016",
            expires_on=TODAY + timedelta(days=5),
        )
        rice = {"produced_on": date(2024, 2, 20), "expires_on": date(2025, 2, 19), "batch": "B7"}
        report = [Shown(kinds=["batch-test-report"], number="R1")]
        first = door.accept(door.line("大米", 25_000, **rice), certificates=report)
        assert first.lines.get().condition == ""
        same_batch = door.accept(door.line("大米", 25_000, **rice), by=after(door.an, 5))
        assert same_batch.lines.get().condition == ""
        assert same_batch.lines.get().certificates.count() == 2
        other_batch = door.accept(door.line("大米", 25_000, **(rice | {"batch": "B8"})), by=after(door.an, 5))
        assert other_batch.lines.get().condition == "批次检验报告"
        too_late = door.accept(door.line("大米", 25_000, **rice), by=after(door.an, 6))
        assert too_late.lines.get().condition == "食品生产许可证（SC）"

    def test_a_condition_is_met_once_with_the_paper(self, door: Door) -> None:
        line = door.accept(door.line("鲜猪肉", 30_000)).lines.get()
        with pytest.raises(Refused):
            meet_condition(line, by=door.an)
        met = meet_condition(line, by=door.an, number="4206001")
        assert met.condition_met_at == door.an.now
        assert met.certificate_number == "4206001"
        assert set(Credential.objects.values_list("kind", flat=True)) == {
            "quarantine-certificate", "meat-quality-certificate"
        }  # fmt: skip
        with pytest.raises(Refused):
            meet_condition(line, by=door.an, number="4206002")

    @pytest.mark.parametrize(
        "wrong",
        [{"number": ""}, {"kinds": ["no-such-paper"]}, {"valid_until": TODAY - timedelta(days=1)}, {"valid_until": date(2099, 1, 1)}],
    )  # fmt: skip
    def test_papers_that_say_nothing_are_not_kept(self, door: Door, wrong: dict[str, Any]) -> None:
        values = {"kinds": ["sc-licence"], "number": "SC10137030300016"} | wrong
        with pytest.raises(Refused):
            door.accept(door.line("白菜", 9_000), certificates=[Shown(**values)])
        assert not Delivery.objects.exists()
        assert not Credential.objects.exists()
