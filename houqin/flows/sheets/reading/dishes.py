"""A cell of a weighed menu: dishes, each with its ingredients and what one eater is given of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.lib.numbers import rounded
from houqin.lib.specs import GRAMS_A_UNIT, MILLILITRES_A_UNIT
from houqin.lib.text import clean, tidy_lines

_UNITS = sorted([*GRAMS_A_UNIT, *MILLILITRES_A_UNIT], key=len, reverse=True)
_UNIT = "|".join(map(re.escape, _UNITS))
_AFTER = re.compile(
    rf"^(?P<name>.*?[^\d\s.:：])\s*[:：]?\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>{_UNIT})?(?P<each>个|只|枚|片|条|块|根)?(?:[/每].{{0,3}})?$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"^(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>{_UNIT})?(?P<each>个|只|枚|片|条|块|根)?\s*(?P<name>[^\d\s].*)$",
    re.IGNORECASE,
)
_OPEN, _CLOSE = "([{【〔", ")]}】〕"
_MILLI = Decimal(1000)


@dataclass(frozen=True)
class Ingredient:
    """What goes into one portion; `milligrams` is None where the menu gives no weight (鸡蛋1个)."""

    name: str
    milligrams: int | None


@dataclass(frozen=True)
class Dish:
    """One dish with its ingredients; none for a dish that the menu only names."""

    name: str
    ingredients: tuple[Ingredient, ...] = ()


@dataclass(frozen=True)
class Dishes:
    """All dishes of one meal."""

    dishes: tuple[Dish, ...]
    warnings: tuple[Note, ...] = ()


def read_dishes(text: str) -> Dishes:
    """``青椒肉丝（青椒70g、鲜猪肉40g）\\n米饭(大米90克)`` → dishes; also ``土豆丝：土豆110g，油5g；白粥``."""
    warnings: list[Note] = []
    dishes = [_dish(part, warnings) for part in _split(_bracketed(tidy_lines(text)), "\n;；")]
    return Dishes(tuple(dish for found in dishes for dish in found), tuple(warnings))


def _bracketed(text: str) -> str:
    """Join a line that begins with a bracket, or lies inside one, to the line before."""
    text = re.sub(r"\n(?=[(（\[【])", "", text)
    joined, depth = [], 0
    for char in text:
        depth += (char in _OPEN) - (char in _CLOSE)
        joined.append("、" if char == "\n" and depth > 0 else char)
    return "".join(joined)


def _split(text: str, marks: str) -> list[str]:
    """Split at `marks` outside of brackets."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth = max(0, depth + (char in _OPEN) - (char in _CLOSE))
        if char in marks and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [part.strip() for part in [*parts, current] if part.strip()]


def _dish(text: str, warnings: list[Note]) -> list[Dish]:
    text = re.sub(r"^\s*(?:\d+\s*[.、)]|[①-⑩●•·\-*])\s*(?=\D)", "", text)
    if not any(mark in text for mark in _OPEN):
        name, colon, rest = text.replace("：", ":").partition(":")
        if colon and rest:
            return [Dish(clean(name), _ingredients(rest, warnings))]
        return _plain(text, warnings)
    parts = _split(re.sub(r"(?<=[)）\]】])\s+", "、", text), "、,，+")
    return [_with_bracket(part, warnings) for part in parts]


def _with_bracket(text: str, warnings: list[Note]) -> Dish:
    at = min((text.index(mark) for mark in _OPEN if mark in text), default=len(text))
    inside = text[at + 1 :].rstrip().rstrip(_CLOSE)
    return Dish(clean(text[:at].strip(" :：")), _ingredients(inside, warnings))


def _plain(text: str, warnings: list[Note]) -> list[Dish]:
    """No brackets, no colon: ``纯牛奶200g`` is a dish of itself, ``米饭、白粥`` are two dishes."""
    dishes = []
    for part in _split(text, "、,，+"):
        words = part.split(" ")
        if len(words) > 2 and all(re.search(r"\d", word) for word in words[1:]):
            dishes.append(Dish(clean(words[0]), _ingredients("、".join(words[1:]), warnings)))
            continue
        found = _AFTER.match(part)
        if found:
            dishes.append(Dish(clean(found["name"]), _ingredients(part, warnings)))
        else:
            dishes.append(Dish(clean(part)))
    return dishes


def _ingredients(text: str, warnings: list[Note]) -> tuple[Ingredient, ...]:
    pieces = (
        _split(text, "、,，;；+\n/")
        if not re.search(r"\d\s*(?:g|克)\s*/\s*[人份生]", text)
        else _split(text, "、,，;；+\n")
    )
    if len(pieces) == 1 and " " in pieces[0] and len(re.findall(r"\d+", pieces[0])) > 1:
        pieces = re.split(r"(?<=[g克斤l升\d])\s+(?=\D)", pieces[0])
    return tuple(_ingredient(piece, warnings) for piece in pieces if piece.strip(" .。"))


def _ingredient(text: str, warnings: list[Note]) -> Ingredient:
    found = _AFTER.match(text.strip()) or _BEFORE.match(text.strip())
    if not found:
        return Ingredient(clean(text), None)
    name, unit = clean(found["name"].strip(" :：x×*")), (found["unit"] or "").casefold()
    if found["each"] and not unit:
        warnings.append(Note("counted-ingredient", _("%(name)s is counted, not weighed, in the menu."), {"name": name}))
        return Ingredient(name, None)
    factor = GRAMS_A_UNIT.get(unit) or MILLILITRES_A_UNIT.get(unit) or Decimal(1)
    return Ingredient(name, int(rounded(Decimal(found["number"]) * factor * _MILLI)))
