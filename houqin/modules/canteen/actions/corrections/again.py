"""What the corrections share: the row once more, and why a lot cannot follow."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Lot
from houqin.modules.canteen.queries.reversals import ALREADY, held_by_recall
from houqin.modules.canteen.rules.conduct import kilograms

OWN = frozenset({"id", "public_id", "repeat_key", "reversed_at", "reversal_reason"})
M = TypeVar("M", bound=models.Model)


def again(row: M, **right: Any) -> M:
    """A new row that says the same, but for what is right now."""
    fields = (field for field in row._meta.concrete_fields if field.name not in OWN)
    values = {field.attname: getattr(row, field.attname) for field in fields} | right
    copy: M = type(row)._base_manager.create(**values)
    return copy


def take_back(row: Any, reason: str, by: Viewer) -> None:
    """Mark a row as reversed; its moves back are written by the caller."""
    row.reversed_at, row.reversal_reason = by.now, reason
    row.save(update_fields=["reversed_at", "reversal_reason"])


def standing(row: Any) -> None:
    """A row is put right once; then the right one is."""
    if row.reversed_at:
        raise Refused(ALREADY.in_words(gettext))


def free(lot: Lot) -> None:
    """A lot under a recall keeps its records."""
    if lot.is_frozen:
        raise Refused(held_by_recall(lot).in_words(gettext))


def left(lot: Lot, change: int, right_grams: int) -> None:
    """The lot must still have what would be taken out of it by the correction."""
    if lot.on_hand_grams + change < 0:
        raise Refused(
            _(
                "%(right)s kg cannot be right: of %(lot)s only %(there)s kg are left, the rest has gone further. "
                "Correct first what was taken from it."
            )
            % {"right": kilograms(right_grams), "lot": lot, "there": kilograms(lot.on_hand_grams)},
            field="right_grams",
        )
