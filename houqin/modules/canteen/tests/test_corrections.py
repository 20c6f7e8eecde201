"""A corrected ledger: what was wrong is taken back by moves, what follows from it is derived anew, nothing is edited."""

from typing import Any

import pytest

from houqin.core.merging.actions import merge, undo_merge
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.actions.live import ForMeal, issue_to_meal
from houqin.modules.canteen.actions.paper import PaperRefused
from houqin.modules.canteen.models import DeliveryLine, Issue, Lot, Menu, Product, Recall, StockMove
from houqin.modules.canteen.rules.paper import Reversal
from houqin.modules.canteen.tests.ledger import LATER, came, check_balances, counted, day, from_lots, menu, went, write
from tests.world import World


@pytest.fixture
def bo(world: World) -> Any:
    return world.viewer("bo", now=LATER)


def freeze(world: World, lot: Lot) -> Recall:
    """A recall holds the lot since 5 March."""
    subject = Subject.objects.create(kind="recall", org=world.town, label="ZH-1")
    recall = Recall.objects.create(
        number="ZH-1", subject=subject, org=world.town, supplier=lot.supplier, product=lot.product,
        produced_on=lot.produced_on, reason="试", proposed_by=world.bo, proposed_at=LATER, launched_by=world.bai,
        launched_at=LATER.replace(month=3, day=5),
    )  # fmt: skip
    Lot.objects.filter(pk=lot.pk).update(frozen_by=recall)
    return recall


class TestDelivery:
    def test_a_corrected_weight_moves_the_issues_behind_it(self, world: World, bo: Any) -> None:
        a = world.school_a
        wrong, first, second = came(a, 1, 100, batch="A"), went(a, 4, 60), went(a, 5, 60)
        done = write(world.town, bo, wrong, came(a, 2, 100, batch="B"), first, second)
        assert from_lots(done.issues[second.row]) == {"A": 40.0, "B": 20.0}
        moves = set(StockMove.objects.values_list("pk", flat=True))
        write(world.town, bo, came(a, 1, 50, batch="A"), lines_back=[done.lines[wrong.row]])
        assert from_lots(done.issues[first.row]) == {"A": 50.0, "B": 10.0}
        assert from_lots(done.issues[second.row]) == {"B": 60.0}
        assert moves < set(StockMove.objects.values_list("pk", flat=True))
        assert Lot.objects.count() == 2
        check_balances()

    def test_only_what_differs_is_written(self, world: World, bo: Any) -> None:
        a, b = world.school_a, world.school_b
        wrong = came(a, 3, 100, batch="B")
        done = write(
            world.town, bo, came(a, 1, 100, batch="A"), wrong, went(a, 2, 40), went(a, 4, 30), came(b, 1, 9), went(b, 2, 5)
        )  # fmt: skip
        last = StockMove.objects.order_by("-pk")[0].pk
        write(world.town, bo, came(a, 3, 90, batch="B"), lines_back=[done.lines[wrong.row]])
        new = StockMove.objects.filter(pk__gt=last).order_by("pk")
        assert [(move.kind, move.grams, move.day) for move in new] == [
            ("reversed", -100_000, day(3)),
            ("received", 90_000, day(3)),
        ]

    def test_the_line_taken_back_stays_and_says_why(self, world: World, bo: Any) -> None:
        line = came(world.school_a, 1, 100)
        done = write(world.town, bo, line)
        write(world.town, bo, lines_back=[done.lines[line.row]])
        row = DeliveryLine.objects.get()
        assert (row.reversed_at, row.reversal_reason, row.quantity_grams) == (LATER, "写错", 100_000)
        assert Lot.objects.get().on_hand_grams == 0

    def test_a_changed_batch_takes_its_named_issue_along(self, world: World, bo: Any) -> None:
        a = world.school_a
        wrong, taken = came(a, 1, 10, batch="A1"), went(a, 2, 5, batch="A2")
        done = write(world.town, bo, wrong, came(a, 1, 10, batch="0"), taken)
        assert not StockMove.objects.get(issue__isnull=False).is_certain
        write(world.town, bo, came(a, 1, 10, batch="A2"), lines_back=[done.lines[wrong.row]])
        assert from_lots(done.issues[taken.row]) == {"A2": 5.0}
        assert StockMove.objects.order_by("-pk")[0].is_certain
        check_balances()

    def test_a_corrected_shelf_life_is_that_of_the_lot(self, world: World, bo: Any) -> None:
        line = came(world.school_a, 1, 10, batch="A", expires_on=day(3))
        done = write(world.town, bo, line)
        write(
            world.town, bo, came(world.school_a, 1, 10, batch="A", expires_on=day(9)), lines_back=[done.lines[line.row]]
        )
        assert Lot.objects.get().expires_on == day(9)

    def test_refused_when_issues_would_have_nothing_to_come_from(self, world: World, bo: Any) -> None:
        a = world.school_a
        line = came(a, 1, 100)
        done = write(world.town, bo, line, went(a, 5, 90))
        before = counted()
        with pytest.raises(PaperRefused) as error:
            write(world.town, bo, came(a, 1, 50), lines_back=[done.lines[line.row]])
        assert error.value.problems[0].note.params == {"day": "2024-03-06", "wanted": "90", "there": "50"}
        assert counted() == before
        assert DeliveryLine.objects.get().reversed_at is None

    def test_refused_when_more_was_issued_live(self, world: World, bo: Any) -> None:
        a, an = world.school_a, world.viewer("an", now=LATER)
        line = came(a, 1, 100)
        done = write(world.town, bo, line)
        issue_to_meal(a, by=an, meal=ForMeal(day(90), "lunch"), product=Product.objects.get(), grams=80_000)
        with pytest.raises(PaperRefused) as error:
            write(world.town, bo, came(a, 1, 50), lines_back=[done.lines[line.row]])
        assert error.value.problems[0].note.code == "issued-already"
        assert Lot.objects.get().on_hand_grams == 20_000

    def test_what_was_issued_live_stays_where_it_came_from(self, world: World, bo: Any) -> None:
        a, an = world.school_a, world.viewer("an", now=LATER)
        write(world.town, bo, came(a, 10, 100, batch="B"))
        live = issue_to_meal(a, by=an, meal=ForMeal(day(50), "lunch"), product=Product.objects.get(), grams=80_000)
        late = went(a, 11, 30)
        done = write(world.town, bo, came(a, 1, 100, batch="A"), late)
        assert from_lots(live.public_id) == {"B": 80.0}
        assert from_lots(done.issues[late.row]) == {"A": 30.0}

    def test_twice_or_of_another_school_is_refused(self, world: World, bo: Any) -> None:
        line = came(world.school_a, 1, 100)
        ref = write(world.town, bo, line).lines[line.row]
        with pytest.raises(NotVisible):
            write(world.school_b, world.viewer("hu", now=LATER), lines_back=[ref])
        write(world.town, bo, lines_back=[ref])
        before = counted()
        with pytest.raises(PaperRefused) as error:
            write(world.town, bo, lines_back=[ref])
        assert error.value.problems[0].note.code == "reversed-already"
        assert counted() == before


class TestIssue:
    def test_a_corrected_issue_gives_back_and_takes_anew(self, world: World, bo: Any) -> None:
        a = world.school_a
        wrong, later = went(a, 4, 60), went(a, 5, 60)
        done = write(world.town, bo, came(a, 1, 100, batch="A"), came(a, 2, 100, batch="B"), wrong, later)
        right = went(a, 4, 30)
        again = write(world.town, bo, right, issues_back=[done.issues[wrong.row]])
        assert from_lots(done.issues[wrong.row]) == {}
        assert from_lots(again.issues[right.row]) == {"A": 30.0}
        assert from_lots(done.issues[later.row]) == {"A": 60.0}
        assert Issue.objects.standing().count() == 2
        check_balances()

    def test_a_dropped_menu_is_gone(self, world: World, bo: Any) -> None:
        row = menu(world.town, 3, {"米饭": ["大米"]})
        ref = write(world.town, bo, row).menus[row.row]
        write(world.town, bo, dropped_menus=(Reversal("x", ref, "删"),))
        assert not Menu.objects.exists()


class TestFrozen:
    def test_its_records_cannot_be_corrected(self, world: World, bo: Any) -> None:
        a = world.school_a
        line, taken = came(a, 1, 100, produced=0, batch="A"), went(a, 2, 20)
        done = write(world.town, bo, line, taken)
        freeze(world, Lot.objects.get())
        before = counted()
        for back in ({"lines_back": [done.lines[line.row]]}, {"issues_back": [done.issues[taken.row]]}):
            with pytest.raises(PaperRefused) as error:
                write(world.town, bo, **back)  # type: ignore[arg-type]
            assert error.value.problems[0].note.code == "held-by-recall"
            assert "ZH-1" in str(error.value)
        assert counted() == before

    def test_keeps_its_issues_when_others_are_derived_anew(self, world: World, bo: Any) -> None:
        a = world.school_a
        taken = went(a, 4, 30)
        done = write(world.town, bo, came(a, 1, 50, produced=0, batch="A"), taken)
        freeze(world, Lot.objects.get())
        write(world.town, bo, came(a, 1, 50, produced=-5, batch="OLD"))
        assert from_lots(done.issues[taken.row]) == {"A": 30.0}
        check_balances()

    def test_history_from_before_the_freeze_still_enters_and_later_issues_pass_it_by(
        self, world: World, bo: Any
    ) -> None:
        a = world.school_a
        write(world.town, bo, came(a, 1, 50, produced=0, batch="A"), came(a, 1, 50, produced=1, batch="B"))
        freeze(world, Lot.objects.get(batch="A"))
        before, after = went(a, 4, 10), went(a, 5, 10)
        done = write(world.town, bo, before, after)
        assert from_lots(done.issues[before.row]) == {"A": 10.0}
        assert from_lots(done.issues[after.row]) == {"B": 10.0}


class TestNames:
    def test_merging_two_products_pools_their_stock_and_undoing_parts_it(self, world: World, bo: Any) -> None:
        a = world.school_a
        taken = went(a, 5, 10, product="西红柿")
        done = write(
            world.town, bo, came(a, 2, 50, product="西红柿", batch="NEW"), came(a, 1, 50, product="番茄", batch="OLD"), taken
        )  # fmt: skip
        assert from_lots(done.issues[taken.row]) == {"NEW": 10.0}
        tomato = Product.objects.get(name="番茄")
        merge(Product.objects.get(name="西红柿"), by=bo, duplicate=tomato)
        assert from_lots(done.issues[taken.row]) == {"OLD": 10.0}
        undo_merge(tomato, by=bo)
        assert from_lots(done.issues[taken.row]) == {"NEW": 10.0}
        check_balances()

    def test_undoing_is_refused_while_issues_live_from_it(self, world: World, bo: Any) -> None:
        a = world.school_a
        taken = went(a, 5, 10, product="番茄")
        done = write(
            world.town, bo, came(a, 2, 50, product="西红柿", batch="A"), taken, same_products={"番茄": "西红柿"}
        )
        before = counted()
        with pytest.raises(Refused, match="2024-03-06"):
            undo_merge(Product.objects.get(name="番茄"), by=bo)
        assert Product.objects.get(name="番茄").is_merged
        assert counted() == before
        assert from_lots(done.issues[taken.row]) == {"A": 10.0}

    def test_merging_suppliers_moves_nothing(self, world: World, bo: Any) -> None:
        write(world.town, bo, came(world.school_a, 1, 5, supplier="甲"), came(world.school_a, 1, 5, supplier="乙"))
        moves = StockMove.objects.count()
        merge(Party.objects.get(name="甲"), by=bo, duplicate=Party.objects.get(name="乙"))
        assert StockMove.objects.count() == moves
