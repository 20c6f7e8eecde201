"""Goods go to another school: under way until they are weighed there, and traced and recalled wherever they went."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.notices.models import Notice
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.deeds import receive_from_school, return_to_supplier, send_to_school, take_back
from houqin.modules.canteen.actions.live import ForMeal, issue_to_meal
from houqin.modules.canteen.actions.recalls import launch_recall, propose_recall
from houqin.modules.canteen.models import EntryKind, Lot, Meal, Product, RecallAnswer, RecallLot, StockEntry, Tier
from houqin.modules.canteen.queries.previews import recall_preview
from houqin.modules.canteen.queries.trace import trace_goods, trace_lot
from houqin.modules.canteen.queries.whereto import gone, gone_sentence
from houqin.modules.canteen.tests.deeds_scene import Store, make_store
from houqin.modules.canteen.tests.ledger import LATER, came, check_balances, counted, day, from_lots, went, write
from tests.world import World


@pytest.fixture
def store(world: World) -> Store:
    return make_store(world)


def send(store: Store, batch: str = "A", grams: int = 6_000, **more: Any) -> StockEntry:
    return send_to_school(
        store.lot(batch), by=store.by("an"), to=store.world.school_b, grams=grams, reason="支援", **more
    )


def receive(store: Store, sent: StockEntry, grams: int = 6_000, **more: Any) -> StockEntry:
    return receive_from_school(sent, by=store.by("hu"), grams=grams, **more)


class TestSending:
    def test_it_is_under_way_and_in_nobodys_store(self, store: Store) -> None:
        sent = send(store)
        assert (sent.number, sent.grams, sent.other_org) == ("DC-2024-0001", -6_000, store.world.school_b)
        assert list(StockEntry.objects.under_way()) == [sent]
        assert store.left() == 4_000
        assert not Lot.objects.filter(org=store.world.school_b).exists()
        check_balances()

    def test_only_to_a_school_of_the_district(self, store: Store) -> None:
        before = counted()
        for elsewhere in (store.world.school_c, store.world.town, store.world.school_a):
            with pytest.raises(NotVisible):
                send_to_school(store.lot(), by=store.by("an"), to=elsewhere, grams=1, reason="支援")
        assert counted() == before

    def test_taken_back_it_lies_where_it_lay(self, store: Store) -> None:
        sent = send(store)
        with pytest.raises(NotVisible):
            take_back(sent, by=store.by("hu"), reason="车坏")
        take_back(sent, by=store.by("an"), reason="车坏")
        assert store.left() == 10_000
        with pytest.raises(Refused):
            take_back(sent, by=store.by("an"), reason="车坏")
        with pytest.raises(Refused, match="柳河中心小学"):
            receive(store, sent)
        assert store.left() == 10_000
        check_balances()


class TestReceiving:
    def test_the_lot_there_keeps_its_marks(self, store: Store) -> None:
        Lot.objects.filter(batch="A").update(expires_on=day(200))
        came_in = receive(store, send(store))
        lot = store.lot(school=store.world.school_b)
        assert (lot.supplier, lot.product, lot.produced_on, lot.batch, lot.expires_on) == (
            store.lot().supplier, store.lot().product, day(0), "A", day(200),
        )  # fmt: skip
        assert (lot.received_on, lot.on_hand_grams) == (LATER.date(), 6_000)
        assert (came_in.number, came_in.kind, came_in.grams) == ("DR-2024-0001", EntryKind.RECEIVED, 6_000)
        assert not StockEntry.objects.under_way().exists()
        check_balances()

    def test_names_that_only_the_sender_knows_are_recorded_there(self, store: Store) -> None:
        write(
            store.world.school_a,
            store.by("an"),
            came(store.world.school_a, 4, 8, batch="O", product="山药", supplier="老王"),
        )
        receive(store, send(store, "O"))
        lot = store.lot("O", store.world.school_b)
        assert (lot.product.name, lot.product.org, lot.supplier.name) == ("山药", store.world.school_b, "老王")
        assert Product.objects.filter(name="山药").count() == Party.objects.filter(name="老王").count() == 2

    def test_a_difference_says_why_and_the_sender_is_told(self, store: Store) -> None:
        sent = send(store)
        with pytest.raises(Refused) as refused:
            receive(store, sent, 5_000)
        assert refused.value.field == "reason"
        receive(store, sent, 5_000, reason="袋子漏了")
        notice = Notice.objects.get(account=store.world.an)
        assert "5" in notice.title
        assert notice.body == "袋子漏了"

    def test_what_arrived_is_received_once_and_only_there(self, store: Store) -> None:
        sent = send(store)
        with pytest.raises(NotVisible):
            receive_from_school(sent, by=store.by("an"), grams=6_000)
        with pytest.raises(NotVisible):
            receive_from_school(sent, by=store.by("chen"), grams=6_000)
        with pytest.raises(PermissionDenied):
            receive_from_school(sent, by=store.by("eve"), grams=6_000)
        receive(store, sent)
        for grams in (6_000, 0):
            with pytest.raises(Refused):
                receive(store, sent, grams)
        assert store.left(school=store.world.school_b) == 6_000
        with pytest.raises(Refused, match="柳河初级中学"):
            take_back(sent, by=store.by("an"), reason="车坏")

    def test_a_ledger_of_that_school_may_take_from_it(self, store: Store) -> None:
        receive(store, send(store))
        taken = went(store.world.school_b, 92, 4)
        done = write(store.world.town, store.by("bo", LATER.replace(day=30)), taken)
        assert from_lots(done.issues[taken.row]) == {"A": 4.0}
        with pytest.raises(Refused):
            write(store.world.town, store.by("bo", LATER.replace(day=30)), went(store.world.school_b, 90, 1))
        check_balances()


class TestTrace:
    def cook(self, store: Store) -> Meal:
        lot = store.lot(school=store.world.school_b)
        meal = ForMeal(LATER.date(), "lunch")
        issue = issue_to_meal(
            store.world.school_b, by=store.by("hu"), meal=meal, product=lot.product, grams=2_000, lot=lot
        )
        return issue.meal

    def trace(self, store: Store, by: str = "bo") -> Any:
        lot = Lot.objects.filter(batch="A").order_by("pk")[0]
        return trace_goods(store.by(by), supplier=lot.supplier, product=lot.product, produced_on=day(0))

    def test_goods_sent_on_are_followed_into_the_meals_there_and_count_once(self, store: Store) -> None:
        receive(store, send(store), 5_900)
        meal = self.cook(store)
        found = self.trace(store)
        assert {row.school for row in found.lots} == {store.world.school_a, store.world.school_b}
        assert [row.meal for row in found.meals] == [meal]
        assert (found.received_grams, found.left_grams) == (10_000, 4_000 + 3_900)
        assert [(row.code, row.grams) for row in gone(found)] == [("lost", 100)]

    def test_what_left_the_stores_uneaten_is_told(self, store: Store) -> None:
        return_to_supplier(store.lot(), by=store.by("an"), grams=1_000, reason="退")
        send(store, grams=3_000)
        found = self.trace(store)
        assert {row.code: row.grams for row in gone(found)} == {"returned": 1_000, "under_way": 3_000}
        assert "1" in gone_sentence(found)
        lot = store.lot()
        told = recall_preview(
            store.world.town, supplier=lot.supplier, product=lot.product, produced_on=day(0), by=store.by("bo")
        )
        assert [(row["how"], row["kg"]) for row in told["gone"]] == [("returned", 1.0), ("under_way", 3.0)]

    def test_beyond_the_reach_it_is_only_said_that_it_went(self, store: Store) -> None:
        receive(store, send(store))
        keeper = self.trace(store, "an")
        assert [row.school for row in keeper.lots] == [store.world.school_a]
        assert [(row.code, row.grams) for row in gone(keeper)] == [("sent", 6_000)]
        there = self.trace(store, "hu")
        assert [(row.school, row.received_grams) for row in there.lots] == [(store.world.school_b, 6_000)]
        assert there.received_grams == 6_000

    def test_produce_without_a_label_is_known_by_its_first_arrival(self, store: Store) -> None:
        a, b = store.world.school_a, store.world.school_b
        greens = {"product": "菠菜", "supplier": "绿源"}
        write(store.world.town, store.by("bo"), came(a, 90, 8, **greens), came(b, 90, 5, **greens))
        lot = Lot.objects.select_related("org", "product", "supplier").get(org=a, product__name="菠菜")
        sent = send_to_school(lot, by=store.by("an"), to=b, grams=2_000, reason="支援")
        arrived = receive_from_school(sent, by=store.by("hu"), grams=2_000).lot
        for start in (lot, arrived):
            found = trace_lot(store.by("bo"), start)
            tiers = {(row.school, row.lot.received_on): row.tier for row in found.lots}
            assert tiers[a, day(90)] == tiers[b, LATER.date()] == Tier.CERTAIN
            assert (b, day(90)) in tiers

    def test_there_and_back_again_ends(self, store: Store) -> None:
        receive(store, send(store))
        back = send_to_school(
            store.lot(school=store.world.school_b), by=store.by("hu"), to=store.world.school_a, grams=6_000, reason="还"
        )
        receive_from_school(back, by=store.by("an"), grams=6_000)
        found = self.trace(store)
        assert (len(found.lots), found.received_grams, found.left_grams) == (3, 10_000, 10_000)
        check_balances()


class TestRecall:
    def launch(self, store: Store) -> Any:
        lot = store.lot()
        recall = propose_recall(
            store.world.town,
            by=store.by("bo"),
            supplier=lot.supplier,
            product=lot.product,
            reason="抽检",
            produced_on=day(0),
        )
        return launch_recall(recall, by=store.by("bai"))

    def test_lots_in_both_schools_are_frozen_and_what_is_gone_is_told(self, store: Store) -> None:
        receive(store, send(store))
        return_to_supplier(store.lot(), by=store.by("an"), grams=1_000, reason="退")
        recall = self.launch(store)
        rows = {row.org: (row.received_grams, row.in_store_grams, row.gone_grams) for row in recall.lots.all()}
        assert rows == {store.world.school_a: (10_000, 3_000, 7_000), store.world.school_b: (6_000, 6_000, 0)}
        assert store.lot(school=store.world.school_b).is_frozen

    def test_what_was_under_way_is_held_where_it_arrives_and_the_school_is_told(self, store: Store) -> None:
        sent = send(store)
        recall = self.launch(store)
        assert not RecallAnswer.objects.filter(org=store.world.school_b).exists()
        receive(store, sent)
        assert store.lot(school=store.world.school_b).frozen_by == recall
        assert RecallLot.objects.get(org=store.world.school_b).in_store_grams == 6_000
        assert RecallAnswer.objects.get(org=store.world.school_b).notified_at
        with pytest.raises(Refused, match=recall.number):
            self.use(store)

    def use(self, store: Store) -> None:
        lot = store.lot(school=store.world.school_b)
        issue_to_meal(
            store.world.school_b, by=store.by("hu"), meal=ForMeal(LATER.date(), "lunch"), product=lot.product, grams=1, lot=lot
        )  # fmt: skip
