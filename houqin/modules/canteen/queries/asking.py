"""What somebody asks to be traced: goods by name, date and batch; or a lot; or a meal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import read_day
from houqin.lib.notes import Unreadable
from houqin.modules.canteen.models import Lot, Meal, Product, StockMove
from houqin.modules.canteen.queries.trace import Trace, trace_goods, trace_lot

OFFERED = 300
SUGGESTED = 6


@dataclass
class Asked:
    """What was asked, what of it was understood, and what is wrong with it, field by field."""

    supplier: Any = None
    product: Any = None
    produced_on: date | None = None
    batch: str = ""
    lot: Any = None
    meal: Any = None
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Enough is known to trace."""
        return self.lot is not None or (
            bool(self.supplier and self.product and (self.produced_on or self.batch)) and not self.wrong
        )

    @property
    def recall_arguments(self) -> dict[str, str]:
        """What a recall of these goods starts with. Farm produce without date or batch goes by its arrival."""
        day = self.produced_on
        if self.lot is not None and not day and not self.batch:
            day = self.lot.received_on
        found = {"supplier": str(self.supplier.public_id), "product": str(self.product.public_id)}
        found |= {"produced_on": day.isoformat()} if day else {}
        return found | ({"batch": self.batch} if self.batch else {})


def read_asked(viewer: Viewer, given: Mapping[str, str]) -> Asked:
    """Understand what was typed or linked."""
    asked = Asked(typed={name: given.get(name, "").strip() for name in ("supplier", "product", "produced", "batch")})
    if given.get("lot"):
        asked.lot = Lot.objects.select_related("org", "product", "supplier").get_visible(
            viewer, "canteen.trace", public_id=_uuid(given["lot"])
        )
        _from_lot(asked)
    elif given.get("meal"):
        asked.meal = Meal.objects.select_related("org").get_visible(
            viewer, "canteen.trace", public_id=_uuid(given["meal"])
        )
    elif any(asked.typed.values()):
        _from_words(asked, viewer)
    return asked


def _from_lot(asked: Asked) -> None:
    lot = asked.lot
    asked.supplier, asked.product = lot.supplier.root or lot.supplier, lot.product.root or lot.product
    asked.produced_on, asked.batch = lot.produced_on, lot.batch
    asked.typed = {
        "supplier": asked.supplier.name, "product": asked.product.name, "batch": lot.batch,
        "produced": lot.produced_on.isoformat() if lot.produced_on else "",
    }  # fmt: skip


def _from_words(asked: Asked, viewer: Viewer) -> None:
    asked.supplier = _named(Party, "supplier", asked, viewer)
    asked.product = _named(Product, "product", asked, viewer)
    asked.batch = asked.typed["batch"]
    if asked.typed["produced"]:
        asked.produced_on = _day(asked)
    elif not asked.batch:
        asked.wrong["produced"] = _("Write the production date or the batch.")


def _day(asked: Asked) -> date | None:
    try:
        read = read_day(asked.typed["produced"])
        if read.year is None:
            raise ValueError
        day = date(read.year, read.month, read.day)
    except (Unreadable, ValueError):
        asked.wrong["produced"] = _("Write the day with its year, as 2024-04-12.")
        return None
    asked.typed["produced"] = day.isoformat()
    return day


def _named(model: Any, name: str, asked: Asked, viewer: Viewer) -> Any:
    """The row meant by a public id or by a name; by a part of a name when only one fits."""
    text = asked.typed[name]
    if not text:
        asked.wrong[name] = _("This is missing.")
        return None
    rows = model.objects.visible_to(viewer).select_related("root").order_by("org__path", "name")
    row = rows.filter(public_id=text).first() if _is_uuid(text) else rows.filter(name__iexact=text).first()
    near = [] if row else list(rows.filter(name__icontains=text)[:50])
    meant = {(one.root or one).pk: one.root or one for one in near}
    if row is None and len(meant) == 1:
        row = next(iter(meant.values()))
    if row is None:
        asked.wrong[name] = _not_found(text, [one.name for one in meant.values()])
        return None
    kept = row.root or row
    asked.typed[name] = kept.name
    return kept


def _not_found(text: str, near: list[str]) -> str:
    if not near:
        return _("Nothing is recorded under “%(text)s” within your reach.") % {"text": text}
    names = "、".join(dict.fromkeys(near[:SUGGESTED]))
    return _("Several names fit “%(text)s”: %(names)s. Write one of them in full.") % {"text": text, "names": names}


def _is_uuid(text: str) -> bool:
    return _uuid(text) is not None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def offered(viewer: Viewer) -> dict[str, list[str]]:
    """Names to choose from while typing."""
    suppliers = Party.objects.visible_to(viewer).order_by("name").values_list("name", flat=True).distinct()
    products = Product.objects.visible_to(viewer).order_by("name").values_list("name", flat=True).distinct()
    return {"suppliers": list(suppliers[:OFFERED]), "products": list(products[:OFFERED])}


def answer(viewer: Viewer, asked: Asked, under: OrgUnit | None) -> Trace | None:
    """The trace, when enough was asked."""
    if not asked.is_complete:
        return None
    path = under.path if under else ""
    if asked.lot is not None:
        return trace_lot(viewer, asked.lot, under_path=path)
    return trace_goods(
        viewer, supplier=asked.supplier, product=asked.product, produced_on=asked.produced_on, batch=asked.batch,
        under_path=path,
    )  # fmt: skip


@dataclass(frozen=True)
class Behind:
    """A lot that something of a meal came from."""

    lot: Lot
    grams: int
    is_certain: bool


def lots_behind(meal: Meal) -> list[Behind]:
    """Back from a meal to its lots, the heaviest first."""
    moves = StockMove.objects.filter(meal=meal, day=meal.day).order_by()
    sums = {
        (row["lot_id"], row["is_certain"]): -row["total"]
        for row in moves.values("lot_id", "is_certain").annotate(total=Sum("grams"))
        if row["total"] < 0
    }
    lots: QuerySet[Any] = Lot.objects.filter(pk__in={pk for pk, _sure in sums}).select_related("product", "supplier")
    by_id = {lot.pk: lot for lot in lots}
    found = [Behind(by_id[pk], grams, sure) for (pk, sure), grams in sums.items()]
    return sorted(found, key=lambda one: -one.grams)
