"""Rules of the door: what stops a line, what asks again, how weights and codes are read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from houqin.flows.credentials.kinds import kinds_on
from houqin.lib.notes import Unreadable
from houqin.modules.canteen.models import Category
from houqin.modules.canteen.rules.acceptance import (
    CHILLED,
    FROZEN,
    PREPACKAGED,
    Arrival,
    degrees,
    findings,
    is_unusual,
    prepackaged,
    usual,
)
from houqin.modules.canteen.rules.certificates import PaperKind, asked_for, missing
from houqin.modules.canteen.rules.codes import GoodsLabel, is_barcode, read_label
from houqin.modules.canteen.rules.signing import Signer, is_second
from houqin.modules.canteen.rules.written import JIN, KG, PACK, Measure, measure_of, price_again

TODAY = date(2024, 3, 4)
days = st.dates(date(2023, 1, 1), date(2025, 12, 31))
grams = st.integers(1, 5_000_000)
kinds = st.sampled_from(Category.values)


def stops(line: Arrival) -> set[str]:
    return {found.note.code for found in findings(line, TODAY) if found.stops}


class TestDates:
    @given(kinds, grams, st.none() | days, st.none() | days, st.booleans())
    def test_nothing_from_the_future_and_nothing_past_its_date_comes_in(
        self, kind: str, weight: int, produced: date | None, expires: date | None, loose: bool
    ) -> None:
        found = stops(Arrival("货", kind, weight, produced, expires, loose))
        if produced and produced > TODAY:
            assert "future" in found
        if expires and expires < TODAY:
            assert found & {"past-use-by", "expires-before"}
        if not found:
            assert produced is None or produced <= TODAY
            assert expires is None or expires >= TODAY
            assert produced or not prepackaged(kind, loose=loose)

    @given(kinds, grams)
    def test_only_packs_need_a_printed_date(self, kind: str, weight: int) -> None:
        assert stops(Arrival("货", kind, weight)) == ({"no-date"} if kind in PREPACKAGED else set())
        assert stops(Arrival("货", kind, weight, loose=True)) == set()

    @given(kinds, grams, st.integers(0, 400), st.integers(0, 400))
    def test_what_is_in_its_time_always_comes_in(self, kind: str, weight: int, age: int, left: int) -> None:
        line = Arrival("货", kind, weight, TODAY - timedelta(days=age), TODAY + timedelta(days=left))
        assert stops(line) == set()


class TestTemperatures:
    @given(st.integers(-300, 900), st.sampled_from(["", CHILLED, FROZEN]), st.sampled_from(["meat", "vegetable"]))
    def test_they_warn_and_never_stop(self, tenths: int, keeping: str, kind: str) -> None:
        line = Arrival("货", kind, 1_000, tenths=tenths, keeping=keeping)
        assert stops(line) == set()
        warned = any(found.note.code == "too-warm" for found in findings(line, TODAY))
        most = {CHILLED: 110, FROZEN: -90, "": 110 if kind == "meat" else 900}[keeping]
        assert warned == (tenths > most)

    @pytest.mark.parametrize(("tenths", "said"), [(115, "11.5"), (110, "11"), (-90, "-9"), (-185, "-18.5"), (0, "0")])
    def test_they_are_said_as_people_say_them(self, tenths: int, said: str) -> None:
        assert degrees(tenths) == said


class TestUnusualWeights:
    @given(st.integers(1_000, 200_000), st.integers(50, 200))
    def test_a_slipped_decimal_point_is_always_asked_about(self, expected: int, percent: int) -> None:
        right = -(-expected * percent // 100)
        assert is_unusual(right * 10, expected)
        assert is_unusual(right // 10, expected)
        assert not is_unusual(right, expected)

    @given(grams)
    def test_the_first_time_nothing_is_unusual(self, weight: int) -> None:
        assert not is_unusual(weight, None)

    @given(st.lists(grams, min_size=1))
    def test_the_usual_came_once(self, came: list[int]) -> None:
        assert usual(came) in came
        assert usual([]) is None


class TestWritten:
    @given(st.decimals(Decimal("0.001"), 9999, places=3), st.sampled_from([KG, JIN]))
    def test_a_unit_is_read_back_from_what_was_written(self, number: Decimal, unit: str) -> None:
        assert measure_of(Measure(unit).written(number)) == Measure(unit)

    @given(st.integers(1, 500), st.integers(1, 60_000), st.sampled_from("袋箱桶瓶盒"))
    def test_so_is_a_pack_with_what_it_holds(self, packs: int, content: int, name: str) -> None:
        measure = Measure(PACK, name, content)
        assert measure_of(measure.written(Decimal(packs))) == measure
        assert measure.weigh(Decimal(packs)) == packs * content

    @pytest.mark.parametrize(
        ("written", "measure"),
        [
            ("36.5公斤", Measure(KG)), ("73斤", Measure(JIN)), ("12袋×25kg", Measure(PACK, "袋", 25_000)), ("", Measure()),
            ("适量", Measure()), ("3筐", Measure()), ("100", Measure()),
        ],
    )  # fmt: skip
    def test_ledgers_of_people(self, written: str, measure: Measure) -> None:
        assert measure_of(written) == measure

    @pytest.mark.parametrize(
        ("measure", "unit_price", "amount", "grams", "price"),
        [
            (Measure(KG), 258_000, 94_170, 36_500, 258_000),
            (Measure(JIN), 129_000, 94_170, 36_500, 129_000),
            (Measure(PACK, "袋", 25_000), 47_200, 59_000, 125_000, 1_180_000),
            (Measure(PACK, "袋", 25_000), None, 59_000, 125_000, 1_180_000),
            (Measure(KG), 258_000, 0, 36_500, None),
            (Measure(PACK), 10_000, 100, 1_000, None),
        ],
    )
    def test_a_price_is_carried_over_for_the_unit_that_is_meant(
        self, measure: Measure, unit_price: int | None, amount: int, grams: int, price: int | None
    ) -> None:
        assert price_again(measure, unit_price, amount, grams) == price

    def test_half_a_kilogram_is_a_jin(self) -> None:
        assert Measure(JIN).weigh(Decimal("73")) == Measure(KG).weigh(Decimal("36.5")) == 36_500


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=30)


class TestCodes:
    @given(
        st.builds(
            GoodsLabel, product=texts.filter(bool), supplier=texts, batch=texts, produced_on=st.none() | days,
            expires_on=st.none() | days, pack_grams=st.none() | st.integers(1, 2_000_000),
            packs=st.none() | st.integers(1, 10_000), certificate=texts,
        )
    )  # fmt: skip
    def test_a_label_is_read_as_it_was_written(self, label: GoodsLabel) -> None:
        assume(len(label.text) <= 500)
        assert read_label(label.text) == label

    @given(st.text(max_size=600))
    def test_whatever_is_scanned_is_read_or_refused_in_words(self, text: str) -> None:
        try:
            said = read_label(text).product
        except Unreadable as error:
            said = str(error)
        assert said

    @pytest.mark.parametrize(
        "text",
        ["", "https://example.com", "HQ2;product=大米", "HQ1;batch=B7", "HQ1;product=大米;produced=3月4日", "HQ1;product=大米;kg=-5",
         "HQ1;product=大米;kg=nan", "HQ1;product=大米;kg=9e9", "HQ1;product=大米;n=0", "HQ1;product=大米;n=²", "HQ1;product=" + "大" * 500],
    )  # fmt: skip
    def test_labels_that_say_nothing_usable(self, text: str) -> None:
        with pytest.raises(Unreadable):
            read_label(text)

    def test_what_it_does_not_know_it_passes_over(self) -> None:
        assert read_label("HQ1;product=大米;colour=白;;=;x").product == "大米"

    @pytest.mark.parametrize(
        ("text", "answer"), [("6901234567892", True), ("12345670", True), ("123", False), ("69O1234567892", False)]
    )
    def test_barcodes(self, text: str, answer: bool) -> None:
        assert is_barcode(text) is answer


PAPERS = [
    PaperKind("sc", "licence", "supplier", frozenset({"grain"}), asked=True),
    PaperKind("jy", "licence", "supplier", frozenset({"grain"}), asked=True),
    PaperKind("workshop", "licence", "supplier", frozenset({"grain"})),
    PaperKind("quality", "quality", "batch", frozenset({"meat"}), ("猪",), asked=True),
    PaperKind("report", "fever", "batch", frozenset({"meat"})),
]


class TestPapers:
    def test_one_of_a_group_is_asked_for(self) -> None:
        assert [kind.code for kind in asked_for(PAPERS, "grain", "大米")] == ["sc"]
        assert [kind.code for kind in asked_for(PAPERS, "meat", "猪肉")] == ["quality"]
        assert list(asked_for(PAPERS, "meat", "牛肉")) == []

    @given(st.sets(st.sampled_from([kind.code for kind in PAPERS])), st.sampled_from(["grain", "meat"]))
    def test_any_one_of_a_group_will_do_and_more_papers_never_miss_more(self, held: set[str], category: str) -> None:
        lacking = {kind.group for kind in missing(PAPERS, category, "猪肉大米", held)}
        assert lacking.isdisjoint({kind.group for kind in PAPERS if kind.code in held})
        assert lacking <= {kind.group for kind in missing(PAPERS, category, "猪肉大米", set())}


@given(
    st.builds(Signer, st.integers(1, 4), st.none() | st.integers(1, 3)),
    st.builds(Signer, st.none() | st.integers(1, 4), st.none() | st.integers(1, 3)),
)
def test_two_are_two_accounts_and_two_persons(first: Signer, second: Signer) -> None:
    same_person = first.person_id is not None and first.person_id == second.person_id
    assert is_second(first, second) == (second.account_id not in {None, first.account_id} and not same_person)


@pytest.mark.django_db
def test_papers_of_the_catalogue_concern_categories_that_exist() -> None:
    """The catalogue of credentials lies below the canteen and cannot know its categories."""
    named = {
        category for kind in kinds_on(date(2024, 3, 4)).values() if kind.goods for category in kind.goods.categories
    }
    assert named <= set(Category.values)
