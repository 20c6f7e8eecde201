"""An issue with the wrong weight."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.corrections.again import again, free, standing, take_back
from houqin.modules.canteen.actions.deeds.entering import locked_lots
from houqin.modules.canteen.actions.moving import Moves
from houqin.modules.canteen.models import Issue, Lot, MoveKind, Origin, Product
from houqin.modules.canteen.rules.allocation import Part
from houqin.modules.canteen.rules.conduct import kilograms


def schools(issue: Issue) -> set[int]:
    """Whose stores are held."""
    return {issue.org_id}


def held(issue: Issue) -> Issue:
    """As it is now."""
    row: Issue = Issue.objects.select_related("org", "product", "meal").get(pk=issue.pk)
    return row


def grams(issue: Issue) -> int:
    """What stands there."""
    return int(issue.quantity_grams)


def written(issue: Issue) -> tuple[int | None, datetime, bool]:
    """By whom and when; nobody signs an issue."""
    authors = issue.moves.filter(kind=MoveKind.ISSUED).order_by("pk").values_list("account_id", flat=True)
    return authors.first(), issue.recorded_at, False


def guard(issue: Issue, right_grams: int) -> tuple[list[Part], list[Lot]]:
    """Refuse in words what cannot be put right; where it came from, and the lots it may come from, oldest first."""
    standing(issue)
    if issue.origin == Origin.PAPER:
        raise Refused(
            _("This was copied from paper. Put the ledger right and import it again: it is compared row by row.")
        )
    parts = _parts(issue)
    lots = _lots(issue, parts)
    mine = {part.lot for part in parts}
    for lot in lots:
        if lot.pk in mine:
            free(lot)
    given_back = sum(part.grams for part in parts)
    usable = [lot for lot in lots if lot.pk in mine or not (lot.is_frozen or issue.named_batch)]
    there = sum(lot.on_hand_grams for lot in usable) + given_back
    if there < right_grams:
        raise Refused(
            _("%(wanted)s kg of %(product)s are wanted; only %(there)s kg are in store.")
            % {"wanted": kilograms(right_grams), "product": issue.product, "there": kilograms(there)},
            field="right_grams",
        )
    return parts, usable


@verb
def put_right(issue: Issue, right_grams: int, reason: str, *, by: Viewer) -> Issue:
    """Give it all back and take what is right: from the same lots first, then the oldest produced."""
    parts, lots = guard(issue, right_grams)
    moves = Moves(by)
    for part in parts:
        moves.part(issue, part, part.lot, back=True)
    take_back(issue, reason, by)
    right = issue
    if right_grams:
        right = again(issue, quantity_grams=right_grams, recorded_at=by.now)
        for part in _taken(right, parts, lots, right_grams):
            moves.part(right, part, part.lot)
    moves.write({lot.pk: lot for lot in lots})
    record("canteen.corrected", issue, by=by, org=issue.org, before=grams(issue), after=right_grams, reason=reason)
    return right


def _parts(issue: Issue) -> list[Part]:
    """How much of it came from which lot, in the order in which it was taken."""
    sums = issue.moves.order_by().values("lot_id", "is_certain").annotate(grams=-Sum("grams"))
    return [Part(issue.pk, row["lot_id"], row["grams"], row["is_certain"]) for row in sums if row["grams"]]


def _lots(issue: Issue, parts: list[Part]) -> list[Lot]:
    """Its lots and the others of the product with something left, held, oldest produced first."""
    names = list(Product.objects.group_of(issue.product).values_list("pk", flat=True))
    rows = Lot.objects.filter(org_id=issue.org_id).filter(
        Q(pk__in=[part.lot for part in parts])
        | Q(product_id__in=names, on_hand_grams__gt=0, received_on__lte=issue.issued_on)
    )
    found = locked_lots([], list(rows.values_list("pk", flat=True)))
    return sorted(found.values(), key=lambda lot: (lot.produced_on or lot.received_on, lot.received_on, lot.pk))


def _taken(issue: Issue, parts: list[Part], lots: list[Lot], grams: int) -> Iterator[Part]:
    had: dict[int, int] = defaultdict(int)
    for part in parts:
        had[part.lot] += part.grams
    sure = all(part.certain for part in parts)
    taken: dict[int, int] = defaultdict(int)
    for most in (lambda lot: had[lot.pk], lambda lot: lot.on_hand_grams + had[lot.pk]):
        for lot in lots:
            more = min(grams - sum(taken.values()), most(lot) - taken[lot.pk])
            if more > 0:
                taken[lot.pk] += more
    certain = sure and set(taken) <= set(had)
    for lot_id, weight in taken.items():
        if weight:
            yield Part(issue.pk, lot_id, weight, certain)
