"""What a table costs, when it is due, and what a cell may hold. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

READING = 30
"""Seconds to read the notice and send the answer."""
SECONDS = {"text": 25, "count": 15, "number": 15, "money": 15, "yes_no": 5, "choice": 8, "date": 10}
CONFIRMING = 3
"""Seconds to look at a value that stands there already."""
ROWS_EXPECTED = 3
"""Rows reckoned with where a school may write several."""
LONGEST_TEXT = 500
LARGEST = 10**15


@dataclass(frozen=True)
class Asked:
    """One column as it costs: what it holds, and how many of the schools find it filled in."""

    kind: str
    filled: int = 0


@dataclass(frozen=True)
class Cost:
    """What a table costs those who fill it in. Minutes a school are rounded up: nobody is told less than it takes."""

    schools: int
    seconds: int
    not_asked: int

    @property
    def minutes_a_school(self) -> int:
        """Minutes of one school on average."""
        return -(-self.seconds // (60 * self.schools)) if self.schools else 0

    @property
    def minutes(self) -> int:
        """Minutes of all schools."""
        return self.minutes_a_school * self.schools


def cost(columns: Iterable[Asked], schools: int, *, several_rows: bool = False) -> Cost:
    """The time of all schools, and how many cells they need not type."""
    rows = ROWS_EXPECTED if several_rows else 1
    seconds, not_asked = READING * schools, 0
    for column in columns:
        filled = min(column.filled, schools)
        seconds += rows * (SECONDS[column.kind] * (schools - filled) + CONFIRMING * filled)
        not_asked += filled
    return Cost(schools, seconds, not_asked)


def due_day(start: date, days: int, is_working: Sequence[bool] | None = None) -> date:
    """The last day of so many days after ``start``. With ``is_working`` (of the days that follow) only these count."""
    if is_working is None:
        return start + timedelta(days=days)
    left = days
    for number, works in enumerate(is_working, start=1):
        left -= works
        if left == 0:
            return start + timedelta(days=number)
    return start + timedelta(days=len(is_working))


def fits(kind: str, value: object, *, choices: Sequence[str] = ()) -> bool:
    """Whether a stored value is what its column holds."""
    if kind in {"count", "number", "money"}:
        least = 0 if kind == "count" else -LARGEST
        return type(value) is int and least <= value <= LARGEST
    if kind == "yes_no":
        return type(value) is bool
    if kind == "date":
        return type(value) is date
    if kind == "choice":
        return value in choices
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT
