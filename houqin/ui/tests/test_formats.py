"""Figures, days and masks as they are read."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from houqin.lib.text import harmless
from houqin.ui import formats
from houqin.ui.masks import mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("grams", "shown"),
    [(213_400, "213.4"), (12_000, "12"), (1_234_567, "1,234.57"), (5, "0.01"), (0, "0"), (-250, "-0.25"), (None, "—")],
)
def test_grams_are_shown_as_kilograms_with_two_decimals_at_most(grams, shown):
    assert formats.kilograms(grams) == shown


def test_money_is_shown_with_both_decimals_and_thousands():
    assert [formats.yuan(value) for value in (123_450, -5, 0, None)] == ["¥1,234.50", "-¥0.05", "¥0.00", "—"]


def test_a_day_carries_its_weekday_and_a_moment_the_school_s_clock():
    late = datetime(2024, 3, 3, 23, 20, tzinfo=UTC)
    with translation.override("en"):
        assert formats.day(date(2024, 3, 4)) == "2024-03-04 Mon"
        assert formats.day(late) == "2024-03-04 Mon"
    assert formats.instant(late) == "2024-03-04 07:20"


def test_a_share_never_stands_without_its_count():
    assert formats.percent(48, 50) == "96 % (48/50)"
    assert formats.percent(0, 0) == "—"


def test_masks_leave_what_tells_people_apart_and_no_more():
    assert mask_phone("13812341234") == "138****1234"
    assert mask_phone("4321") == "**21"
    assert mask_name("王小明") == "王**"
    assert mask_name("王") == "王*"
    assert mask_id("420606199001011234") == "420606**********34"
    assert mask_id("123") == "***"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_looks_like_a_formula_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


def test_other_text_is_left_as_it_is():
    assert harmless("大米 5 kg") == "大米 5 kg"


def test_words_are_listed_with_the_comma_of_the_language():
    assert formats.listed(["米", "", "面", "油"]) == "米、面、油"
    assert formats.listed([]) == ""
    with translation.override("en"):
        assert formats.listed(["rice", "flour"]) == "rice, flour"
