"""What paper rows must be, and the rules of conduct that history may have failed (standards §1.7). Pure.

What breaks arithmetic refuses the row. What broke a rule of conduct happened all the same: it is a warning on the line.
"""

import re
from collections.abc import Iterator
from datetime import date

from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.modules.canteen.rules.paper import PaperDelivery, PaperIssue, PaperMenu, Problem

CERTIFIED = frozenset({"meat", "poultry"})  # 动物检疫合格证明: FS §1.7, 动物防疫法 art.51
LONGEST = {"product": 60, "supplier": 120, "batch": 40}
KINDS = ("breakfast", "lunch", "dinner")
_TWO_NAMES = re.compile(r"[、，,;；/和\s]+")


def kilograms(grams: int) -> str:
    """Grams as people say them: ``12.5``."""
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".")


def delivery_warnings(line: PaperDelivery, category: str) -> Iterator[Note]:
    """Rules of conduct that a delivery on paper failed."""
    if line.produced_on and line.produced_on > line.day:
        yield Note(
            "produced-later",
            _("Produced on %(produced)s, after it was delivered on %(day)s."),
            {"produced": line.produced_on.isoformat(), "day": line.day.isoformat()},
        )
    if line.expires_on and line.expires_on < line.day:
        yield Note(
            "past-use-by",
            _("Past its shelf life on arrival: it kept until %(day)s."),
            {"day": line.expires_on.isoformat()},
        )
    if category in CERTIFIED and not line.certificate_number:
        yield Note("no-certificate", _("Meat without the number of its quarantine certificate."))
    if line.accepted_by and len([name for name in _TWO_NAMES.split(line.accepted_by.strip()) if name]) < 2:
        yield Note("one-acceptor", _("Accepted by one person only; two are asked for."))


def refusals(row: PaperDelivery | PaperIssue | PaperMenu, today: date) -> Iterator[Problem]:
    """What makes a row impossible, whatever is in store."""
    if not isinstance(row, PaperMenu):
        yield from _impossible(row, today)
    if not isinstance(row, PaperDelivery) and row.kind and row.kind not in KINDS:
        yield Problem(row.row, Note("no-meal", _("“%(text)s” is no meal."), {"text": row.kind}), field="meal")
    names = [(name, getattr(row, name, "")) for name in LONGEST]
    if isinstance(row, PaperMenu):
        names += [("product", name) for dish in row.dishes for name, _grams in dish.ingredients]
    for name, text in names:
        most = LONGEST[name]
        if len(text) > most:
            note = Note(
                "too-long",
                _("“%(text)s…” is too long: %(most)s characters at most."),
                {"text": text[:20], "most": most},
            )
            yield Problem(row.row, note, field=name)


def _impossible(row: PaperDelivery | PaperIssue, today: date) -> Iterator[Problem]:
    if not row.product:
        yield Problem(row.row, Note("no-product", _("No product is written.")), field="product")
    if row.grams <= 0:
        yield Problem(row.row, Note("no-weight", _("The weight has to be more than nothing.")), field="quantity")
    if row.day > today:
        note = Note("future", _("%(day)s has not come yet."), {"day": row.day.isoformat()})
        yield Problem(row.row, note, field="day")
    if isinstance(row, PaperDelivery) and row.amount_fen < 0:
        yield Problem(row.row, Note("negative-amount", _("An amount cannot be negative.")), field="amount")
