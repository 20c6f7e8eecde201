"""Canteen ledgers as read → one book of paper rows → `record_from_paper`; rows it refuses go back, the others stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext

from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.kinds import ApplyContext, Outcome, RowToWrite, Work
from houqin.lib.notes import Note
from houqin.lib.numbers import rounded
from houqin.lib.text import name_key
from houqin.modules.canteen.actions.paper import PaperRefused, PaperResult, record_from_paper
from houqin.modules.canteen.queries.paper import without
from houqin.modules.canteen.rules.paper import PaperBook, PaperDelivery, PaperDish, PaperIssue, PaperMenu, Reversal, Row

NOTHING: Final = PaperBook()


def apply_ledgers(work: Mapping[str, Work], *, context: ApplyContext, by: Viewer) -> Mapping[str, Sequence[Outcome]]:
    """Deliveries, issues and menus of an import at once, so that a corrected delivery settles with what was taken."""
    book = _book(work, context)
    refused: dict[Row, Note] = {}
    while True:
        try:
            result = record_from_paper(context.under, by=by, book=book)
            break
        except PaperRefused as error:
            found = {problem.row: problem.note for problem in error.problems}
            refused |= found
            rows = frozenset(partner for row in found for partner in _partners(row, refused, found[row]))
            book = without(book, rows)
    for code, each in work.items():
        each.kept.update(
            {
                target: refused["gone", (code, n)]
                for n, target in enumerate(each.reverse)
                if ("gone", (code, n)) in refused
            }
        )
    return {code: _outcomes(code, each, result, refused) for code, each in work.items()}


def _partners(row: Row, refused: dict[Row, Note], note: Note) -> Iterable[Row]:
    """A corrected line and the reversal of what it said before stand or fall together."""
    yield row
    if isinstance(row, tuple) and row[0] == "gone":
        return
    partner: Row = row[1] if isinstance(row, tuple) and row[0] == "was" else ("was", row)
    refused.setdefault(partner, note)
    yield partner


def _book(work: Mapping[str, Work], context: ApplyContext) -> PaperBook:
    deliveries, issues, menus = (work.get(code, Work()) for code in ("deliveries", "issues", "menus"))
    used = PaperBook(
        deliveries=tuple(_delivery(("deliveries", n), row) for n, row in enumerate(deliveries.rows)),
        issues=tuple(_issue(("issues", n), row) for n, row in enumerate(issues.rows)),
        menus=tuple(_menu(("menus", n), row) for n, row in enumerate(menus.rows)),
        reversed_lines=tuple(_reversals("deliveries", deliveries)),
        reversed_issues=tuple(_reversals("issues", issues)),
        dropped_menus=tuple(_reversals("menus", menus)),
    )
    same = context.same
    return replace(
        used,
        same_suppliers=_mentioned(same.get("supplier", {}), used.supplier_names),
        same_products=_mentioned(same.get("product", {}), used.product_names),
    )


def _mentioned(same: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    """Only what this book speaks of: a name nobody writes any more is not recorded anew."""
    return {name: kept for name, kept in same.items() if name in names}


def _reversals(code: str, work: Work) -> Iterable[Reversal]:
    for n, row in enumerate(work.rows):
        if row.replaces:
            yield Reversal(("was", (code, n)), row.replaces, gettext("corrected: %s")[:190] % row.place[:150])
    for n, target in enumerate(work.reverse):
        yield Reversal(("gone", (code, n)), target, gettext("no longer in the sheet"))


def _delivery(row_id: Row, row: RowToWrite) -> PaperDelivery:
    values = row.values
    return PaperDelivery(
        row=row_id,
        org_id=row.org.pk,
        day=values["day"],
        product=values["product"],
        grams=values["grams"],
        supplier=_text(values, "supplier", 0),
        written_quantity=_text(values, "written_quantity", 60),
        unit_price=values.get("unit_price"),
        amount_fen=values.get("amount") or 0,
        produced_on=values.get("produced_on"),
        batch=_text(values, "batch", 0),
        expires_on=values.get("use_by"),
        certificate_number=_text(values, "certificate", 60),
        senses=_text(values, "senses", 60),
        accepted_by=_text(values, "accepted_by", 60),
        note=_text(values, "note", 200),
        warnings=row.warnings,
    )


def _issue(row_id: Row, row: RowToWrite) -> PaperIssue:
    values = row.values
    return PaperIssue(
        row=row_id,
        org_id=row.org.pk,
        day=values["day"],
        product=values["product"],
        grams=values["grams"],
        kind=values.get("meal") or "",
        batch=_text(values, "batch", 0),
        produced_on=values.get("produced_on"),
        taken_by=_text(values, "taken_by", 60),
        eaters=values.get("eaters"),
        warnings=row.warnings,
    )


def _menu(row_id: Row, row: RowToWrite) -> PaperMenu:
    values = row.values
    dishes: dict[str, dict[str, int]] = {}
    for dish in values["dishes"]:
        amounts = dishes.setdefault(dish.name[:60], {})
        for each in dish.ingredients:
            grams = int(rounded(Decimal(each.milligrams or 0) / 1000))
            name = next((known for known in amounts if name_key(known) == name_key(each.name)), each.name[:60])
            amounts[name] = amounts.get(name, 0) + max(grams, 1 if each.milligrams else 0)
    told = tuple(PaperDish(name, tuple(amounts.items())) for name, amounts in dishes.items() if name)
    return PaperMenu(row_id, row.org.pk, values["day"], values["meal"], told)


def _text(values: Mapping[str, Any], name: str, longest: int) -> str:
    text = str(values.get(name) or "")
    return text[:longest] if longest else text


def _outcomes(code: str, work: Work, result: PaperResult, refused: Mapping[Row, Note]) -> list[Outcome]:
    targets: Mapping[Row, UUID] = {"deliveries": result.lines, "issues": result.issues, "menus": result.menus}[code]
    found = []
    for n, row in enumerate(work.rows):
        row_id: Row = (code, n)
        known = {note.as_json()["code"] for note in row.warnings}
        warnings = tuple(note for note in result.warnings.get(row_id, ()) if note.code not in known)
        found.append(Outcome(targets.get(row_id), refused.get(row_id), warnings))
    return found
