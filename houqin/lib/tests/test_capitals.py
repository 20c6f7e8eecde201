"""Money in capital numerals."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.lib.capitals import capital_yuan

DIGITS = {word: number for number, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(words: str) -> int:
    """Fen, by reading the numerals from left to right."""
    words = words.removeprefix("人民币")
    sign = -1 if words.startswith("负") else 1
    total = section = digit = fen = 0
    for letter in words.removeprefix("负").removesuffix("整"):
        if letter in DIGITS:
            digit = DIGITS[letter]
            continue
        if letter in PLACES:
            section += digit * PLACES[letter]
        elif letter == "万":
            total, section = total + (section + digit) * 10_000, 0
        elif letter == "亿":
            total, section = (total + section + digit) * 10**8, 0
        elif letter == "元":
            fen, total, section = (total + section + digit) * 100, 0, 0
        else:
            fen += digit * {"角": 10, "分": 1}[letter]
        digit = 0
    return sign * fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (5, "伍分"), (50, "伍角"), (1000, "壹拾元整"), (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"), (168032, "壹仟陆佰捌拾元叁角贰分"), (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"), (1050000, "壹万零伍佰元整"), (100000100, "壹佰万零壹元整"), (10**10, "壹亿元整"),
        (-1050, "负壹拾元伍角"), (10000100000, "壹亿零壹仟元整"),
    ],
)  # fmt: skip
def test_amounts_are_written_as_on_a_voucher(fen: int, words: str) -> None:
    assert capital_yuan(fen) == f"人民币{words}"


sparse = st.text(alphabet="0000123456789", min_size=1, max_size=14).map(int)


@given(st.one_of(sparse, st.integers(min_value=-(10**14), max_value=10**14)))
def test_what_is_written_reads_back_as_the_same_amount(fen: int) -> None:
    words = capital_yuan(fen)
    assert read_back(words) == fen
    assert not re.search("零零|零[万亿元]", words.replace("零元整", ""))


def test_more_than_there_is_money_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        capital_yuan(10**20)
