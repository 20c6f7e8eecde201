"""Deeds that several of the canteen's screens offer."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.actions.certificates import meet_condition
from houqin.modules.canteen.forms.certificates import HandInForm
from houqin.modules.canteen.forms.deeds import CorrectionForm, LeavingForm
from houqin.modules.canteen.models import Correction, Lot, StockEntry, Stocktake
from houqin.ui import formats
from houqin.ui.screens import Action

RECORD = "canteen.record"
HAND_IN = Action(
    verb=meet_condition, label=_("Hand in what was missing"), permission=RECORD, icon="file-check", form=HandInForm,
    shown=lambda row, viewer: bool(row.condition) and row.condition_met_at is None and row.reversed_at is None,
    done=_("Handed in. The condition is met."), offline=True, bulk=True,
)  # fmt: skip


def put_right(verb: Callable[..., Any], possible: Callable[[Any], bool], grams: str) -> Action:
    """录入更正 on a row that has not been taken back; what came from paper is put right by importing it again."""
    return Action(
        verb=verb, name="put-right", label=_("Put right"), permission=RECORD, icon="pencil", form=CorrectionForm,
        shown=lambda row, viewer: row.reversed_at is None and possible(row),
        initial=lambda row, viewer: {"right_grams": abs(getattr(row, grams))},
        deed=lambda row: _("The right weight is"), template="canteen/leaving.html", aside=True, offline=True,
        done=_corrected,
        help=_("Nothing is edited: the wrong entry is taken back and the right one is written beside it."),
    )  # fmt: skip


def leaving(verb: Callable[..., Any], label: Any, form: type[LeavingForm], icon: str, **more: Any) -> Action:
    """Goods of a lot leave the store."""
    return Action(
        verb=verb, label=label, permission=RECORD, icon=icon, form=form, deed=lambda row: label, offline=True, aside=True,
        template="canteen/leaving.html", done=left, shown=more.pop("shown", _usable), **more,
    )  # fmt: skip


def left(entry: StockEntry) -> str:
    """What is told when goods have left."""
    told = gettext("%(number)s: %(kind)s, %(goods)s %(weight)s.") % {
        "number": entry.number, "kind": entry.get_kind_display(), "goods": entry.lot, "weight": formats.weight(entry.weight),
    }  # fmt: skip
    return f"{told} {gettext('A second person has to countersign it.')}" if entry.must_sign else told


def arrived(entry: StockEntry) -> str:
    """What is told when another school's goods have been received."""
    missing = (entry.pair.weight if entry.pair else entry.grams) - entry.grams
    if not missing:
        return gettext("Received: %(weight)s, as sent.") % {"weight": formats.weight(entry.grams)}
    if missing < 0:
        told = gettext("Received: %(weight)s, %(more)s more than sent. The sender is told.")
        return told % {"weight": formats.weight(entry.grams), "more": formats.weight(-missing)}
    told = gettext("Received: %(weight)s, %(missing)s less than sent. The sender is told.")
    return told % {"weight": formats.weight(entry.grams), "missing": formats.weight(missing)}


def counted(take: Stocktake) -> str:
    """What is told when the store was counted."""
    differing = take.entries.count()
    lots = take.lines.count()
    told = ngettext("%(number)s: %(count)s lot counted", "%(number)s: %(count)s lots counted", lots) % {
        "number": take.number, "count": lots,
    }  # fmt: skip
    if not differing:
        return gettext("%(told)s, all as booked.") % {"told": told}
    return gettext("%(told)s, %(differing)s differ.") % {"told": told, "differing": differing}


def _usable(row: Lot, viewer: Any) -> bool:
    return row.on_hand_grams > 0 and not row.is_frozen


def _corrected(result: Any) -> str:
    if isinstance(result, Correction):
        return gettext("Asked for. It is put right when a second person agrees.")
    return gettext("Put right.")
