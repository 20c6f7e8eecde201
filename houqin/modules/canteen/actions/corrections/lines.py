"""A delivery line with the wrong weight."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.corrections.again import again, free, left, standing, take_back
from houqin.modules.canteen.actions.deeds.entering import locked_lots
from houqin.modules.canteen.actions.moving import Moves
from houqin.modules.canteen.models import DeliveryLine, Lot, Origin
from houqin.modules.canteen.rules.conduct import kilograms


def schools(line: DeliveryLine) -> set[int]:
    """Whose stores are held."""
    return {line.org_id}


def held(line: DeliveryLine) -> DeliveryLine:
    """As it is now."""
    row: DeliveryLine = DeliveryLine.objects.select_related("org", "delivery").get(pk=line.pk)
    return row


def grams(line: DeliveryLine) -> int:
    """What stands there."""
    return int(line.quantity_grams)


def written(line: DeliveryLine) -> tuple[int | None, datetime, bool]:
    """By whom, when, and whether a second person has signed for it."""
    delivery = line.delivery
    return delivery.accepted_by_id, delivery.recorded_at, delivery.signed_at is not None


def guard(line: DeliveryLine, right_grams: int) -> Lot:
    """Refuse in words what cannot be put right; the lot, held."""
    standing(line)
    if line.delivery.origin == Origin.PAPER:
        raise Refused(
            _("This was copied from paper. Put the ledger right and import it again: it is compared row by row.")
        )
    lot = locked_lots([], [line.lot_id])[line.lot_id]
    free(lot)
    left(lot, right_grams - grams(line), right_grams)
    return lot


@verb
def put_right(line: DeliveryLine, right_grams: int, reason: str, *, by: Viewer) -> DeliveryLine:
    """Take the line back, and write it with the right weight on the same delivery; its price a kilogram stays."""
    lot = guard(line, right_grams)
    moves = Moves(by)
    moves.line(line, back=True)
    take_back(line, reason, by)
    right = line
    if right_grams:
        amount = round(line.amount_fen * right_grams / line.quantity_grams)
        right = again(
            line, quantity_grams=right_grams, amount_fen=amount, written_quantity=f"{kilograms(right_grams)}kg"
        )  # fmt: skip
        right.certificates.set(line.certificates.all())
        moves.line(right)
    moves.write({lot.pk: lot})
    record("canteen.corrected", line, by=by, org=line.org, before=grams(line), after=right_grams, reason=reason)
    return right
