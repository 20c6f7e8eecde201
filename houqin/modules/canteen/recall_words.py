"""What a recall tells a school to do, place by place, in words that a kitchen can act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.models import Lot, Recall
from houqin.ui import formats

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EVENT_WORDS = {
    "canteen.recall_proposed": _("Recall prepared"),
    "canteen.recall_launched": _("Recall launched, schools told"),
    "canteen.recall_widened": _("Lots recorded late taken in"),
    "canteen.recall_acknowledged": _("Acknowledged by the school"),
    "canteen.recall_found": _("What was found reported"),
    "canteen.recall_found_amended": _("Report of what was found amended"),
    "canteen.recall_withdrawn": _("Recall withdrawn"),
    "canteen.recall_closed": _("Recall closed"),
    "canteen.lot_frozen": _("Lot frozen"),
    "canteen.freeze_lifted": _("Lot freed"),
}


@dataclass(frozen=True)
class Instruction:
    """What to do with the goods in one place. ``grams`` is None where the books cannot know it."""

    place: str
    title: "StrOrPromise"
    icon: str
    grams: int | None
    deed: "StrOrPromise"


@dataclass(frozen=True)
class Whereabouts:
    """Grams of the lots of one school when the recall was launched."""

    in_store: int
    issued_today: int
    served: int
    gone: int = 0

    @property
    def to_find(self) -> int:
        """All that the school should be able to tell of."""
        return self.in_store + self.issued_today + self.served

    @property
    def received(self) -> int:
        """All that came in, also what was returned, written off or sent on before."""
        return self.to_find + self.gone


def instructions(where: Whereabouts) -> tuple[Instruction, ...]:
    """The four places in the order in which children can still be kept from eating: nearest the plate first."""
    return (
        Instruction(
            "pot", _("In the pot"), "soup", None,
            _("Stop serving the dish. Cover the pot, keep it apart, weigh it. Throw nothing away."),
        ),
        Instruction(
            "kitchen", _("Handed out today"), "tools-kitchen-2", where.issued_today,
            _("Take it back from the kitchen, raw or cut. Weigh it and put it with the frozen goods."),
        ),
        Instruction(
            "store", _("In store"), "building-warehouse", where.in_store,
            _("Move it apart, close it off, put a label “Frozen, do not use” on it. Weigh it."),
        ),
        Instruction(
            "served", _("Served already"), "bowl", where.served,
            _("Keep the food samples. Look after pupils who feel unwell, and report each one at once."),
        ),
    )  # fmt: skip


def substitute_sentence(product: object, lots: Sequence[Lot]) -> str:
    """No rule stops children from eating: what to cook with instead."""
    if not lots:
        return gettext("There is no other lot of %(product)s in store: cook another dish. The meal itself goes on.") % {
            "product": product
        }
    named = "、".join(
        gettext("%(lot)s of %(supplier)s (%(weight)s)")
        % {"lot": lot, "supplier": lot.supplier, "weight": formats.weight(lot.on_hand_grams)}
        for lot in lots[:3]
    )
    return gettext("Cook with another lot instead: %(lots)s. It is not concerned.") % {"lots": named}


def goods(recall: Recall) -> str:
    """The goods as one names them: product, supplier, production date, batch."""
    marks = []
    if recall.produced_on:
        marks.append(gettext("produced %(day)s") % {"day": recall.produced_on.isoformat()})
    if recall.batch:
        marks.append(gettext("batch %(batch)s") % {"batch": recall.batch})
    return gettext("%(product)s of %(supplier)s, %(marks)s") % {
        "product": recall.product, "supplier": recall.supplier, "marks": gettext(", ").join(marks)
    }  # fmt: skip


def headline(recall: Recall, text: str) -> str:
    """A title that says that it is a drill before it says anything else."""
    return gettext("[Drill] %(text)s") % {"text": text} if recall.is_drill else text


def drill_sentence(recall: Recall) -> str:
    """For the end of every text of a drill."""
    return gettext("This is a drill: no stock changes, nothing is frozen. Do as you would in earnest.")
