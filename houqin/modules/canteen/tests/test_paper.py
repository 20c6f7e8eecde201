"""Paper history: what it writes, what it refuses, what it only warns about."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import NotVisible
from houqin.lib.notes import Note
from houqin.modules.canteen.actions.paper import PaperRefused, record_from_paper
from houqin.modules.canteen.models import (
    Delivery,
    DeliveryLine,
    Headcount,
    Issue,
    Lot,
    Meal,
    Menu,
    Origin,
    Product,
    StockMove,
)
from houqin.modules.canteen.queries.paper import check_paper
from houqin.modules.canteen.rules.paper import NO_SUPPLIER, PaperBook
from houqin.modules.canteen.tests.ledger import (
    LATER,
    book_of,
    came,
    check_balances,
    counted,
    day,
    from_lots,
    menu,
    went,
    write,
)
from tests.world import World


@pytest.fixture
def bo(world: World) -> Any:
    return world.viewer("bo", now=LATER)


class TestWriting:
    def test_a_delivery_an_issue_and_what_is_left(self, world: World, bo: Any) -> None:
        a = world.school_a
        line = came(
            a, 3, 100, produced=1, batch="20240302", written_quantity="4袋 × 25kg", unit_price=1_250_000,
            amount_fen=50_000, certificate_number="Z1", accepted_by="刘强、陈静",
        )  # fmt: skip
        taken = went(a, 4, 60.5, kind="dinner", taken_by="张师傅")
        done = write(world.town, bo, line, taken)
        row = DeliveryLine.objects.select_related("delivery", "lot").get(public_id=done.lines[line.row])
        assert (row.quantity_grams, row.amount_fen, row.unit_price) == (100_000, 50_000, 1_250_000)
        assert (row.delivery.number, row.delivery.origin) == ("SH-20240304-0001", Origin.PAPER)
        assert (row.lot.batch, row.lot.produced_on, row.lot.on_hand_grams) == ("20240302", day(1), 39_500)
        assert row.warnings == []
        issue = Issue.objects.select_related("meal").get(public_id=done.issues[taken.row])
        assert (issue.origin, issue.meal.kind, issue.meal.day) == (Origin.PAPER, "dinner", day(4))
        assert from_lots(issue.public_id) == {"20240302": 60.5}
        check_balances()

    def test_who_ate_is_kept_where_the_ledger_counts_them(self, world: World, bo: Any) -> None:
        a = world.school_a
        write(world.town, bo, came(a, 3, 100), went(a, 4, 10, eaters=118), went(a, 4, 5, kind="dinner"))
        write(world.town, bo, went(a, 4, 1, eaters=121))
        counted_meals = Headcount.objects.values_list("meal__kind", "class_group", "eaters")
        assert list(counted_meals) == [("lunch", None, 121)]

    def test_one_delivery_a_school_supplier_and_day_numbered_within_the_day(self, world: World, bo: Any) -> None:
        a, b = world.school_a, world.school_b
        write(
            world.town, bo, came(a, 3, 1, supplier="甲"), came(a, 3, 1, supplier="甲", product="面粉"),
            came(a, 3, 1, supplier="乙"), came(b, 3, 1, supplier="甲"), came(a, 4, 1, supplier="甲"),
        )  # fmt: skip
        numbers = Delivery.objects.order_by("pk").values_list("org__name", "supplier__name", "number")
        assert list(numbers) == [
            (a.name, "甲", "SH-20240304-0001"),
            (a.name, "乙", "SH-20240304-0002"),
            (b.name, "甲", "SH-20240304-0001"),
            (a.name, "甲", "SH-20240305-0001"),
        ]
        write(world.town, bo, came(a, 3, 2, supplier="甲", product="食盐"), came(a, 3, 1, supplier="丙"))
        assert Delivery.objects.filter(org=a, delivered_on=day(3)).count() == 3
        assert Delivery.objects.get(supplier__name="丙").number == "SH-20240304-0003"

    def test_two_lines_of_one_batch_are_one_lot(self, world: World, bo: Any) -> None:
        a = world.school_a
        write(world.town, bo, came(a, 3, 10, batch="A1"), came(a, 3, 5, batch="A1"))
        assert Lot.objects.get().on_hand_grams == 15_000

    def test_names_are_kept_by_the_unit_that_imports_and_guessed_by_the_catalogue(self, world: World, bo: Any) -> None:
        done = write(world.town, bo, came(world.school_a, 3, 1, product="番茄", supplier=""))
        assert [(row.name, row.category, row.org) for row in done.new_products] == [("番茄", "vegetable", world.town)]
        assert [row.name for row in done.new_suppliers] == [NO_SUPPLIER]
        again = write(world.town, bo, came(world.school_a, 4, 1, product="番茄", supplier=""))
        assert again.new_products == again.new_suppliers == ()

    def test_a_name_known_above_is_used_as_it_is(self, world: World, bo: Any) -> None:
        above = Product.objects.create(org=world.district, name="大米", category="grain")
        write(world.town, bo, came(world.school_a, 3, 1))
        assert Lot.objects.get().product == above

    def test_what_the_import_calls_the_same_is_merged_with_the_fact_under_its_own_name(
        self, world: World, bo: Any
    ) -> None:
        a = world.school_a
        rows = [came(a, 3, 10, product="番茄", supplier="宏发"), went(a, 4, 8, product="西红柿")]
        done = write(
            world.town, bo, *rows, same_products={"番茄": "西红柿"}, same_suppliers={"宏发": "宏发生鲜配送有限公司"}
        )  # fmt: skip
        lot = Lot.objects.select_related("product", "supplier").get()
        assert (lot.product.name, lot.supplier.name, lot.on_hand_grams) == ("番茄", "宏发", 2_000)
        assert Product.objects.get(name="番茄").root.name == "西红柿"
        assert [row.name for row in done.merged_products] == ["番茄"]
        assert Party.objects.get(name="宏发").root.name == "宏发生鲜配送有限公司"
        assert (
            write(world.town, bo, came(a, 5, 1, product="番茄"), same_products={"番茄": "西红柿"}).merged_products == ()
        )

    def test_an_issue_without_a_meal_is_lunch_and_says_so(self, world: World, bo: Any) -> None:
        taken = went(world.school_a, 3, 1, kind="")
        done = write(world.town, bo, came(world.school_a, 3, 1), taken)
        assert Meal.objects.get().kind == "lunch"
        assert [note.code for note in done.warnings[taken.row]] == ["meal-unsaid"]

    def test_a_production_date_in_the_issue_names_the_lot(self, world: World, bo: Any) -> None:
        a = world.school_a
        taken = went(a, 4, 5, produced_on=day(2))
        done = write(world.town, bo, came(a, 3, 9, produced=1, batch="X"), came(a, 3, 9, produced=2, batch="Y"), taken)
        assert from_lots(done.issues[taken.row]) == {"Y": 5.0}
        assert StockMove.objects.get(issue__isnull=False).is_certain

    def test_every_school_touched_has_its_entry_in_the_trail(self, world: World, bo: Any) -> None:
        write(world.town, bo, came(world.school_a, 3, 1), came(world.school_b, 3, 1), came(world.school_b, 4, 1))
        entries = AuditEntry.objects.filter(event="canteen.paper_recorded").order_by("org_path")
        assert [(entry.org_name, entry.detail) for entry in entries] == [
            (world.school_a.name, {"lines": 1}),
            (world.school_b.name, {"lines": 2}),
        ]


class TestWarnings:
    def test_rules_of_conduct_that_failed_stay_with_the_line(self, world: World, bo: Any) -> None:
        line = came(
            world.school_a, 3, 10, product="鲜猪肉", produced=4, expires_on=day(2), accepted_by="刘强",
            warnings=(Note("amount-differs", "The amount differs."),),
        )  # fmt: skip
        done = write(world.town, bo, line)
        codes = ["amount-differs", "produced-later", "past-use-by", "no-certificate", "one-acceptor"]
        assert [note.code for note in done.warnings[line.row]] == codes
        assert [note["code"] for note in DeliveryLine.objects.get().warnings] == codes

    def test_rice_needs_no_quarantine_certificate(self, world: World, bo: Any) -> None:
        assert not write(world.town, bo, came(world.school_a, 3, 10, accepted_by="刘强 陈静")).warnings

    def test_a_batch_that_never_came_is_told_and_taken_by_age(self, world: World, bo: Any) -> None:
        taken = went(world.school_a, 4, 5, batch="Z9")
        done = write(world.town, bo, came(world.school_a, 3, 10, batch="A1"), taken)
        assert [note.code for note in done.warnings[taken.row]] == ["batch-unknown"]
        assert from_lots(done.issues[taken.row]) == {"A1": 5.0}


class TestRefusals:
    def refused(self, world: World, by: Any, book: PaperBook) -> dict[Any, str]:
        before = counted()
        with pytest.raises(PaperRefused) as error:
            record_from_paper(world.town, by=by, book=book)
        assert counted() == before
        assert {p.row for p in check_paper(world.town, by=by, book=book).problems} >= {
            p.row for p in error.value.problems
        }
        return {problem.row: problem.note.code for problem in error.value.problems}

    def test_more_issued_than_in_store(self, world: World, bo: Any) -> None:
        taken = went(world.school_a, 4, 60)
        book = book_of(came(world.school_a, 3, 50), taken)
        assert self.refused(world, bo, book) == {taken.row: "too-much"}
        problem = check_paper(world.town, by=bo, book=book).problems[0]
        assert problem.note.params == {"wanted": "60", "there": "50"}

    def test_more_than_the_named_batch(self, world: World, bo: Any) -> None:
        taken = went(world.school_a, 4, 60, batch="A1")
        book = book_of(came(world.school_a, 3, 50, batch="A1"), came(world.school_a, 3, 50, batch="B1"), taken)
        assert self.refused(world, bo, book) == {taken.row: "too-much-of-batch"}

    def test_the_other_schools_stock_does_not_help(self, world: World, bo: Any) -> None:
        taken = went(world.school_a, 4, 1)
        assert self.refused(world, bo, book_of(came(world.school_b, 3, 50), taken)) == {taken.row: "too-much"}

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"kg": 0}, "no-weight"),
            ({"kg": -3}, "no-weight"),
            ({"on": 200}, "future"),
            ({"product": ""}, "no-product"),
            ({"product": "长" * 61}, "too-long"),
            ({"batch": "9" * 41}, "too-long"),
            ({"amount_fen": -1}, "negative-amount"),
        ],
    )
    def test_impossible_lines(self, world: World, bo: Any, change: dict[str, Any], code: str) -> None:
        values: dict[str, Any] = {"on": 3, "kg": 5} | change
        line = came(world.school_a, values.pop("on"), values.pop("kg"), **values)
        assert self.refused(world, bo, book_of(line)) == {line.row: code}

    def test_a_meal_nobody_knows(self, world: World, bo: Any) -> None:
        taken = went(world.school_a, 4, 1, kind="midnight")
        assert self.refused(world, bo, book_of(came(world.school_a, 3, 5), taken)) == {taken.row: "no-meal"}

    def test_an_earlier_row_that_would_leave_recorded_issues_without_goods(self, world: World, bo: Any) -> None:
        a = world.school_a
        write(world.town, bo, came(a, 1, 100), went(a, 5, 90))
        late = went(a, 3, 50)
        assert self.refused(world, bo, book_of(late)) == {late.row: "issues-stand-after"}

    def test_without_its_refused_rows_a_book_is_written(self, world: World, bo: Any) -> None:
        a = world.school_a
        bad, good = went(a, 4, 60), went(a, 5, 50)
        checked = check_paper(world.town, by=bo, book=book_of(came(a, 3, 50), bad, good))
        assert [problem.row for problem in checked.problems] == [bad.row]
        write(world.town, bo, came(a, 3, 50), good)


class TestReach:
    def test_a_school_elsewhere_does_not_exist(self, world: World, bo: Any) -> None:
        before = counted()
        with pytest.raises(NotVisible):
            write(world.town, bo, came(world.school_c, 3, 1))
        with pytest.raises(NotVisible):
            write(world.other_town, bo, came(world.school_c, 3, 1))
        assert counted() == before

    @pytest.mark.parametrize(
        ("name", "error"), [("eve", PermissionDenied), ("chen", NotVisible), ("du", PermissionDenied)]
    )
    def test_who_may_not(self, world: World, name: str, error: type[Exception]) -> None:
        before = counted()
        under = world.school_a if name == "du" else world.town
        with pytest.raises(error):
            write(under, world.viewer(name, now=LATER), came(world.school_a, 3, 1))
        assert counted() == before

    def test_a_keeper_imports_for_her_own_school(self, world: World) -> None:
        an = world.viewer("an", now=LATER)
        write(world.school_a, an, came(world.school_a, 3, 1))
        assert Product.objects.get().org == world.school_a
        with pytest.raises(NotVisible):
            write(world.school_a, an, came(world.school_b, 3, 1))


class TestMenus:
    def test_written_once_and_the_same_again_changes_nothing(self, world: World, bo: Any) -> None:
        dishes = {"土豆烧鸡": ["土豆", "鸡腿"], "米饭": ["大米"]}
        done = write(world.town, bo, menu(world.town, 3, dishes))
        ids = list(Menu.objects.values_list("pk", "dishes__pk", "dishes__ingredients__pk"))
        again = write(world.town, bo, menu(world.town, 3, dishes))
        assert list(done.menus.values()) == list(again.menus.values())
        assert list(Menu.objects.values_list("pk", "dishes__pk", "dishes__ingredients__pk")) == ids

    def test_a_corrected_menu_takes_the_place_of_the_former(self, world: World, bo: Any) -> None:
        done = write(world.town, bo, menu(world.town, 3, {"米饭": ["大米"]}))
        again = write(world.town, bo, menu(world.town, 3, {"馒头": ["面粉"], "米饭": ["大米"]}))
        assert list(done.menus.values()) == list(again.menus.values())
        assert list(Menu.objects.get().dishes.values_list("name", flat=True)) == ["馒头", "米饭"]


def test_checking_costs_the_same_for_few_rows_and_for_many(world: World, bo: Any) -> None:
    def cost(rows: int) -> int:
        book = book_of(
            *(came(world.school_a, n % 20, 9) for n in range(rows)), *(went(world.school_a, 25, 1) for _ in range(rows))
        )
        with CaptureQueriesContext(connection) as queries:
            check_paper(world.town, by=bo, book=book)
        return len(queries)

    assert cost(3) == cost(300) <= 12


def test_writing_a_term_takes_some_dozen_queries(world: World, bo: Any) -> None:
    write(world.town, bo, came(world.school_a, 1, 1))
    book = book_of(
        *(came(world.school_a, n % 20, 9) for n in range(60)), *(went(world.school_a, 25, 1) for _ in range(60))
    )
    with CaptureQueriesContext(connection) as queries:
        record_from_paper(world.town, by=bo, book=book)
    assert len(queries) < 45
