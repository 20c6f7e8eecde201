"""From what is typed to what is stored, and back to words: 7.8 → 78 tenths → "7.8 °C"."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import get_current_timezone, is_naive, localtime, make_aware
from django.utils.translation import gettext as _

from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.rules.slips import read
from houqin.lib.notes import Unreadable
from houqin.ui import formats

MOST = 10**12
TEXT, LONG, NAME = 200, 2000, 120
_YES = frozenset({"true", "yes", "y", "1", "on", "是", "有", "√", "✓", "正常", "合格"})
_NO = frozenset({"false", "no", "n", "0", "off", "否", "无", "×", "x", "异常", "不合格"})
_CLOCK = re.compile(r"([01]?\d|2[0-3])\s*[:点时.]\s*([0-5]\d)\s*分?")
_UNITS = {"temperature": ("°C", "℃", "C", "度"), "weight": ("kg", "公斤", "千克", "g", "克")}


class Untypable(Exception):
    """What was typed is no value of its column; the message says what to type instead."""


def typed(column: Column, text: str) -> Any:
    """The stored form of what was typed; None when nothing was. Raises Untypable."""
    found = unicodedata.normalize("NFKC", text).strip()
    if not found:
        return None
    if column.is_measured:
        return _measured(column, found)
    if column.kind == "choices":
        parts = [part for part in re.split(r"[,;、;\s]+", found) if part]
        return checked(column, [_choice(column, part) for part in parts])
    reading: dict[str, Callable[[], Any]] = {
        "yes_no": lambda: _yes_no(found),
        "choice": lambda: _choice(column, found),
        "clock": lambda: _clock(found),
        "moment": lambda: _moment(found),
        "day": lambda: _day(found),
        "person": lambda: {"id": "", "name": found},
        "place": lambda: {"id": "", "name": found},
    }
    return checked(column, reading[column.kind]() if column.kind in reading else found)


def checked(column: Column, value: Any) -> Any:
    """The value, when it is one of this column as it is stored; raises Untypable."""
    if value is None:
        return None
    if column.is_measured:
        if type(value) is not int or abs(value) > MOST:
            raise Untypable(_("Type a number."))
        if value < 0 and column.kind in ("count", "weight"):
            raise Untypable(_("This cannot be less than nothing."))
        return value
    problem = _PROBLEMS.get(column.kind, _no_text)(column, value)
    if problem:
        raise Untypable(problem)
    return value


def decimals_of(column: Column) -> int:
    """How many decimals may be typed."""
    if column.kind == "temperature":
        return 1
    if column.kind == "weight":
        return 3 if column.unit == "kg" else 0
    return column.decimals if column.kind == "number" else 0


def unit_of(column: Column) -> str:
    """The unit as people read it."""
    if column.kind == "temperature":
        return "°C"
    if column.kind == "weight":
        return column.unit or "g"
    return _("min") if column.unit == "min" else column.unit


def figure(column: Column, value: int) -> Decimal:
    """A stored measured value as it was typed, without its unit: 78 tenths → 7.8."""
    return Decimal(value) / column.per_unit


def in_words(column: Column, value: Any, language: str) -> str:
    """A stored value as people read it: 7.8 °C, yes, steam, 07:05."""
    if value is None or value in ("", []):
        return formats.NOTHING
    if column.is_measured:
        return with_unit(column, figure(column, value))
    if column.kind == "yes_no":
        return _("yes") if value else _("no")
    if column.kind in ("choice", "choices"):
        codes = [value] if isinstance(value, str) else value
        titles = {one.code: one.zh if language.startswith("zh") else one.en for one in column.choices}
        return formats.listed(titles.get(code, str(code)) for code in codes)
    if column.kind == "moment":
        return f"{localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return str(value.get("name", "")) if isinstance(value, Mapping) else str(value)


def with_unit(column: Column, value: Decimal) -> str:
    """A figure with the unit of its column."""
    return f"{formats.number(value, 3)} {unit_of(column)}".strip()


def _measured(column: Column, text: str) -> int:
    unit = unit_of(column)
    bare = text
    for known in (unit, *_UNITS.get(column.kind, ())):
        if known and bare.lower().endswith(known.lower()):
            bare = bare[: -len(known)].strip()
            break
    if column.kind == "temperature" and re.search(r"\d\s*(°|º)?\s*F$", bare, re.IGNORECASE):
        raise Untypable(_("Type degrees Celsius (°C)."))
    try:
        number = read(bare)
    except Unreadable:
        raise Untypable(_("Type a number in %(unit)s.") % {"unit": unit} if unit else _("Type a number.")) from None
    if abs(number) > MOST:
        raise Untypable(_("Type a number."))
    stored = number * column.per_unit
    if stored != stored.to_integral_value() or -_exponent(number) > decimals_of(column):
        raise Untypable(_too_exact(decimals_of(column)))
    return int(checked(column, int(stored)))


def _exponent(number: Decimal) -> int:
    return int(number.normalize().as_tuple().exponent)


def _too_exact(decimals: int) -> str:
    if decimals == 0:
        return _("Type a whole number.")
    return _("Type at most %(count)s digits after the point.") % {"count": decimals}


def _yes_no(text: str) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise Untypable(_("Answer yes or no."))


def _choice(column: Column, text: str) -> str:
    for one in column.choices:
        if text in (one.code, one.zh, one.en):
            return one.code
    raise Untypable(_no_choice(column, text))


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text) or re.fullmatch(r"([01]\d|2[0-3])([0-5]\d)", text)
    if found is None:
        raise Untypable(_("Type a time of day such as 07:30."))
    return f"{int(found[1]):02d}:{found[2]}"


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Untypable(_("Type a day and a time such as 2024-03-04 07:30.")) from None
    aware = make_aware(moment, get_current_timezone()) if is_naive(moment) else moment
    return aware.astimezone(UTC).isoformat()


def _day(text: str) -> str:
    parts = re.fullmatch(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", text)
    try:
        return (
            date(*(int(part) for part in parts.groups())).isoformat() if parts else date.fromisoformat(text).isoformat()
        )
    except ValueError:
        raise Untypable(_("Type a day such as 2024-03-04.")) from None


def _no_yes_no(column: Column, value: Any) -> str:
    return "" if isinstance(value, bool) else _("Answer yes or no.")


def _no_choice(column: Column, value: Any) -> str:
    if isinstance(value, str) and any(one.code == value for one in column.choices):
        return ""
    return _("Choose one of the list: %(choices)s.") % {"choices": formats.listed(one.zh for one in column.choices)}


def _no_choices(column: Column, value: Any) -> str:
    if not isinstance(value, list):
        return _no_choice(column, "")
    return next((problem for one in value if (problem := _no_choice(column, one))), "")


def _no_clock(column: Column, value: Any) -> str:
    right = isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value)
    return "" if right else _("Type a time of day such as 07:30.")


def _no_moment(column: Column, value: Any) -> str:
    try:
        aware = not is_naive(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        aware = False
    return "" if aware else _("Type a day and a time such as 2024-03-04 07:30.")


def _no_day(column: Column, value: Any) -> str:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return _("Type a day such as 2024-03-04.")
    return ""


def _no_named(column: Column, value: Any) -> str:
    right = (
        isinstance(value, dict) and set(value) == {"id", "name"} and all(isinstance(one, str) for one in value.values())
    )
    if not right or not value["name"].strip() or len(value["name"]) > NAME:
        return _("Choose a name of the list, or write one.")
    return ""


def _no_text(column: Column, value: Any) -> str:
    most = LONG if column.kind == "long" else TEXT
    if not isinstance(value, str):
        return _("Write a few words.")
    return "" if len(value) <= most else _("Write at most %(count)s characters.") % {"count": most}


_PROBLEMS = {
    "yes_no": _no_yes_no, "choice": _no_choice, "choices": _no_choices, "clock": _no_clock, "moment": _no_moment,
    "day": _no_day, "person": _no_named, "place": _no_named,
}  # fmt: skip
