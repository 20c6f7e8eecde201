"""Which lot an issue came from: examples that a keeper would check, and promises that hold for every ledger."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from houqin.modules.canteen.rules.allocation import Held, Part, Shortage, StoreLot, Wanted, allocate, as_date

MONDAY = date(2024, 3, 4)


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def lot(
    key: int, received: int, grams: int, *, produced: int | None = None, batch: str = "", **more: object
) -> StoreLot:
    made = day(produced) if produced is not None else None
    return StoreLot(key, day(received), grams, produced_on=made, batch=batch, order=key, **more)  # type: ignore[arg-type]


def issue(key: int, on: int, grams: int, batch: str = "", **more: object) -> Wanted:
    return Wanted(key, day(on), grams, batch=batch, order=key, **more)  # type: ignore[arg-type]


class TestFirstProducedFirstOut:
    def test_takes_the_oldest_produced_whenever_it_was_received(self) -> None:
        found = allocate([lot(1, 0, 100, produced=0), lot(2, 1, 100, produced=-3)], [issue(9, 1, 60)])
        assert found.parts == (Part(9, 2, 60, certain=False),)

    def test_an_unknown_production_day_counts_from_the_day_of_receipt(self) -> None:
        found = allocate([lot(1, 0, 100), lot(2, 1, 100, produced=1)], [issue(9, 1, 60)])
        assert found.parts[0].lot == 1

    def test_spills_into_the_next_lot(self) -> None:
        found = allocate([lot(1, 0, 40, produced=0), lot(2, 0, 100, produced=1)], [issue(9, 2, 60)])
        assert {(part.lot, part.grams) for part in found.parts} == {(1, 40), (2, 20)}

    def test_a_delivery_of_the_day_comes_before_its_issues(self) -> None:
        assert allocate([lot(1, 2, 60)], [issue(9, 2, 60)]).parts == (Part(9, 1, 60, certain=True),)

    def test_what_comes_tomorrow_is_not_there_today(self) -> None:
        assert allocate([lot(1, 3, 60)], [issue(9, 2, 60)]).shortages == (Shortage(9, 60, 0),)

    def test_breakfast_takes_before_lunch_of_the_day(self) -> None:
        lots = [lot(1, 0, 10, produced=0), lot(2, 0, 10, produced=1)]
        found = allocate(lots, [issue(8, 1, 10, meal=1), issue(9, 1, 10, meal=0)])
        assert {part.issue: part.lot for part in found.parts} == {9: 1, 8: 2}


class TestRefusal:
    def test_more_than_is_there_is_refused_and_takes_nothing(self) -> None:
        found = allocate([lot(1, 0, 50)], [issue(8, 1, 60), issue(9, 1, 50)])
        assert found.shortages == (Shortage(8, 60, 50),)
        assert [part.issue for part in found.parts] == [9]

    def test_more_than_the_named_batch_held_is_refused_by_the_batch(self) -> None:
        found = allocate([lot(1, 0, 50, batch="A1"), lot(2, 0, 50, batch="B1")], [issue(9, 1, 60, "B1")])
        assert found.shortages == (Shortage(9, 60, 50, "B1"),)

    def test_held_grams_beyond_what_came_in_are_reported(self) -> None:
        assert allocate([lot(1, 0, 50)], [], [Held(1, day(1), 60)]).overdrawn == (1,)


class TestNamedBatch:
    def test_takes_the_lot_it_names_and_is_certain(self) -> None:
        lots = [lot(1, 0, 100, produced=0, batch="A1"), lot(2, 0, 100, produced=1, batch="B1")]
        assert allocate(lots, [issue(9, 1, 60, "B1")]).parts == (Part(9, 2, 60, certain=True),)

    def test_spelling_does_not_matter(self) -> None:
        lots = [lot(1, 0, 100, batch="X"), lot(2, 0, 100, batch="2024-0301a")]
        assert allocate(lots, [issue(9, 1, 60, "20240301A")]).parts[0].lot == 2

    def test_a_batch_that_is_a_date_means_the_production_date(self) -> None:
        lots = [lot(1, 0, 100, produced=-2), lot(2, 0, 100, produced=-1)]
        assert allocate(lots, [issue(9, 1, 60, "2024.3.3")]).parts == (Part(9, 2, 60, certain=True),)

    def test_several_deliveries_of_a_batch_oldest_received_first(self) -> None:
        two = [lot(1, 1, 50, produced=0, batch="A1"), lot(2, 0, 50, produced=0, batch="A1")]
        lots = [*two, lot(3, 0, 90, produced=-9)]
        found = allocate(lots, [issue(9, 1, 60, "A1")])
        assert {(part.lot, part.grams) for part in found.parts} == {(2, 50), (1, 10)}

    def test_rows_without_a_name_leave_what_a_later_row_names(self) -> None:
        lots = [lot(1, 0, 50, produced=0, batch="A1"), lot(2, 0, 50, produced=1, batch="B1")]
        found = allocate(lots, [issue(8, 1, 30), issue(9, 2, 50, "A1")])
        assert {(part.issue, part.lot) for part in found.parts} == {(8, 2), (9, 1)}
        assert not found.shortages

    def test_an_earlier_row_is_never_starved_for_a_later_name(self) -> None:
        found = allocate([lot(1, 0, 60, batch="A1")], [issue(8, 1, 20), issue(9, 2, 60, "A1")])
        assert found.shortages == (Shortage(9, 60, 40, "A1"),)
        assert found.parts == (Part(8, 1, 20, certain=True),)

    def test_a_batch_nobody_delivered_goes_by_age_and_is_told(self) -> None:
        found = allocate([lot(1, 0, 60, batch="A1"), lot(2, 0, 60, batch="B1")], [issue(9, 1, 20, "Z9")])
        assert found.unknown_batches == (9,)
        assert found.parts == (Part(9, 1, 20, certain=False),)


class TestCertainty:
    def test_certain_while_only_one_lot_could_have_supplied(self) -> None:
        found = allocate([lot(1, 0, 50), lot(2, 3, 50)], [issue(7, 1, 20), issue(8, 3, 20), issue(9, 4, 20)])
        assert {part.issue: part.certain for part in found.parts} == {7: True, 8: False, 9: False}

    def test_the_last_lot_by_age_is_not_certain_while_older_goods_may_lie_there(self) -> None:
        found = allocate([lot(1, 0, 10), lot(2, 1, 10)], [issue(8, 1, 10), issue(9, 2, 10)])
        assert [part.certain for part in found.parts] == [False, False]

    def test_an_empty_store_ends_all_doubt(self) -> None:
        found = allocate([lot(1, 0, 10), lot(2, 0, 10), lot(3, 2, 10)], [issue(8, 1, 20), issue(9, 2, 10)])
        assert {part.lot: part.certain for part in found.parts} == {1: False, 2: False, 3: True}

    def test_a_lot_used_up_by_name_is_out_of_question(self) -> None:
        lots = [lot(1, 0, 10, batch="A1"), lot(2, 0, 10, batch="B1")]
        found = allocate(lots, [issue(8, 1, 10, "A1"), issue(9, 2, 5)])
        assert found.parts[1] == Part(9, 2, 5, certain=True)


class TestHeld:
    def test_held_grams_stay_and_the_rest_is_derived(self) -> None:
        lots = [lot(1, 0, 50, produced=0), lot(2, 0, 50, produced=1)]
        found = allocate(lots, [issue(9, 1, 30)], [Held(1, day(1), 40)])
        assert {(part.lot, part.grams) for part in found.parts} == {(1, 10), (2, 20)}

    def test_nothing_is_taken_after_a_lot_was_closed(self) -> None:
        lots = [lot(1, 0, 50, produced=0, closed_on=day(1)), lot(2, 0, 50, produced=1)]
        found = allocate(lots, [issue(8, 1, 10), issue(9, 2, 10)])
        assert {part.issue: part.lot for part in found.parts} == {8: 1, 9: 2}


def test_reads_a_batch_as_a_date_only_when_it_is_nothing_else() -> None:
    assert as_date("20240301") == as_date("2024-3-1") == as_date("2024年3月1日") == date(2024, 3, 1)
    assert as_date("20240230") is as_date("A1") is None
    assert as_date("202403011") is None


BATCHES = ["", "", "A1", "B1", "C1"]
a_day = st.integers(0, 12)
a_lot = st.tuples(a_day, st.integers(1, 60), st.none() | st.integers(-5, 10), st.sampled_from(BATCHES))
an_issue = st.tuples(a_day, st.integers(1, 40), st.integers(0, 2), st.sampled_from([*BATCHES, "Z9"]))


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[StoreLot], list[Wanted]]:
    lots = [
        lot(n, received, grams, produced=produced, batch=batch)
        for n, (received, grams, produced, batch) in enumerate(draw(st.lists(a_lot, max_size=8)))
    ]
    rows = draw(st.lists(an_issue, max_size=14))
    return lots, [issue(n, on, grams, batch, meal=meal) for n, (on, grams, meal, batch) in enumerate(rows)]


@settings(max_examples=200, deadline=None)
@given(ledgers())
def test_no_lot_goes_below_zero_and_nothing_is_taken_before_it_came(book: tuple[list[StoreLot], list[Wanted]]) -> None:
    lots, issues = book
    received, on = {one.key: one for one in lots}, {one.key: one.day for one in issues}
    taken: Counter[int] = Counter()
    for part in allocate(lots, issues).parts:
        taken[part.lot] += part.grams
        assert part.grams > 0
        assert received[part.lot].received_on <= on[part.issue]
    assert all(taken[key] <= one.grams for key, one in received.items())


@settings(max_examples=200, deadline=None)
@given(ledgers())
def test_every_row_is_met_in_full_or_refused(book: tuple[list[StoreLot], list[Wanted]]) -> None:
    lots, issues = book
    found = allocate(lots, issues)
    given_out: Counter[int] = Counter()
    for part in found.parts:
        given_out[part.issue] += part.grams
    refused = {short.issue for short in found.shortages}
    assert given_out == {one.key: one.grams for one in issues if one.key not in refused}
    assert all(short.there < short.wanted for short in found.shortages)


@settings(max_examples=100, deadline=None)
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(book: tuple[list[StoreLot], list[Wanted]], chance: object) -> None:
    lots, issues = book
    before = allocate(lots, issues)
    chance.shuffle(lots)  # type: ignore[attr-defined]
    chance.shuffle(issues)  # type: ignore[attr-defined]
    assert allocate(lots, issues) == before


@settings(max_examples=200, deadline=None)
@given(ledgers())
def test_a_named_batch_is_given_from_that_batch(book: tuple[list[StoreLot], list[Wanted]]) -> None:
    lots, issues = book
    found = allocate(lots, issues)
    batch, named = {one.key: one.batch for one in lots}, {one.key: one.batch for one in issues}
    for part in found.parts:
        if named[part.issue] and part.issue not in found.unknown_batches:
            assert batch[part.lot] == named[part.issue]
            assert part.certain


@settings(max_examples=200, deadline=None)
@given(ledgers())
def test_refused_rows_leave_no_trace(book: tuple[list[StoreLot], list[Wanted]]) -> None:
    lots, issues = book
    found = allocate(lots, issues)
    refused = {short.issue for short in found.shortages}
    again = allocate(lots, [one for one in issues if one.key not in refused])
    assert not again.shortages
    assert again.parts == found.parts


@settings(max_examples=200, deadline=None)
@given(ledgers())
def test_certain_rows_stay_certain_whatever_the_cook_took_first(book: tuple[list[StoreLot], list[Wanted]]) -> None:
    """Newest-first is as feasible as oldest-first where no batch is named; what is certain is the same in both."""
    lots, issues = book
    issues = [Wanted(one.key, one.day, one.grams, one.meal, one.order) for one in issues]
    oldest = allocate(lots, issues)
    if oldest.shortages:
        return
    left = {one.key: one.grams for one in lots}
    newest: set[tuple[int, int]] = set()
    for row in sorted(issues, key=lambda one: one.when):
        need = row.grams
        for one in sorted(lots, key=lambda one: (one.received_on, one.key), reverse=True):
            if one.received_on <= row.day and need and left[one.key]:
                take = min(need, left[one.key])
                left[one.key] -= take
                need -= take
                newest.add((row.key, one.key))
    for part in oldest.parts:
        if part.certain:
            assert {key for number, key in newest if number == part.issue} == {part.lot}
