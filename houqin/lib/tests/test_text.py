"""Text out of cells."""

from hypothesis import given
from hypothesis import strategies as st

from houqin.lib.text import clean, in_turn, is_ditto, is_nothing, name_key, squeezed, tidy


def test_full_width_and_every_kind_of_space_are_evened_out() -> None:
    assert tidy("　Ａ１\u200b ２．５\u00a0\n ") == "A1 2.5"
    assert squeezed("合　　计") == "合计"
    assert clean(" 豆腐　（嫩）１号 ") == "豆腐 （嫩）1号"
    assert clean("大 白 菜") == "大白菜"


def test_marks_for_nothing_and_as_above() -> None:
    assert all(is_nothing(mark) for mark in ("", "/", "—", "无", " - "))
    assert all(is_ditto(mark) for mark in ("〃", "同上", '"'))
    assert not is_nothing("0")


@given(st.text(max_size=50))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert name_key(name_key(text)) == name_key(text)


def test_names_are_sorted_as_people_count() -> None:
    names = ["10 号灭火器", "2 号灭火器", "宿舍 101", "1 号灭火器", "宿舍 9"]
    assert sorted(names, key=in_turn) == ["1 号灭火器", "2 号灭火器", "10 号灭火器", "宿舍 9", "宿舍 101"]
