"""Numbers as people write them, read into exact decimals; what is only roughly said is refused."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from houqin.lib.notes import mark as _
from houqin.lib.notes import unreadable
from houqin.lib.text import squeezed

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_ROUGHLY = ("约", "大约", "左右", "多", "余", "几", "近", "不足", "~", "以上", "以下")
_KEY_DIGITS = 18
_DIGITS = {ch: n for n, ch in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3,
           "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}  # fmt: skip
_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def read_decimal(value: object) -> Decimal:
    """The number in a cell: ``１８．３``, ``1,234.5``, ``十二`` and numeric cells; `Unreadable` for anything else.

    Numeric cells are taken at the 15 significant digits a spreadsheet shows, so 67.00000000000001 is 67.
    """
    if isinstance(value, bool):
        raise unreadable("no-number", _("“%(text)s” is not a number."), text=value)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise unreadable("no-number", _("“%(text)s” is not a number."), text=value)
        return Decimal(format(value, ".15g"))
    return _from_text(squeezed(value))


def _from_text(text: str) -> Decimal:
    text = text.replace("−", "-").replace("﹣", "-").replace("。", ".") if text else text
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if text and all(ch in _DIGITS or ch in _SCALES or ch in "半点" for ch in text):
        return chinese_number(text)
    if any(word in text for word in _ROUGHLY):
        raise unreadable("rough-number", _("“%(text)s” is only a rough number. Write the exact one."), text=text)
    raise unreadable("no-number", _("“%(text)s” is not a number."), text=text)


def chinese_number(text: str) -> Decimal:
    """一百零五 → 105, 二十五 → 25, 半 → 0.5, 一点五 → 1.5, 二〇二四 → 2024."""
    if text == "半":
        return Decimal("0.5")
    whole, point, fraction = text.partition("点")
    if not whole or "半" in text or (point and not fraction):
        raise unreadable("no-number", _("“%(text)s” is not a number."), text=text)
    digits = "".join(str(_DIGITS[ch]) for ch in fraction if ch in _DIGITS)
    if len(digits) != len(fraction):
        raise unreadable("no-number", _("“%(text)s” is not a number."), text=text)
    return Decimal(f"{_chinese_whole(whole)}.{digits}" if digits else _chinese_whole(whole))


def _chinese_whole(text: str) -> int:
    if all(ch in _DIGITS for ch in text):
        return int("".join(str(_DIGITS[ch]) for ch in text))
    total, pending = 0, 0
    for ch in text:
        if ch in _DIGITS:
            pending = _DIGITS[ch]
        else:
            total += (pending or 1) * _SCALES[ch]
            pending = 0
    return total + pending


def whole(text: str) -> int | None:
    """The number of a row that an address or a form names: ASCII digits only, and no more than a database's key holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _KEY_DIGITS else None


def rounded(value: Decimal, to: str = "1") -> Decimal:
    """Half up, as a till does it."""
    return value.quantize(Decimal(to), rounding=ROUND_HALF_UP)


def read_count(value: object) -> int:
    """A whole number of things or people, with or without 人/名/个/班 behind it."""
    if isinstance(value, str):
        value = re.sub(r"(人|名|个班|个|班|岁|份|位|户)$", "", squeezed(value))
    number = read_decimal(value)
    if number != number.to_integral_value():
        raise unreadable("no-whole-number", _("“%(text)s” is not a whole number."), text=value)
    if number < 0:
        raise unreadable("negative", _("“%(text)s” is negative."), text=value)
    if number > 10**12:
        raise unreadable("too-large", _("“%(text)s” is too large to be true."), text=value)
    return int(number)
