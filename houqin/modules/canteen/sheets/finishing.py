"""From the cells of a ledger line to what it means: grams, prices, days of production. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from houqin.flows.sheets.reading.dishes import Dish, read_dishes
from houqin.flows.sheets.reading.shapes import Draft
from houqin.flows.sheets.reading.understanding import RowKind, RowRead
from houqin.lib.dates import read_day
from houqin.lib.money import price_times
from houqin.lib.notes import Unreadable
from houqin.lib.notes import mark as _
from houqin.lib.shelf_life import ShelfLife
from houqin.lib.text import clean, squeezed
from houqin.lib.units import Quantity, unit_of, weigh

_TENTH_OF_YUAN = 10
_COOKED_WITH = {"morning_snack": "breakfast", "afternoon_snack": "lunch", "supper": "dinner"}


def finish_delivery(draft: Draft) -> None:
    """Weight in grams, the price per written unit, when it was made, until when it keeps."""
    _name_product(draft)
    _weigh(draft)
    if draft.problems or draft.left_out:
        return
    _split_produced(draft)
    _use_by(draft)
    _money(draft)
    if draft.values.get("supplier") is None:
        draft.warn("no-supplier", _("No supplier is written."))


def finish_issue(draft: Draft) -> None:
    """Weight in grams; the meal, when it is written."""
    _name_product(draft)
    _weigh(draft)
    draft.values["batch"] = draft.values.get("batch") or ""
    draft.values["meal"] = main_meal(draft.values.get("meal"))


def main_meal(meal: Any) -> Any:
    """Snacks are cooked, counted and traced with the meal they go with."""
    return _COOKED_WITH.get(str(meal), meal)


def _name_product(draft: Draft) -> None:
    name = re.sub(r"^\(?\d{1,3}\)?\s*[.、)]\s*(?=\D)", "", str(draft.values.get("product") or ""))
    draft.values["product"] = name
    if re.fullmatch(r"[\d\W_]+", name):
        draft.refuse("no-product", _("“%(text)s” is not the name of a food."), text=name)


def _weigh(draft: Draft) -> None:
    """`grams` from the weight column where there is one, else from quantity, unit and specification."""
    values = draft.values
    product = str(values.get("product") or "")
    weight, quantity = values.get("weight"), values.get("quantity")
    spec = str(values.get("spec") or "")
    try:
        if isinstance(weight, Quantity):
            told = weigh(weight.number, weight.unit or _unit_of_weight(draft, quantity), product=product)
        elif isinstance(quantity, Quantity):
            unit = quantity.unit or str(values.get("unit") or "")
            header_unit = draft.header_units.get("quantity") or draft.header_units.get("unit") or draft.usual_unit
            told = weigh(quantity.number, unit, spec=quantity.spec or spec, header_unit=header_unit, product=product)
        else:
            return
    except Unreadable as error:
        draft.problems.append(error.note)
        return
    draft.warnings += told.warnings
    values["grams"] = told.grams
    values["written_quantity"] = _as_written(values, draft)
    if told.grams == 0 and not values.get("amount"):
        draft.leave_out("nothing-weighed", _("The quantity is 0; the line was passed over."))
    elif told.grams == 0:
        draft.refuse("no-weight", _("The weight is 0. Leave the line out, or write what was weighed."))


def _unit_of_weight(draft: Draft, quantity: object) -> str:
    """The unit of a weight column: its header's, the unit column's where there is no quantity beside it, else 公斤."""
    told = draft.header_units.get("weight", "")
    if not told and quantity is None:
        told = str(draft.values.get("unit") or "") or draft.header_units.get("unit", "")
    return told or draft.usual_unit or "kg"


def _as_written(values: dict[str, Any], draft: Draft) -> str:
    quantity = values.get("quantity") or values.get("weight")
    if not isinstance(quantity, Quantity):
        return ""
    unit = quantity.unit or str(values.get("unit") or "") or draft.header_units.get("quantity", "") or draft.usual_unit
    spec = str(values.get("spec") or "")
    packed = f" × {spec}" if re.search(r"\d", spec) else ""
    return f"{quantity.number.normalize():f} {squeezed(unit)}{packed}".strip()


def _split_produced(draft: Draft) -> None:
    """A column for *production day or batch* holds one of them, or both."""
    values = draft.values
    both = values.pop("produced_or_batch", None)
    if both:
        for part in re.split(r"[/\s、，,;；()（）]+", str(both)) if not _is_day(both) else [str(both)]:
            _take_part(values, part)
    values["batch"] = values.get("batch") or ""
    produced, day = values.get("produced_on"), values.get("day")
    if isinstance(produced, date) and isinstance(day, date) and produced > day:
        draft.warn(
            "produced-later",
            _("Produced on %(produced)s, after it was delivered on %(day)s."),
            produced=produced.isoformat(),
            day=day.isoformat(),
        )


def _take_part(values: dict[str, Any], part: str) -> None:
    if not part:
        return
    if not values.get("produced_on") and _is_day(part):
        read = read_day(part)
        day = values.get("day")
        year = read.year or (day.year if isinstance(day, date) else None)
        if year and read.exists_in(year):
            values["produced_on"] = read.on(year)
            return
    if not values.get("batch"):
        values["batch"] = squeezed(part)


def _is_day(text: object) -> bool:
    try:
        read_day(text)
    except Unreadable:
        return False
    return True


def _use_by(draft: Draft) -> None:
    values = draft.values
    shelf, produced, use_by = values.get("shelf_life"), values.get("produced_on"), values.get("use_by")
    if use_by is None and isinstance(shelf, ShelfLife) and isinstance(produced, date):
        values["use_by"] = use_by = shelf.after(produced)
    day = values.get("day")
    if isinstance(use_by, date) and isinstance(day, date) and use_by < day:
        draft.warn("past-use-by", _("Past its shelf life on arrival: it kept until %(day)s."), day=use_by.isoformat())


def _money(draft: Draft) -> None:
    """Amount as recorded; computed only where none is written. A price far from the amount is worth a look."""
    values = draft.values
    price, amount, quantity = values.get("unit_price"), values.get("amount"), values.get("quantity")
    values["unit_price"] = price.parts if price else None
    if amount is not None and amount < 0:
        draft.refuse("negative", _("“%(text)s” is negative."), text=f"{amount / 100:.2f}")
        return
    if price is None or not isinstance(quantity, Quantity):
        return
    per = unit_of(price.unit) or unit_of(draft.header_units.get("unit_price", "").removeprefix("元").strip("/"))
    expected = _expected(price.parts, per, quantity, values, draft)
    if expected is None:
        return
    if amount is None:
        values["amount"] = expected
        draft.warn(
            "amount-computed", _("No amount is written; quantity × price gives %(yuan)s."), yuan=f"{expected / 100:.2f}"
        )
    elif abs(amount - expected) > max(10 * _TENTH_OF_YUAN, expected // 50):
        draft.warn(
            "amount-differs",
            _("The amount %(amount)s is not quantity × price (%(expected)s). It was taken as written."),
            amount=f"{amount / 100:.2f}",
            expected=f"{expected / 100:.2f}",
        )


def _expected(parts: int, per: str, quantity: Quantity, values: dict[str, Any], draft: Draft) -> int | None:
    """Quantity × price, where the price is for one of the unit written (or named in its header)."""
    unit = unit_of(
        quantity.unit or str(values.get("unit") or "") or draft.header_units.get("quantity", "") or draft.usual_unit
    )
    if not per or per == unit:
        return price_times(parts, quantity.number)
    try:
        return price_times(parts, _in_unit(int(values["grams"]), per))
    except Unreadable:
        return None


def _in_unit(grams: int, unit: str) -> Any:
    from decimal import Decimal

    return Decimal(grams) / Decimal(weigh(Decimal(1), unit).grams)


def finish_menu_line(draft: Draft) -> None:
    """One line of a menu written as a list: a dish with ingredients, or one ingredient of it."""
    values = draft.values
    if values.get("dishes"):
        values["dishes"] = read_dishes(str(values["dishes"])).dishes
        return
    dish = str(values.get("dish") or values.get("ingredient") or "")
    if not dish:
        draft.refuse("no-dish", _("No dish is written."))
        return
    text = str(values.get("ingredients") or "")
    amount = values.get("amount")
    if not text and values.get("ingredient"):
        unit = draft.header_units.get("amount", "")
        number = f"{amount.number:f}{amount.unit or unit or 'g'}" if isinstance(amount, Quantity) else ""
        text = f"{values['ingredient']}{number}"
    read = read_dishes(f"{dish}({text})" if text else dish)
    draft.warnings += read.warnings
    values["dishes"] = read.dishes


def gather_menu(rows: list[RowRead]) -> list[RowRead]:
    """A meal that a list spreads over many lines becomes one row, with the line number of its first."""
    meals: dict[tuple[Any, ...], RowRead] = {}
    kept: list[RowRead] = []
    for row in rows:
        if row.kind is not RowKind.DATA:
            kept.append(row)
            continue
        row.values["meal"] = main_meal(row.values.get("meal"))
        key = (row.school, row.values.get("day"), row.values["meal"])
        first = meals.get(key)
        if first is None:
            meals[key] = row
            kept.append(row)
        else:
            first.values["dishes"] = _joined([*first.values["dishes"], *row.values["dishes"]])
            first.warnings += row.warnings
    return kept


def _joined(dishes: Sequence[Dish]) -> tuple[Dish, ...]:
    """Dishes of one name joined, ingredients in the order written."""
    by_name: dict[str, Dish] = {}
    for dish in dishes:
        before = by_name.get(clean(dish.name))
        by_name[clean(dish.name)] = Dish(dish.name, (*before.ingredients, *dish.ingredients)) if before else dish
    return tuple(by_name.values())
