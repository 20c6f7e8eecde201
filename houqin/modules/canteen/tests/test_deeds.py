"""Goods leave the store besides meals, and the store is counted: each with its number, reason and move, never too much."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.deeds import (
    Counted,
    count_store,
    countersign_entry,
    dispose_of_frozen,
    give_back_for_exchange,
    replacement_came,
    return_to_supplier,
    write_off,
)
from houqin.modules.canteen.models import (
    Delivery,
    EntryKind,
    Issue,
    Recall,
    RecallLot,
    StockEntry,
    StockMove,
    Stocktake,
)
from houqin.modules.canteen.tests.deeds_scene import REASON, Store, make_store, picture
from houqin.modules.canteen.tests.ledger import LATER, came, check_balances, counted, day, from_lots, went, write
from houqin.modules.canteen.tests.test_corrections import freeze
from tests.world import World


@pytest.fixture
def store(world: World) -> Store:
    return make_store(world)


class TestLeaving:
    def test_what_goes_back_to_the_supplier_leaves_its_lot(self, store: Store) -> None:
        entry = return_to_supplier(store.lot(), by=store.by("an"), grams=4_000, reason=f" {REASON} ")
        assert (entry.number, entry.kind, entry.grams, entry.reason) == ("TH-2024-0001", "returned", -4_000, REASON)
        assert (entry.day, entry.account, entry.must_sign) == (LATER.date(), store.world.an, False)
        move = StockMove.objects.get(entry=entry)
        assert (move.kind, move.grams, move.day) == ("entered", -4_000, entry.day)
        assert store.left() == 6_000
        assert AuditEntry.objects.filter(event="canteen.returned", org_path=store.world.school_a.path).count() == 1
        check_balances()

    def test_each_kind_counts_its_own_numbers_year_by_year(self, store: Store) -> None:
        made = [
            return_to_supplier(store.lot(), by=store.by("an"), grams=1, reason=REASON),
            give_back_for_exchange(store.lot(), by=store.by("an"), grams=1, reason=REASON),
            return_to_supplier(store.lot("B"), by=store.by("an"), grams=1, reason=REASON),
            return_to_supplier(store.lot(), by=store.by("an", LATER.replace(year=2025)), grams=1, reason=REASON),
        ]
        assert [row.number for row in made] == ["TH-2024-0001", "HH-2024-0001", "TH-2024-0002", "TH-2025-0001"]

    def test_a_write_off_keeps_its_photo_with_place_and_goods(self, store: Store) -> None:
        entry = write_off(store.lot(), by=store.by("an"), grams=500, reason=REASON, photo=picture())
        assert entry.photo is not None
        assert entry.photo.org == store.world.school_a
        assert store.left() == 9_500

    def test_where_no_photo_is_asked_for_none_is_needed(self, store: Store) -> None:
        with pytest.raises(Refused) as refused:
            write_off(store.lot(), by=store.by("an"), grams=500, reason=REASON)
        assert refused.value.field == "photo"
        store.rule("canteen.write_off_photo", False)
        assert write_off(store.lot(), by=store.by("an"), grams=500, reason=REASON).photo is None

    def test_the_same_key_is_recorded_once(self, store: Store) -> None:
        key = uuid4()
        first = return_to_supplier(store.lot(), by=store.by("an"), grams=4_000, reason=REASON, idempotency=key)
        again = return_to_supplier(store.lot(), by=store.by("an"), grams=4_000, reason=REASON, idempotency=key)
        assert first == again
        assert store.left() == 6_000
        with pytest.raises(Refused):
            return_to_supplier(store.lot(), by=store.by("an"), grams=1, reason=REASON, idempotency=key)

    def test_done_yesterday_without_network_it_stands_under_yesterday(self, store: Store) -> None:
        from dataclasses import replace

        by = replace(store.by("an"), captured_at=LATER - timedelta(days=1))
        entry = return_to_supplier(store.lot(), by=by, grams=1, reason=REASON)
        assert (entry.day, entry.at) == ((LATER - timedelta(days=1)).date(), LATER)


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, store: Store) -> Any:
        before = counted()
        yield
        assert counted() == before

    @pytest.mark.parametrize(
        ("grams", "reason"), [(0, REASON), (-1, REASON), (10_001, REASON), (5, " "), (5, "长" * 201)]
    )
    def test_impossible_entries(self, store: Store, grams: int, reason: str) -> None:
        with pytest.raises(Refused):
            return_to_supplier(store.lot(), by=store.by("an"), grams=grams, reason=reason)

    def test_a_lot_that_a_recall_holds(self, store: Store) -> None:
        freeze(store.world, store.lot())
        with pytest.raises(Refused, match="ZH-1"):
            return_to_supplier(store.lot(), by=store.by("an"), grams=1, reason=REASON)

    def test_another_school_and_who_only_reads(self, store: Store) -> None:
        with pytest.raises(NotVisible):
            return_to_supplier(store.lot(), by=store.by("hu"), grams=1, reason=REASON)
        with pytest.raises(PermissionDenied):
            return_to_supplier(store.lot(), by=store.by("eve"), grams=1, reason=REASON)

    def test_a_photo_that_is_none(self, store: Store) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        svg = SimpleUploadedFile("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/jpeg")
        with pytest.raises(Refused):
            write_off(store.lot(), by=store.by("an"), grams=1, reason=REASON, photo=svg)


class TestSecondPerson:
    def large(self, store: Store) -> StockEntry:
        return write_off(store.lot("B"), by=store.by("an"), grams=5_000, reason=REASON, photo=picture())

    def test_a_large_write_off_waits_for_another_ones_signature(self, store: Store) -> None:
        entry = self.large(store)
        assert list(StockEntry.objects.to_countersign()) == [entry]
        done = countersign_entry(entry, by=store.by("gao"))
        assert (done.signed_by, done.signed_at) == (store.world.gao, LATER)
        assert not StockEntry.objects.to_countersign().exists()

    def test_never_by_oneself_nor_twice_nor_where_it_is_small(self, store: Store) -> None:
        own = write_off(store.lot("B"), by=store.by("gao"), grams=5_000, reason=REASON, photo=picture())
        small = write_off(store.lot("B"), by=store.by("an"), grams=4_999, reason=REASON, photo=picture())
        signed = countersign_entry(self.large(store), by=store.by("gao"))
        for entry in (own, small, signed):
            with pytest.raises(Refused):
                countersign_entry(entry, by=store.by("gao"))
        with pytest.raises(PermissionDenied):
            countersign_entry(own, by=store.by("an"))
        with pytest.raises(NotVisible):
            countersign_entry(own, by=store.by("hu"))

    def test_a_unit_may_ask_for_it_earlier(self, store: Store) -> None:
        store.rule("canteen.return_countersign", 1_000)
        assert return_to_supplier(store.lot(), by=store.by("an"), grams=1_000, reason=REASON).must_sign


class TestExchange:
    def test_the_delivery_that_replaces_it_is_named(self, store: Store) -> None:
        entry = give_back_for_exchange(store.lot("P"), by=store.by("an"), grams=9_000, reason="有异味")
        assert list(StockEntry.objects.owed()) == [entry]
        write(
            store.world.town, store.by("bo"), came(store.world.school_a, 92, 9, product="猪肉", supplier="鲜肉行"),
            came(store.world.school_a, 92, 9),
        )  # fmt: skip
        other, right = (
            Delivery.objects.get(delivered_on=day(92), supplier__name="惠民粮油"),
            Delivery.objects.get(delivered_on=day(92), supplier__name="鲜肉行"),
        )
        before = Delivery.objects.get(delivered_on=day(3))
        for wrong in (other, before):
            with pytest.raises(Refused):
                replacement_came(entry, by=store.by("an"), delivery=wrong)
        done = replacement_came(entry, by=store.by("an"), delivery=right)
        assert (done.replacement, done.arrived_at) == (right, LATER)
        assert not StockEntry.objects.owed().exists()
        with pytest.raises(Refused):
            replacement_came(entry, by=store.by("an"), delivery=right)


class TestFrozen:
    def held(self, store: Store) -> Recall:
        recall = freeze(store.world, store.lot())
        RecallLot.objects.create(
            org=store.world.school_a, recall=recall, lot=store.lot(), tier="certain", received_grams=10_000, in_store_grams=10_000
        )  # fmt: skip
        Recall.objects.update(state=Recall.State.OPEN)
        return recall

    def test_evidence_stays_until_the_recall_has_ended(self, store: Store) -> None:
        self.held(store)
        with pytest.raises(Refused, match=r"ZH-1.*柳河镇"):
            dispose_of_frozen(store.lot(), by=store.by("an"), grams=10_000, reason="销毁", photo=picture())
        assert store.left() == 10_000

    def test_then_it_is_destroyed_or_returned_and_the_lot_stays_held(self, store: Store) -> None:
        self.held(store)
        Recall.objects.update(state=Recall.State.CLOSED)
        done = dispose_of_frozen(store.lot(), by=store.by("an"), grams=6_000, reason="销毁", photo=picture())
        back = dispose_of_frozen(store.lot(), by=store.by("an"), grams=4_000, reason="退回", returned=True)
        assert (done.kind, back.kind) == (EntryKind.WRITTEN_OFF, EntryKind.RETURNED)
        assert store.left() == 0
        assert store.lot().is_frozen
        check_balances()

    def test_goods_that_no_recall_holds_are_written_off(self, store: Store) -> None:
        with pytest.raises(Refused):
            dispose_of_frozen(store.lot(), by=store.by("an"), grams=1, reason="销毁", photo=picture())


class TestCounting:
    def count(self, store: Store, by: str = "an", **found: int) -> Stocktake:
        lines = [Counted(store.lot(batch), grams, "晾干" if abs(grams) else "") for batch, grams in found.items()]
        return count_store(store.world.school_a, by=store.by(by), lines=lines)

    def test_what_agrees_is_a_line_and_what_differs_an_entry_too(self, store: Store) -> None:
        take = self.count(store, A=10_000, B=19_000, P=30_200)
        assert (take.number, take.lines.count()) == ("PD-2024-0001", 3)
        assert [(row.number, row.lot.batch, row.grams) for row in take.entries.order_by("pk")] == [
            ("PC-2024-0001", "B", -1_000), ("PC-2024-0002", "P", 200),
        ]  # fmt: skip
        assert (store.left("A"), store.left("B"), store.left("P")) == (10_000, 19_000, 30_200)
        check_balances()

    def test_a_large_difference_says_why_and_waits_for_a_second_person(self, store: Store) -> None:
        with pytest.raises(Refused, match=r"20.*9"):
            count_store(store.world.school_a, by=store.by("an"), lines=[Counted(store.lot("B"), 9_000)])
        assert self.count(store, B=9_000).entries.get().must_sign
        assert not Stocktake.objects.exclude(lines__found_grams=9_000).exists()

    def test_a_lot_that_moved_meanwhile_is_counted_again(self, store: Store) -> None:
        seen = Counted(store.lot(), 10_000, booked_grams=10_000)
        return_to_supplier(store.lot(), by=store.by("an"), grams=3_000, reason=REASON)
        before = counted()
        with pytest.raises(Refused, match="7"):
            count_store(store.world.school_a, by=store.by("an"), lines=[seen])
        assert counted() == before

    def test_what_a_recall_holds_keeps_its_weight(self, store: Store) -> None:
        freeze(store.world, store.lot())
        with pytest.raises(Refused, match="ZH-1"):
            self.count(store, A=9_900)
        assert self.count(store, A=10_000).lines.count() == 1

    def test_nothing_foreign_and_nothing_twice(self, store: Store) -> None:
        lot = store.lot()
        for lines in ([], [Counted(lot, -1)]):
            with pytest.raises(Refused):
                count_store(store.world.school_a, by=store.by("an"), lines=lines)
        with pytest.raises(NotVisible):
            count_store(store.world.school_a, by=store.by("an"), lines=[Counted(lot, 1), Counted(lot, 2)])
        with pytest.raises(NotVisible):
            count_store(store.world.school_b, by=store.by("hu"), lines=[Counted(lot, 1)])
        assert not Stocktake.objects.exists()

    def test_the_same_key_is_one_stock_take(self, store: Store) -> None:
        key, lines = uuid4(), [Counted(store.lot(), 9_900)]
        first = count_store(store.world.school_a, by=store.by("an"), lines=lines, idempotency=key)
        assert count_store(store.world.school_a, by=store.by("an"), lines=lines, idempotency=key) == first
        assert store.left() == 9_900


class TestPaperAfterwards:
    def test_a_ledger_imported_later_finds_the_goods_gone(self, store: Store) -> None:
        return_to_supplier(store.lot(), by=store.by("an"), grams=8_000, reason=REASON)
        taken = went(store.world.school_a, 91, 5)
        done = write(store.world.town, store.by("bo"), taken)
        assert from_lots(done.issues[taken.row]) == {"A": 2.0, "B": 3.0}
        before = counted()
        with pytest.raises(Refused, match="18"):
            write(store.world.town, store.by("bo"), went(store.world.school_a, 91, 18))
        assert counted() == before
        check_balances()

    def test_what_counting_found_may_be_issued(self, store: Store) -> None:
        lines = [Counted(store.lot("A"), 0, "账错"), Counted(store.lot("B"), 31_000, "账错")]
        count_store(store.world.school_a, by=store.by("an"), lines=lines)
        taken = went(store.world.school_a, 91, 31)
        done = write(store.world.town, store.by("bo"), taken)
        assert from_lots(done.issues[taken.row]) == {"B": 31.0}
        assert Issue.objects.get().quantity_grams == 31_000
        check_balances()

    def test_a_delivery_corrected_below_what_went_back_is_refused(self, store: Store) -> None:
        line = came(store.world.school_a, 20, 40, batch="L")
        ref = write(store.world.town, store.by("bo"), line).lines[line.row]
        return_to_supplier(store.lot("L"), by=store.by("an"), grams=35_000, reason=REASON)
        before = counted()
        with pytest.raises(Refused):
            write(store.world.town, store.by("bo"), came(store.world.school_a, 20, 30, batch="L"), lines_back=[ref])
        assert counted() == before
