"""Days of deadlines, exact across holidays and adjusted Saturdays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.flows.rectify.days import is_working
from houqin.flows.rectify.rules import due_day, numbered, working_days_late

# start, working days, the day by which it is put right; State Council's notices for 2024, 2025 and 2026.
CASES = [
    # Spring Festival 2024: off 10–17 Feb, work on Sun 4 Feb and Sun 18 Feb.
    ("2024-02-02", 1, "2024-02-04"), ("2024-02-02", 2, "2024-02-05"), ("2024-02-03", 1, "2024-02-04"),
    ("2024-02-08", 1, "2024-02-09"), ("2024-02-09", 1, "2024-02-18"), ("2024-02-09", 2, "2024-02-19"),
    ("2024-02-08", 3, "2024-02-19"), ("2024-02-12", 1, "2024-02-18"), ("2024-02-18", 1, "2024-02-19"),
    # Qingming and Labour Day 2024: work on Sun 7 Apr, Sun 28 Apr, Sat 11 May.
    ("2024-04-03", 1, "2024-04-07"), ("2024-04-06", 1, "2024-04-07"), ("2024-04-26", 1, "2024-04-28"),
    ("2024-04-30", 1, "2024-05-06"), ("2024-05-10", 1, "2024-05-11"), ("2024-05-10", 2, "2024-05-13"),
    # Mid-Autumn and National Day 2024: work on Sat 14 Sep, Sun 29 Sep, Sat 12 Oct.
    ("2024-09-13", 1, "2024-09-14"), ("2024-09-14", 1, "2024-09-18"), ("2024-09-27", 1, "2024-09-29"),
    ("2024-09-30", 1, "2024-10-08"), ("2024-09-30", 5, "2024-10-12"), ("2024-09-30", 6, "2024-10-14"),
    ("2024-10-11", 1, "2024-10-12"), ("2024-10-03", 1, "2024-10-08"),
    # Spring Festival 2025: off 28 Jan – 4 Feb, work on Sun 26 Jan and Sat 8 Feb.
    ("2025-01-24", 1, "2025-01-26"), ("2025-01-25", 1, "2025-01-26"), ("2025-01-27", 1, "2025-02-05"),
    ("2025-01-26", 2, "2025-02-05"), ("2025-02-07", 1, "2025-02-08"), ("2025-02-07", 2, "2025-02-10"),
    ("2025-02-01", 3, "2025-02-07"), ("2025-02-01", 4, "2025-02-08"),
    # Labour Day and Dragon Boat 2025: work on Sun 27 Apr.
    ("2025-04-25", 1, "2025-04-27"), ("2025-04-30", 1, "2025-05-06"), ("2025-05-30", 1, "2025-06-03"),
    # National Day and Mid-Autumn 2025: off 1–8 Oct, work on Sun 28 Sep and Sat 11 Oct.
    ("2025-09-26", 1, "2025-09-28"), ("2025-09-30", 1, "2025-10-09"), ("2025-09-30", 3, "2025-10-11"),
    ("2025-09-30", 4, "2025-10-13"), ("2025-10-08", 1, "2025-10-09"), ("2025-10-10", 1, "2025-10-11"),
    # Ordinary weeks.
    ("2024-03-04", 1, "2024-03-05"), ("2024-03-08", 1, "2024-03-11"), ("2024-03-04", 5, "2024-03-11"),
    ("2024-03-04", 10, "2024-03-18"),
]  # fmt: skip


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(("start", "count", "due"), CASES)
def test_a_deadline_counts_working_days(start: str, count: int, due: str) -> None:
    assert due_day(date.fromisoformat(start), count, is_working) == date.fromisoformat(due)


@given(st.dates(date(2023, 1, 1), date(2026, 6, 1)), st.integers(1, 60))
def test_a_deadline_is_a_working_day_and_exactly_so_many_later(start: date, count: int) -> None:
    due = due_day(start, count, is_working)
    assert is_working(due)
    assert working_days_late(start, due, is_working) == count


@given(st.dates(date(2023, 1, 1), date(2026, 6, 1)), st.integers(0, 40))
def test_nothing_is_late_before_its_day(due: date, early: int) -> None:
    assert working_days_late(due, due - timedelta(days=early), is_working) == 0


def test_no_deadline_is_today() -> None:
    with pytest.raises(ValueError, match="at least one"):
        due_day(date(2024, 3, 4), 0, is_working)


def test_numbers_are_read_aloud() -> None:
    assert numbered(date(2024, 3, 4), 11) == "WT-20240304-0012"
