"""Weights as kitchens write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.lib.notes import Unreadable
from houqin.lib.specs import parse_spec
from houqin.lib.units import read_quantity, unit_of, weigh


def grams(cell: object, unit: str = "", spec: str = "", header: str = "", product: str = "") -> int:
    told = read_quantity(cell)
    return weigh(told.number, told.unit or unit, spec=told.spec or spec, header_unit=header, product=product).grams


@pytest.mark.parametrize(
    ("cell", "unit", "spec", "header", "weight"),
    [
        ("１８．３", "千克", "散装", "", 18300), (15, "斤", "散装", "", 7500), (4.3, "kg", "", "", 4300), (2, "KG", "", "", 2000),
        (3, "公斤", "", "", 3000), (500, "克", "", "", 500), (3, "两", "", "", 150), (1.5, "吨", "", "", 1_500_000),
        (3, "袋", "25kg/袋", "", 75000), (3, "袋", "25公斤×袋", "", 75000), (3, "袋", "袋×25kg", "", 75000), (3, "袋", "每袋25kg", "", 75000),
        (2, "桶", "20kg/桶", "", 40000), (2, "箱", "4.8kg/箱", "", 9600), (2, "箱", "200g*24/箱", "", 9600), (2, "箱", "200g×24盒/箱", "", 9600),
        (10, "盒", "200g×24盒/箱", "", 2000), (2, "箱", "4.8kg/箱（200g*24盒）", "", 9600), (2, "袋", "50斤/袋", "", 50000),
        (2, "件", "400g x 30袋/件", "", 24000), ("12.5斤", "", "", "", 6250), ("4袋", "", "25kg/袋", "", 100000),
        ("4袋×25kg", "", "", "", 100000), ("4×25kg", "", "", "", 100000), ("25kg×4袋", "", "", "", 100000), ("100kg(4袋)", "", "", "", 100000),
        (12.5, "", "", "kg", 12500), (12.5, "", "", "（斤）", 6250), (3, "袋×25kg", "", "", 75000), (4, "", "25kg/袋", "", 100000), (4, "", "斤", "", 2000),
    ],
)  # fmt: skip
def test_the_weight_is_found(cell: object, unit: str, spec: str, header: str, weight: int) -> None:
    assert grams(cell, unit, spec, header) == weight


@pytest.mark.parametrize(
    ("cell", "unit", "spec", "product"),
    [
        (3, "", "", ""), (3, "袋", "散装", ""), (3, "袋", "20-25kg/袋", ""), (3, "个", "", ""), (2, "桶", "5L/桶", "菜籽油"), (-3, "斤", "", ""),
        (3, "捧", "", ""), ("约3斤", "", "", ""), (10**9, "吨", "", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_asked_for(cell: object, unit: str, spec: str, product: str) -> None:
    with pytest.raises(Unreadable):
        grams(cell, unit, spec, product=product)


def test_litres_of_what_is_nearly_water_are_taken_as_kilograms_with_a_warning() -> None:
    milk = weigh(Decimal(2), "箱", spec="250ml×24盒/箱", product="纯牛奶")
    assert (milk.grams, [note.code for note in milk.warnings]) == (12000, ["volume-as-weight"])
    assert weigh(Decimal(2), "瓶", spec="500ml/瓶", product="生抽酱油").grams == 1000


@given(st.decimals(min_value=0, max_value=10**5, places=3))
def test_kilograms_and_jin_agree(number: Decimal) -> None:
    kilograms = weigh(number, "公斤").grams
    assert kilograms == weigh(number * 2, "斤").grams == int(number * 1000)


@given(st.integers(1, 500), st.integers(1, 100), st.integers(1, 50))
def test_a_pack_of_packs_multiplies(inner: int, times: int, packs: int) -> None:
    assert weigh(Decimal(packs), "箱", spec=f"{inner}g*{times}袋/箱").grams == inner * times * packs


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    parse_spec(text)
    unit_of(text)
    with suppress(Unreadable):
        told = read_quantity(text)
        assert weigh(told.number, told.unit, spec=told.spec).grams >= 0
