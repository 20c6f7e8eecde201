"""What a number, a date and a validity say. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from houqin.lib.codes import credit_code_check, is_identity_number, licence_check_digit
from houqin.lib.dates import add_months

MOST_YEARS = 20
FORMATS = {"jy": ("JY", 16), "sc": ("SC", 16), "uscc": ("", 18)}
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Fault(StrEnum):
    """What is wrong with a number."""

    IDENTITY = "identity"
    OLD = "old"
    OTHER_KIND = "other_kind"
    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"


class BadNumber(ValueError):
    """A number that cannot be right: ``fault`` says how, ``place`` counts from 1, ``expected`` is what belongs there."""

    def __init__(self, fault: Fault, *, place: int = 0, expected: str = "") -> None:
        super().__init__(fault)
        self.fault, self.place, self.expected = fault, place, expected


def plain_number(text: str) -> str:
    """A number as it is kept: full-width signs made plain, no blanks, capitals."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def checked_number(form: str, text: str) -> str:
    """The number as it is kept. Raises BadNumber where it cannot be one of this form."""
    number = plain_number(text)
    if is_identity_number(number):
        raise BadNumber(Fault.IDENTITY)
    if form in FORMATS and number:
        _check_form(form, number)
    return number


def _check_form(form: str, number: str) -> None:
    prefix, length = FORMATS[form]
    head = re.match(r"[A-Z]*", number)[0] if prefix else ""  # type: ignore[index]
    if prefix and head == "QS":
        raise BadNumber(Fault.OLD)
    if prefix and head != prefix:
        known = {start for start, _length in FORMATS.values() if start}
        raise BadNumber(Fault.OTHER_KIND if head in known else Fault.CHARACTER, place=1, expected=prefix)
    if len(number) != length:
        raise BadNumber(Fault.LENGTH, expected=str(length))
    allowed = "0123456789" if prefix else ALPHABET
    for place, char in enumerate(number[len(prefix) :], start=len(prefix) + 1):
        if char not in allowed:
            raise BadNumber(Fault.CHARACTER, place=place)
    right = licence_check_digit(number[2:-1]) if prefix else credit_code_check(number[:-1])
    if number[-1] != right:
        raise BadNumber(Fault.CHECK, place=length, expected=right)


def is_old_number(number: str) -> bool:
    """A bare QS number: no longer valid since 2018-10-01 (CO-09)."""
    return plain_number(number).startswith("QS")


def last_day(issued: date, months: int) -> date:
    """Until when something issued on a day holds for so many months: a year from 1 March ends on the last of February."""
    return add_months(issued, months) - timedelta(days=1)


class BadDates(ValueError):
    """Dates that cannot be right: ``field`` names the entry, ``code`` says why, ``day`` is what would be right."""

    def __init__(self, field: str, code: str, day: date | None = None) -> None:
        super().__init__(code)
        self.field, self.code, self.day = field, code, day


def check_dates(issued: date | None, expires: date | None, *, today: date, months: int | None, strict: bool) -> None:
    """Raise BadDates for what cannot be: issued in days to come, ended before it began, longer than law lets it hold.

    ``strict`` also refuses one that has ended already: somebody who records from old paper may write it.
    """
    if issued and issued > today:
        raise BadDates("issued_on", "future")
    if issued and issued.year < today.year - MOST_YEARS * 2:
        raise BadDates("issued_on", "long_ago")
    if issued and expires and expires < issued:
        raise BadDates("expires_on", "before_issue")
    if issued and expires and months and expires > add_months(issued, months):
        raise BadDates("expires_on", "too_long", last_day(issued, months))
    if expires and expires.year > today.year + MOST_YEARS:
        raise BadDates("expires_on", "impossible")
    if strict and expires and expires < today:
        raise BadDates("expires_on", "ended", expires)


@dataclass(frozen=True)
class Held:
    """A credential as rules see it."""

    kind: str
    issued_on: date | None
    expires_on: date | None
    revoked_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is valid on a day."""
        begun = self.issued_on is None or self.issued_on <= day
        lasts = self.expires_on is None or self.expires_on >= day
        return begun and lasts and (self.revoked_on is None or self.revoked_on > day)


def accepted_for(kind: str, stands_for: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The kinds that are good enough where ``kind`` is asked for: itself and those that stand for it."""
    return frozenset({kind, *(code for code, kinds in stands_for.items() if kind in kinds)})


@dataclass(frozen=True)
class Stage:
    """The window in which the renewal of a paper stands: from one reminder to the next, the last one until its end."""

    opens: date
    due: date
    is_last: bool


def stage_on(expires: date, today: date, reminders: Collection[int], *, ahead: int = 0) -> Stage | None:
    """The window of a day, or the first when it opens within so many days; None when it is not asked for yet.

    What has ended stays in its last window.
    """
    begins = [expires - timedelta(days=days) for days in sorted(set(reminders), reverse=True)]
    if not begins or begins[0] > today + timedelta(days=ahead):
        return None
    number = max(sum(day <= today for day in begins) - 1, 0)
    is_last = number + 1 == len(begins)
    return Stage(begins[number], expires if is_last else begins[number + 1], is_last)


def masked(number: str) -> str:
    """A personal number with its middle covered."""
    if len(number) <= 4:
        return "*" * len(number)
    return f"{number[:2]}{'*' * (len(number) - 4)}{number[-2:]}"
