"""Weights as kitchens write them → integer grams: 斤, 公斤, KG, and packs whose content a specification states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from houqin.lib.notes import Note, Unreadable, unreadable
from houqin.lib.notes import mark as _
from houqin.lib.numbers import read_decimal, rounded
from houqin.lib.specs import GRAMS_A_UNIT, MILLILITRES_A_UNIT, Spec, pack_name, parse_spec
from houqin.lib.text import squeezed

_LARGEST_GRAMS = 10**10  # ten thousand tonnes: more than any school can receive
_LEADING_NUMBER = re.compile(r"^(?P<number>[+-]?[\d.,]*\d)(?P<rest>[^\d].*)?$")
_CHINESE_LEADING = re.compile(
    r"^(?P<number>[零一二三四五六七八九十百半两]+)(?P<rest>(?:市斤|斤|公斤|千克|kg|袋|件|桶|箱|瓶|包|盒).*)$"
)
_OILS = re.compile(r"油")
_NOT_OILS = re.compile(r"酱油|生抽|老抽|蚝油|豉油|油菜|油麦|油条|油豆|油饼|油面|油桃|奶油")


@dataclass(frozen=True)
class Mass:
    """Grams, how they were found (a Note for the preview), and what to look at."""

    grams: int
    how: Note | None = None
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Quantity:
    """What a quantity cell says by itself: a number, perhaps its unit, perhaps a specification."""

    number: Decimal
    unit: str = ""
    spec: str = ""


def read_quantity(value: object) -> Quantity:
    """``12.5``, ``１２．５斤``, ``4袋``, ``4袋×25kg``, ``4×25kg``, ``25kg×4袋``, ``100kg(4袋)``."""
    if not isinstance(value, str):
        return Quantity(read_decimal(value))
    text = squeezed(value).replace("×", "*").replace("x", "*").replace("X", "*")
    found = _LEADING_NUMBER.match(text) or _CHINESE_LEADING.match(text)
    if not found or not found["rest"]:
        return Quantity(read_decimal(text))
    number, rest = read_decimal(found["number"]), found["rest"].lstrip()
    if rest.startswith("*"):
        return Quantity(number, "件", rest[1:])
    unit, star, after = rest.partition("*")
    unit, bracket, inside = unit.partition("(")
    if star and unit.casefold() in GRAMS_A_UNIT and (packs := _LEADING_NUMBER.match(after)):
        return Quantity(read_decimal(packs["number"]), packs["rest"] or "件", f"{number}{unit}")
    if star:
        return Quantity(number, unit, after)
    return Quantity(number, unit, inside.rstrip(")") if bracket else "")


def is_oil(product: str) -> bool:
    """Would litres of it weigh clearly less than kilograms?"""
    return bool(_OILS.search(product)) and not _NOT_OILS.search(product)


def weigh(number: Decimal, unit: str, *, spec: str = "", header_unit: str = "", product: str = "") -> Mass:
    """`number` of `unit` in grams. A missing unit is taken from the header; packs take their content from `spec`.

    Raises `Unreadable` when the weight cannot be known: nothing is guessed."""
    if number < 0:
        raise unreadable(
            "negative", _("The weight %(number)s is negative. Record a return as 退货 instead."), number=number
        )
    warnings: list[Note] = []
    told = unit_of(unit) or unit_of(header_unit) or _unit_in_spec(spec, warnings)
    per_one = _content(told, spec, product, warnings)
    grams = int(rounded(number * per_one))
    if grams > _LARGEST_GRAMS:
        raise unreadable("too-large", _("“%(text)s” is too large to be true."), text=f"{number}{told}")
    return Mass(grams, warnings=tuple(warnings))


def _unit_in_spec(spec: str, warnings: list[Note]) -> str:
    """With no unit anywhere: a specification that is itself a unit (``斤``), or the pack that it describes."""
    bare = unit_of(spec)
    if bare in GRAMS_A_UNIT:
        return bare
    levels = parse_spec(spec).levels
    if not levels:
        return ""
    pack = list(levels)[-1]
    warnings.append(
        Note("unit-from-spec", _("No unit: counted in %(pack)s, as “%(spec)s” says."), {"pack": pack, "spec": spec})
    )
    return pack


def unit_of(text: str) -> str:
    """A unit as written, without brackets and spaces: ``（kg）`` → ``kg``."""
    return squeezed(text).strip("()[]【】/:").casefold()


def _content(unit: str, spec: str, product: str, warnings: list[Note]) -> Decimal:
    """Grams in one `unit`."""
    if unit in GRAMS_A_UNIT:
        return GRAMS_A_UNIT[unit]
    if unit in MILLILITRES_A_UNIT:
        return _as_water(MILLILITRES_A_UNIT[unit], product, warnings)
    if not unit:
        raise unreadable("no-unit", _("No unit: is the quantity in 公斤, 斤 or packs?"))
    own = parse_spec(unit)
    if own.grams is not None or own.millilitres is not None:
        return _in_spec(own, "", product, warnings)
    pack = pack_name(unit)
    if not pack:
        raise unreadable("unknown-unit", _("“%(unit)s” is not a unit of weight that I know."), unit=unit)
    return _in_spec(parse_spec(spec), pack, product, warnings)


def _in_spec(spec: Spec, pack: str, product: str, warnings: list[Note]) -> Decimal:
    content = spec.content_of(pack)
    if content is None:
        raise unreadable(
            "no-content",
            _("How much does one %(pack)s weigh? The specification “%(spec)s” does not say."),
            pack=pack or spec.text,
            spec=spec.text,
        )
    if pack and not spec.names(pack):
        warnings.append(
            Note(
                "other-pack",
                _("“%(spec)s” is taken as the content of one %(pack)s."),
                {"spec": spec.text, "pack": pack},
            )
        )
    if spec.grams is None:
        return _as_water(content, product, warnings)
    return content


def _as_water(millilitres: Decimal, product: str, warnings: list[Note]) -> Decimal:
    if is_oil(product):
        raise unreadable(
            "oil-by-volume",
            _("%(product)s is measured in litres. Write its weight in kilograms: oil is lighter than water."),
            product=product,
        )
    warnings.append(
        Note("volume-as-weight", _("%(product)s: millilitres are taken as grams."), {"product": product or "—"})
    )
    return millilitres


__all__ = ["Mass", "Quantity", "Unreadable", "is_oil", "read_quantity", "unit_of", "weigh"]
