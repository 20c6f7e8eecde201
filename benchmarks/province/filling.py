"""What stands in an entry: a few wordings of each ledger for each school, made by its columns, used again and again."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.province.dice import Dice
from benchmarks.province.people import Staff
from benchmarks.province.premises import Thing
from benchmarks.province.tree import Place
from houqin.config.demo.kitchen import dishes_of
from houqin.config.demo.month import WORDS, concerned, reading
from houqin.flows.ledgers.bodies import personal_codes
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import Resolved
from houqin.flows.ledgers.rules.judging import LINE, REMARK, Finding, findings
from houqin.flows.seals.rules import canonical, commitment

WORDINGS = 4
MORE = {"clock": "10:20", "moment": "@moment@", "day": "@day@"}
TEXT = "正常"
PUT_RIGHT = "已调整，半小时后复测正常"


@dataclass(frozen=True)
class Content:
    """What is written: values and lines as canonical text, what of it is personal (JSON, the inside of an object), what is out of its limit."""

    values: str
    lines: str
    personal: str
    out: str
    breaches: Sequence[Finding]
    nothing: bool


class Forms:
    """One school's ledgers, filled in."""

    def __init__(self, school: Place, staff: Staff, things: Sequence[Thing]) -> None:
        self.school, self.staff, self.things = school, staff, things
        self.known: dict[tuple[Any, ...], Content] = {}

    def filled(self, held: Resolved, slot: str, day: date, number: int, *, slips: bool) -> Content:
        """One of the wordings; ``slips``: a reading lies outside its limit, and what was done about it is said."""
        lines = held.lines.of if held.lines else ""
        dishes = tuple(self._dishes(slot, day)) if lines == "dishes" else ()
        key = (held.code, slot, dishes, number, slips)
        if key not in self.known:
            self.known[key] = self._made(
                held, list(self._lines(held, lines, dishes)), self.school.dice(f"{key}"), slips=slips
            )
        return self.known[key]

    def _dishes(self, slot: str, day: date) -> list[str]:
        return list(
            dict.fromkeys(dish.name for meal, dishes in dishes_of(day).items() if slot in ("", meal) for dish in dishes)
        )

    def _lines(self, held: Resolved, of: str, dishes: Iterable[str]) -> Iterator[dict[str, Any]]:
        if of == "dishes":
            yield from ({LINE: {"id": "", "name": name}} for name in dishes)
        elif of == "staff":
            yield from ({LINE: {"id": str(one.public_id), "name": one.name}} for one in self.staff.food)
        elif of == "classes":
            yield from ({LINE: {"id": "", "name": name}} for _grade, name in self.school.classes)
        elif of == "places" and held.lines:
            uses = held.lines.uses or held.ledger.uses
            for one in self.things:
                if one.use in uses:
                    yield {LINE: {"id": str(one.public_id), "name": one.name}, "use": one.use.replace("-", "_")}

    def _made(self, held: Resolved, lines: list[dict[str, Any]], dice: Dice, *, slips: bool) -> Content:
        nothing = held.may_be_empty and not lines
        values = {} if nothing else self._values(held.columns, {}, {}, dice, slips=slips)
        if held.lines:
            codes = {column.code for column in held.lines.columns}
            lines = [
                {LINE: line.pop(LINE)} | self._values(held.lines.columns, {k: v for k, v in line.items() if k in codes}, values, dice, slips=slips)
                for line in lines
            ]  # fmt: skip
        out = findings(held.columns, values)
        for number, line in enumerate(lines):
            out += findings(held.lines.columns if held.lines else (), line, f"{number}.", values)
        if out:
            values[REMARK] = PUT_RIGHT
        personal: dict[str, tuple[str, Any]] = {}
        kept = _covered("values", values, personal_codes(held, of_lines=False), personal, dice)
        inner = personal_codes(held, of_lines=True)
        rows = [_covered(f"lines/{number}", line, inner, personal, dice) for number, line in enumerate(lines)]
        keys = sorted({one.key for one in out})
        text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return Content(
            canonical(kept),
            text,
            json.dumps(personal, ensure_ascii=False)[1:-1],
            json.dumps(keys, separators=(",", ":")),
            out,
            nothing,
        )

    def _values(
        self, columns: Sequence[Column], known: dict[str, Any], around: dict[str, Any], dice: Dice, *, slips: bool
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column in columns:
            value = known.get(column.code)
            if value is None and (column.required or concerned(column, around | found)):
                value = self._value(column, around | found, dice, slips=slips)
            if value is not None:
                found[column.code] = value
        return found

    def _value(self, column: Column, said: dict[str, Any], dice: Dice, *, slips: bool) -> Any:
        if column.is_measured:
            return reading(column, said, dice, slip=slips)[0]
        if column.kind == "yes_no":
            return column.expects
        if column.kind in ("choice", "choices"):
            usual = (
                column.default.split(",")
                if column.default
                else [one.code for one in column.choices if not one.breach][:2]
            )
            return usual if column.kind == "choices" else usual[0]
        if column.kind == "person":
            return {"id": "", "name": self.staff.accounts["keeper"].name}
        if column.kind == "place":
            return {"id": "", "name": "食堂"}
        return MORE.get(column.kind) or column.default or WORDS.get(column.code, TEXT)


def _covered(
    at: str, values: dict[str, Any], codes: frozenset[str], personal: dict[str, tuple[str, Any]], dice: Dice
) -> dict[str, Any]:
    """Commitments in place of personal values, as ``ledgers.bodies`` puts them."""
    found = {}
    for code, value in values.items():
        if code in codes:
            salt = f"{dice.getrandbits(128):032x}"
            personal[f"{at}/{code}"] = (salt, value)
            found[code] = commitment(salt, value)
        elif value not in ("", []):
            found[code] = value
    return found
