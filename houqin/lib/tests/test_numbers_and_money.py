"""Numbers and yuan as written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.lib.money import price_times, read_fen, read_unit_price
from houqin.lib.notes import Note, Unreadable
from houqin.lib.numbers import read_count, read_decimal

FULL = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("１８．３", "18.3"), ("1,234.5", "1234.5"), (" 12 ", "12"), ("十二", "12"), ("一百零五", "105"), ("半", "0.5"),
        (67.00000000000001, "67"), (3, "3"), (".5", "0.5"), ("二〇二四", "2024"), ("两", "2"),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(cell: object, number: str) -> None:
    assert read_decimal(cell) == Decimal(number)


@pytest.mark.parametrize("cell", ["约5", "5左右", "abc", "", "12-15", "1,23", True, float("nan"), None, "五点"])
def test_what_is_only_roughly_a_number_is_refused(cell: object) -> None:
    with pytest.raises(Unreadable):
        read_decimal(cell)


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_full_width_and_grouped_writing_change_nothing(number: Decimal) -> None:
    assert read_decimal(str(number).translate(FULL)) == number
    assert read_decimal(f"{number:,}") == number


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_fen_are_exact_for_two_decimals(yuan: Decimal) -> None:
    assert read_fen(str(yuan)) == int(yuan * 100)
    assert read_fen(f"¥{yuan}元") == int(yuan * 100)
    assert read_fen(float(yuan)) == int(yuan * 100)


def test_unit_prices_keep_four_decimals_and_their_unit() -> None:
    assert read_unit_price("3.0051").parts == 30051
    assert read_unit_price("3.5元/斤").unit == "斤"
    assert price_times(30050, Decimal(15)) == 4508


def test_counts_are_whole_and_not_negative() -> None:
    assert read_count("５７４人") == 574
    for cell in ("1.5", "-3", "很多"):
        with pytest.raises(Unreadable):
            read_count(cell)


def test_a_note_survives_its_json() -> None:
    note = Note("a", "%(x)s of %(y)s", {"x": 1, "y": Note("b", "inner %(z)s", {"z": "q"})})
    assert str(Note.from_json(note.as_json())) == "1 of inner q"
