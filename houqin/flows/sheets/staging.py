"""Typed values ↔ JSON, natural keys and digests: what a line is, apart from what it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import Any

from houqin.flows.sheets.reading.dishes import Dish, Ingredient
from houqin.lib.money import UnitPrice
from houqin.lib.shelf_life import ShelfLife
from houqin.lib.text import name_key
from houqin.lib.units import Quantity

_TAG = "~"
_PLACING = frozenset({"school", "cell"})  # where it stands, not what it says


def encode(value: Any) -> Any:
    """For a JSON column; `decode` gives the same value back."""
    if isinstance(value, date):
        return {_TAG: "day", "v": value.isoformat()}
    if isinstance(value, Decimal):
        return {_TAG: "number", "v": str(value)}
    if isinstance(value, Quantity):
        return {_TAG: "quantity", "v": [str(value.number), value.unit, value.spec]}
    if isinstance(value, UnitPrice):
        return {_TAG: "price", "v": [value.parts, value.unit]}
    if isinstance(value, ShelfLife):
        return {_TAG: "shelf", "v": [value.months, value.days]}
    if isinstance(value, Dish):
        return {_TAG: "dish", "v": [value.name, [[each.name, each.milligrams] for each in value.ingredients]]}
    if isinstance(value, Mapping):
        return {str(name): encode(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [encode(each) for each in value]
    return value


def decode(value: Any) -> Any:
    """The value that `encode` wrote."""
    if isinstance(value, str):
        return intern(value)  # a grade, a unit, a meal stands on thousands of rows, and so does each field's name
    if isinstance(value, list):
        return [decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    if _TAG not in value:
        return {intern(name): decode(each) for name, each in value.items()}
    return _tagged(value[_TAG], value["v"])


def _tagged(tag: str, told: Any) -> Any:
    match tag:
        case "day":
            return date.fromisoformat(told)
        case "number":
            return Decimal(told)
        case "quantity":
            return Quantity(Decimal(told[0]), told[1], told[2])
        case "price":
            return UnitPrice(told[0], told[1])
        case "shelf":
            return ShelfLife(told[0], told[1])
        case _:
            return Dish(told[0], tuple(Ingredient(name, milligrams) for name, milligrams in told[1]))


def _hashed(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def key_of(fields: Sequence[str], staged: Mapping[str, Any]) -> str:
    """Which fact a row is, from its encoded values; names are compared without spaces and punctuation."""
    return _hashed([name_key(each) if isinstance(each := staged.get(name), str) else each for name in fields])


def digest_of(staged: Mapping[str, Any]) -> str:
    """What a row says."""
    return _hashed({name: value for name, value in staged.items() if name not in _PLACING and value not in (None, "")})


@lru_cache(maxsize=1024)
def source_of(path: str, sheet: str) -> str:
    """A file and sheet by the name it keeps when it is handed in again: no folder, no copy numbers."""
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    name = re.sub(r"[(（]\d+[)）]$|[-_ ]*(副本|修改|更正|改|最终版|新)\d*$", "", name.strip()).strip()
    return f"{name_key(name)}/{name_key(sheet)}"[:300]
