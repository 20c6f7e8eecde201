"""Attack rates by dish: exact against tables reckoned by hand, and true of every table."""

from math import exp, isclose, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.modules.canteen.rules.attack import (
    Cells,
    by_chance,
    chi_square,
    fisher,
    interval,
    judged,
    points_at,
    ranked,
    relative_risk,
)

few = st.integers(0, 25)
tables = st.builds(Cells, few, few, few, few)


class TestByHand:
    def test_a_dish_that_made_ill(self) -> None:
        """40 ate, 30 of them ill (75 %); 60 did not, 6 ill (10 %): 7.5 times as often; 1/30 − 1/40 + 1/6 − 1/60 = 0.1583."""
        cells = Cells(30, 10, 6, 54)
        assert relative_risk(cells) == pytest.approx(7.5)
        wide = 1.959963984540054 * sqrt(0.158333333333)
        assert interval(cells) == pytest.approx((exp(log(7.5) - wide), exp(log(7.5) + wide)))
        assert interval(cells) == pytest.approx((3.44, 16.36), abs=0.01)
        assert chi_square(cells) == pytest.approx(
            3.27e-11, rel=0.01
        )  # χ² = 100 · (30·54 − 10·6)² / (40·60·36·64) = 44.01
        assert not cells.is_small

    def test_the_lady_tasting_tea(self) -> None:
        """Fisher's own table, four of four: 1 + 16 + 16 + 1 of 70 are as unlikely for three, 2 of 70 for four."""
        assert fisher(Cells(3, 1, 1, 3)) == 34 / 70
        assert fisher(Cells(4, 0, 0, 4)) == 2 / 70

    def test_few_people(self) -> None:
        """Five ate and fell ill, five did not and are well: 2 of C(10, 5) = 252; no bounds, but a lower one with half a person."""
        cells = Cells(5, 0, 0, 5)
        assert by_chance(cells) == 2 / 252
        assert relative_risk(cells) == float("inf")
        low, high = interval(cells) or (0.0, 0.0)
        half = sqrt(1 / 5.5 - 1 / 6 + 1 / 0.5 - 1 / 6)
        assert low == pytest.approx(exp(log(11) - 1.959963984540054 * half))
        assert high > low > 0.5
        assert cells.is_small

    def test_a_dish_that_protects_is_not_accused(self) -> None:
        assert relative_risk(Cells(6, 54, 30, 10)) == pytest.approx(1 / 7.5)
        assert not judged("米饭", Cells(6, 54, 30, 10)).accuses

    @pytest.mark.parametrize("cells", [Cells(9, 30, 0, 0), Cells(0, 0, 9, 30), Cells(0, 20, 0, 20)])
    def test_what_everybody_ate_or_nobody_or_where_nobody_is_ill_says_nothing(self, cells: Cells) -> None:
        assert relative_risk(cells) is None
        assert interval(cells) is None
        assert by_chance(cells) == 1
        assert not judged("米饭", cells).accuses

    def test_nobody_asked(self) -> None:
        nobody = judged("米饭", Cells(0, 0, 0, 0))
        assert (nobody.risk, nobody.bounds, nobody.chance, nobody.ill_who_ate) == (None, None, 1, None)

    def test_the_guilty_dish_stands_first_and_is_pointed_at(self) -> None:
        found = ranked(
            [("米饭", Cells(36, 60, 0, 4)), ("凉拌黄瓜", Cells(30, 10, 6, 54)), ("鸡腿", Cells(20, 40, 16, 24))]
        )
        assert found[0].dish == "凉拌黄瓜"
        assert [one.dish for one in points_at(found)] == ["凉拌黄瓜"]

    def test_dishes_that_the_same_people_ate_are_named_together(self) -> None:
        same = Cells(30, 10, 6, 54)
        assert {one.dish for one in points_at(ranked([("豆角", same), ("凉拌黄瓜", same)]))} == {"豆角", "凉拌黄瓜"}

    def test_a_count_below_nothing_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="less than not at all"):
            Cells(-1, 0, 0, 0)


class TestOfEveryTable:
    @given(tables)
    def test_the_risk_lies_within_its_interval(self, cells: Cells) -> None:
        risk, bounds = relative_risk(cells), interval(cells)
        assert (risk is None) == (bounds is None)
        if bounds is not None and risk is not None and cells.ill_ate and cells.ill_not:
            assert bounds[0] <= risk * (1 + 1e-9)
            assert risk <= bounds[1] * (1 + 1e-9)

    @given(tables)
    def test_eating_and_not_eating_exchanged_turn_the_risk_over(self, cells: Cells) -> None:
        other = Cells(cells.ill_not, cells.well_not, cells.ill_ate, cells.well_ate)
        risk, turned = relative_risk(cells), relative_risk(other)
        if risk and turned and risk != float("inf") and turned != float("inf"):
            assert isclose(risk * turned, 1, rel_tol=1e-9)
        assert fisher(cells) == fisher(other)

    @given(tables)
    def test_chance_is_a_probability_and_the_mildest_table_is_certain(self, cells: Cells) -> None:
        assert 0 < fisher(cells) <= 1
        assert 0 <= chi_square(cells) <= 1

    @given(st.integers(1, 20), st.integers(1, 20))
    def test_the_same_rate_in_both_groups_is_no_finding(self, ill: int, well: int) -> None:
        cells = Cells(ill, well, ill, well)
        assert relative_risk(cells) == 1
        assert fisher(cells) == 1
        assert not judged("米饭", cells).accuses

    @given(tables)
    def test_one_more_who_ate_and_fell_ill_never_lowers_the_rate(self, cells: Cells) -> None:
        more = Cells(cells.ill_ate + 1, cells.well_ate, cells.ill_not, cells.well_not)
        before, after = relative_risk(cells), relative_risk(more)
        if before is not None and after is not None:
            assert after >= before
