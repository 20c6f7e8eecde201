"""Recorded rows that a book takes back."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.modules.canteen.models import DeliveryLine, Issue, Lot, Menu, Origin, StockMove
from houqin.modules.canteen.rules.paper import Problem, Reversal

ALREADY = Note("reversed-already", _("This has been taken back already."))


def held_by_recall(lot: Lot) -> Note:
    """Why a lot's rows cannot be corrected now."""
    return Note(
        "held-by-recall",
        _("%(lot)s is held by recall %(recall)s, so its records stay as they are. Correct them when it has ended."),
        {"lot": str(lot), "recall": str(lot.frozen_by)},
    )


def reversed_lines(org_under: OrgUnit, wrong: Sequence[Reversal], problems: list[Problem]) -> dict[UUID, DeliveryLine]:
    """The delivery lines meant, without those that cannot be taken back."""
    related = ("lot__product", "lot__frozen_by", "delivery")
    found: dict[UUID, DeliveryLine] = {}
    for row, line in _meant(DeliveryLine, org_under, wrong, related):
        if line.delivery.origin != Origin.PAPER:
            raise NotVisible
        if line.reversed_at:
            problems.append(Problem(row.row, ALREADY))
        elif line.lot.frozen_by_id:
            problems.append(Problem(row.row, held_by_recall(line.lot)))
        else:
            found[row.public_id] = line
    return found


def reversed_issues(org_under: OrgUnit, wrong: Sequence[Reversal], problems: list[Problem]) -> dict[UUID, Issue]:
    """The issues meant, without those that cannot be taken back."""
    meant = list(_meant(Issue, org_under, wrong, ("product", "meal")))
    moves = StockMove.objects.filter(issue__in=[issue for _row, issue in meant], lot__frozen_by__isnull=False)
    held = {move.issue_id: move.lot for move in moves.select_related("lot__product", "lot__frozen_by")}
    found: dict[UUID, Issue] = {}
    for row, issue in meant:
        if issue.origin != Origin.PAPER:
            raise NotVisible
        if issue.reversed_at:
            problems.append(Problem(row.row, ALREADY))
        elif issue.pk in held:
            problems.append(Problem(row.row, held_by_recall(held[issue.pk])))
        else:
            found[row.public_id] = issue
    return found


def dropped_menus(org_under: OrgUnit, wrong: Sequence[Reversal]) -> dict[UUID, Menu]:
    """The menus meant."""
    return {row.public_id: menu for row, menu in _meant(Menu, org_under, wrong, ("org",))}


def _meant(
    model: Any, org_under: OrgUnit, wrong: Sequence[Reversal], related: Iterable[str]
) -> Iterable[tuple[Reversal, Any]]:
    """Each reversal with its row; NotVisible where one lies outside the unit that imports."""
    ids = [row.public_id for row in wrong]
    rows = model.objects.under(org_under.path).filter(public_id__in=ids).select_related(*related) if ids else ()
    by_id = {row.public_id: row for row in rows}
    for row in wrong:
        if row.public_id not in by_id:
            raise NotVisible
        yield row, by_id[row.public_id]
