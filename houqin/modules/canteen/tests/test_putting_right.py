"""录入更正: one's own fresh slip at once, anything else by a second person; nothing is edited, nothing counts twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.modules.canteen.actions.corrections import (
    correct_entry,
    correct_issue,
    correct_line,
    decide_correction,
)
from houqin.modules.canteen.actions.deeds import (
    Counted,
    count_store,
    receive_from_school,
    return_to_supplier,
    send_to_school,
)
from houqin.modules.canteen.actions.live import ForMeal, issue_to_meal
from houqin.modules.canteen.models import Correction, Delivery, DeliveryLine, Issue, Origin, StockEntry
from houqin.modules.canteen.tests.deeds_scene import REASON, Store, make_store
from houqin.modules.canteen.tests.ledger import LATER, check_balances, counted, day, from_lots, went, write
from houqin.modules.canteen.tests.test_corrections import freeze
from tests.world import World

LATE = LATER + timedelta(minutes=16)


@pytest.fixture
def store(world: World) -> Store:
    """All deliveries were made live just now, by An."""
    made = make_store(world)
    made.rule("canteen.signature_first", False)
    Delivery.objects.update(origin=Origin.LIVE, accepted_by=world.an, recorded_at=LATER)
    return made


def line_of(store: Store, batch: str = "A") -> DeliveryLine:
    return DeliveryLine.objects.standing().get(lot=store.lot(batch))


def issued(store: Store, kg: float, **more: Any) -> Issue:
    meal = ForMeal(date(2024, 6, 1), "lunch")
    return issue_to_meal(
        store.world.school_a, by=store.by("an"), meal=meal, product=store.lot().product, grams=round(kg * 1000), **more
    )


class TestLine:
    def test_a_slip_of_minutes_ago_is_put_right_at_once(self, store: Store) -> None:
        wrong = line_of(store)
        DeliveryLine.objects.filter(pk=wrong.pk).update(amount_fen=5_000)
        right = correct_line(wrong, by=store.by("an"), right_grams=12_500)
        assert isinstance(right, DeliveryLine)
        assert (right.quantity_grams, right.amount_fen, right.written_quantity, right.lot) == (
            12_500, 6_250, "12.5kg", store.lot(),
        )  # fmt: skip
        wrong.refresh_from_db()
        assert (wrong.quantity_grams, wrong.reversed_at) == (10_000, LATER)
        assert store.left() == 12_500
        assert AuditEntry.objects.get(event="canteen.corrected").detail["before"] == 10_000
        assert not Correction.objects.exists()
        check_balances()

    def test_nothing_came_after_all(self, store: Store) -> None:
        correct_line(line_of(store), by=store.by("an"), right_grams=0)
        assert store.left() == 0
        assert not DeliveryLine.objects.standing().filter(lot=store.lot()).exists()
        check_balances()

    @pytest.mark.parametrize(("name", "now"), [("gao", LATER), ("an", LATE)])
    def test_later_or_by_another_it_waits_with_a_reason(self, store: Store, name: str, now: Any) -> None:
        with pytest.raises(Refused) as refused:
            correct_line(line_of(store), by=store.by(name, now), right_grams=12_000)
        assert refused.value.field == "reason"
        asked = correct_line(line_of(store), by=store.by(name, now), right_grams=12_000, reason="看错秤")
        assert isinstance(asked, Correction)
        assert store.left() == 10_000
        with pytest.raises(Refused, match="12"):
            correct_line(line_of(store), by=store.by("an"), right_grams=11_000, reason="看错秤")

    def test_what_a_second_person_signed_for_waits_for_one(self, store: Store) -> None:
        Delivery.objects.update(signed_by=store.world.gao, signed_at=LATER)
        assert isinstance(correct_line(line_of(store), by=store.by("an"), right_grams=1, reason="看错秤"), Correction)

    def test_paper_is_put_right_on_paper(self, store: Store) -> None:
        Delivery.objects.update(origin=Origin.PAPER)
        with pytest.raises(Refused):
            correct_line(line_of(store), by=store.by("an"), right_grams=12_000)


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, store: Store) -> Any:
        issued(store, 8, lot=store.lot())
        before = counted() | {"Correction": Correction.objects.count()}
        yield
        assert counted() | {"Correction": Correction.objects.count()} == before

    def test_goods_that_have_gone_further(self, store: Store) -> None:
        with pytest.raises(Refused, match=r"7.*2"):
            correct_line(line_of(store), by=store.by("an"), right_grams=7_000)

    def test_what_a_recall_holds(self, store: Store) -> None:
        freeze(store.world, store.lot())
        with pytest.raises(Refused, match="ZH-1"):
            correct_line(line_of(store), by=store.by("an"), right_grams=9_000)
        with pytest.raises(Refused, match="ZH-1"):
            correct_issue(Issue.objects.get(), by=store.by("an"), right_grams=1)

    def test_the_same_or_less_than_nothing(self, store: Store) -> None:
        for grams in (10_000, -1):
            with pytest.raises(Refused):
                correct_line(line_of(store), by=store.by("an"), right_grams=grams)

    def test_strangers_and_who_only_reads(self, store: Store) -> None:
        with pytest.raises(NotVisible):
            correct_line(line_of(store), by=store.by("hu"), right_grams=9_000)
        with pytest.raises(PermissionDenied):
            correct_line(line_of(store), by=store.by("shi"), right_grams=9_000)

    def test_more_than_is_there(self, store: Store) -> None:
        with pytest.raises(Refused, match="10"):
            correct_issue(Issue.objects.get(), by=store.by("an"), right_grams=10_001)


class TestDeciding:
    def asked(self, store: Store) -> Correction:
        found = correct_line(line_of(store), by=store.by("an", LATE), right_grams=9_000, reason="看错秤")
        assert isinstance(found, Correction)
        return found

    def test_agreed_it_is_put_right(self, store: Store) -> None:
        done = decide_correction(self.asked(store), by=store.by("shi", LATE), agreed=True)
        assert (done.state, done.decided_by, done.decided_at) == (Correction.State.MADE, store.world.shi, LATE)
        assert store.left() == 9_000
        check_balances()

    def test_declined_with_words_nothing_changes(self, store: Store) -> None:
        asked = self.asked(store)
        with pytest.raises(Refused):
            decide_correction(asked, by=store.by("gao"), agreed=False)
        done = decide_correction(asked, by=store.by("gao"), agreed=False, answer="磅单写的是 10 公斤")
        assert (done.state, store.left()) == (Correction.State.DECLINED, 10_000)

    def test_never_by_oneself_nor_twice_nor_from_elsewhere(self, store: Store) -> None:
        asked = self.asked(store)
        with pytest.raises(Refused):
            decide_correction(asked, by=store.by("an"), agreed=True)
        with pytest.raises(NotVisible):
            decide_correction(asked, by=store.by("hu"), agreed=True)
        with pytest.raises(PermissionDenied):
            decide_correction(asked, by=store.by("bo"), agreed=True)
        decide_correction(asked, by=store.by("gao"), agreed=True)
        with pytest.raises(Refused):
            decide_correction(asked, by=store.by("gao"), agreed=True)
        assert store.left() == 9_000

    def test_what_has_gone_further_meanwhile_cannot_be_agreed_to(self, store: Store) -> None:
        asked = self.asked(store)
        issued(store, 9.5, lot=store.lot())
        with pytest.raises(Refused, match=r"0.5"):
            decide_correction(asked, by=store.by("gao"), agreed=True)
        assert Correction.objects.get().state == Correction.State.ASKED


class TestIssue:
    def test_less_gives_back_to_where_it_came_from(self, store: Store) -> None:
        right = correct_issue(issued(store, 15), by=store.by("an"), right_grams=11_000)
        assert isinstance(right, Issue)
        assert from_lots(right.public_id) == {"A": 10.0, "B": 1.0}
        assert (store.left("A"), store.left("B")) == (0, 19_000)
        check_balances()

    def test_more_takes_from_the_same_lots_then_the_oldest(self, store: Store) -> None:
        right = correct_issue(issued(store, 4), by=store.by("an"), right_grams=15_000)
        assert from_lots(right.public_id) == {"A": 10.0, "B": 5.0}
        check_balances()

    def test_a_named_lot_stays_the_only_one(self, store: Store) -> None:
        issue = issued(store, 4, lot=store.lot("B"))
        right = correct_issue(issue, by=store.by("an"), right_grams=20_000)
        assert from_lots(right.public_id) == {"B": 20.0}
        assert right.moves.get().is_certain
        with pytest.raises(Refused):
            correct_issue(right, by=store.by("an"), right_grams=20_001)
        check_balances()

    def test_it_never_happened(self, store: Store) -> None:
        issue = issued(store, 15)
        correct_issue(issue, by=store.by("an"), right_grams=0)
        assert (store.left("A"), store.left("B")) == (10_000, 20_000)
        with pytest.raises(Refused):
            correct_issue(issue, by=store.by("an"), right_grams=0)
        check_balances()

    def test_paper_is_put_right_on_paper(self, store: Store) -> None:
        write(store.world.town, store.by("bo"), went(store.world.school_a, 91, 5))
        with pytest.raises(Refused):
            correct_issue(Issue.objects.get(), by=store.by("an"), right_grams=1)


class TestEntry:
    def test_the_right_entry_has_a_number_of_its_own(self, store: Store) -> None:
        wrong = return_to_supplier(store.lot("B"), by=store.by("an"), grams=1_000, reason=REASON)
        store.rule("canteen.return_countersign", 10_000)
        right = correct_entry(wrong, by=store.by("an"), right_grams=11_000)
        assert isinstance(right, StockEntry)
        assert (right.number, right.grams, right.reason, right.must_sign) == ("TH-2024-0002", -11_000, REASON, True)
        assert store.left("B") == 9_000
        with pytest.raises(Refused):
            correct_entry(wrong, by=store.by("an"), right_grams=500)
        check_balances()

    def test_a_transfer_counts_as_it_was_weighed_there(self, store: Store) -> None:
        sent = send_to_school(store.lot(), by=store.by("an"), to=store.world.school_b, grams=6_000, reason="支援")
        sent = correct_entry(sent, by=store.by("an"), right_grams=5_000)
        assert store.left() == 5_000
        got = receive_from_school(sent, by=store.by("hu"), grams=5_000)
        with pytest.raises(Refused, match="柳河初级中学"):
            correct_entry(sent, by=store.by("an"), right_grams=4_000)
        right = correct_entry(got, by=store.by("hu"), right_grams=4_800)
        assert right.pair == sent
        assert store.left(school=store.world.school_b) == 4_800
        correct_entry(right, by=store.by("hu"), right_grams=0)
        assert list(StockEntry.objects.under_way()) == [sent]
        check_balances()

    def test_a_wrong_count_is_counted_again(self, store: Store) -> None:
        take = count_store(store.world.school_a, by=store.by("an"), lines=[Counted(store.lot(), 9_900)])
        with pytest.raises(Refused):
            correct_entry(take.entries.get(), by=store.by("an"), right_grams=50)


def test_a_ledger_imported_after_a_correction_still_adds_up(store: Store) -> None:
    correct_line(line_of(store), by=store.by("an"), right_grams=2_000)
    taken = went(store.world.school_a, 91, 5)
    done = write(store.world.town, store.by("bo"), taken)
    assert from_lots(done.issues[taken.row]) == {"A": 2.0, "B": 3.0}
    assert day(91) == date(2024, 5, 31)
    check_balances()
