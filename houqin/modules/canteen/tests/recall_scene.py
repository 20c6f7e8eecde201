"""A bad batch in the town of the cast: chicken legs of one morning in schools A, B and C."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.actions.recalls import launch_recall, propose_recall
from houqin.modules.canteen.models import (
    Delivery,
    DeliveryLine,
    Headcount,
    Issue,
    Lot,
    Meal,
    MealKind,
    MoveKind,
    Origin,
    Product,
    Recall,
    StockMove,
)
from tests.world import NOON, TODAY, World

BAD_DAY = date(2024, 3, 1)
BATCH = "20240301A"
REASON = "供货方来电：该批次冷链中断"


def party(org: OrgUnit, name: str) -> Party:
    """A supplier kept at a unit."""
    return Party.objects.create(org=org, name=name, subject=Subject.objects.create(kind="party", org=org, label=name))


def put_lot(
    school: OrgUnit,
    product: Product,
    supplier: Party,
    *,
    grams: int,
    produced_on: date | None,
    batch: str = "",
    received_on: date = BAD_DAY,
) -> Lot:
    """A delivery of one line with its lot, straight into the tables."""
    lot = Lot.objects.create(
        subject=Subject.objects.create(kind="lot", org=school, label=str(product)), org=school, product=product,
        supplier=supplier, batch=batch, produced_on=produced_on, received_on=received_on, on_hand_grams=grams,
        expires_on=received_on + timedelta(days=30),
    )  # fmt: skip
    number = f"SH-{received_on:%Y%m%d}-{Delivery.objects.filter(org=school).count() + 1:04d}"
    delivery = Delivery.objects.create(
        number=number, org=school, supplier=supplier, delivered_on=received_on, origin=Origin.LIVE, recorded_at=NOON,
        signed_at=NOON,
    )  # fmt: skip
    line = DeliveryLine.objects.create(
        org=school, delivery=delivery, lot=lot, delivered_on=received_on, quantity_grams=grams, amount_fen=grams // 10
    )
    StockMove.objects.create(
        day=received_on, org=school, lot=lot, kind=MoveKind.RECEIVED, grams=grams, line=line, at=NOON
    )
    return lot


def serve(lot: Lot, grams: int, *, day: date, eaters: int | None = None, kind: str = MealKind.LUNCH) -> Meal:
    """Issue grams of a lot to a meal, straight into the tables."""
    meal, _made = Meal.objects.get_or_create(org=lot.org, day=day, kind=kind)
    issue = Issue.objects.create(
        org=lot.org, meal=meal, product=lot.product, issued_on=day, quantity_grams=grams, origin=Origin.LIVE,
        recorded_at=NOON, named_batch=lot.batch,
    )  # fmt: skip
    StockMove.objects.create(
        day=day, org=lot.org, lot=lot, kind=MoveKind.ISSUED, grams=-grams, issue=issue, meal=meal, at=NOON,
        is_certain=bool(lot.batch),
    )  # fmt: skip
    lot.on_hand_grams -= grams
    lot.save(update_fields=["on_hand_grams"])
    if eaters is not None:
        Headcount.objects.get_or_create(org=lot.org, meal=meal, class_group=None, defaults={"eaters": eaters})
    return meal


@dataclass
class Scene:
    """What lies where. ``bad_day`` is when the bad batch was produced: three days before today."""

    world: World
    bad_day: date
    supplier: Party
    product: Product
    lot_a: Lot
    undated_a: Lot
    other_a: Lot
    lot_b: Lot
    lot_c: Lot

    def asked(self, **changes: Any) -> dict[str, Any]:
        """The arguments of a recall of the bad batch."""
        return {
            "supplier": self.supplier, "product": self.product, "produced_on": self.bad_day, "reason": REASON, **changes,
        }  # fmt: skip

    def proposed(self, **changes: Any) -> Recall:
        """Bo prepares it for the town."""
        return propose_recall(self.world.town, by=self.world.viewer("bo"), **self.asked(**changes))

    def launched(self, **changes: Any) -> Recall:
        """Bai launches it."""
        return launch_recall(self.proposed(**changes), by=self.world.viewer("bai"))

    def lots(self) -> list[Lot]:
        """Every lot as it is now."""
        return list(Lot.objects.order_by("pk"))


def make_scene(world: World, today: date = TODAY) -> Scene:
    """School A: 20 kg bad (8 kg served on Friday, 5 kg handed out today), 3 kg without a date, 10 kg of another day.
    School B: 30 kg bad. School C, in the other city: 9 kg of the same batch."""
    supplier = party(world.province, "宏发生鲜配送有限公司")
    product = Product.objects.create(org=world.province, name="鸡腿", category="poultry")
    bad_day = today - timedelta(days=3)

    def lot(school: OrgUnit, grams: int, batch: str, day: date | None = bad_day, received: date = bad_day) -> Lot:
        return put_lot(school, product, supplier, grams=grams, produced_on=day, batch=batch, received_on=received)

    lot_a = lot(world.school_a, 20_000, f"{bad_day:%Y%m%d}A")
    serve(lot_a, 8_000, day=bad_day, eaters=280)
    serve(lot_a, 5_000, day=today)
    return Scene(
        world, bad_day, supplier, product, lot_a,
        undated_a=lot(world.school_a, 3_000, "", None),
        other_a=lot(world.school_a, 10_000, f"{today:%Y%m%d}A", today, today),
        lot_b=lot(world.school_b, 30_000, f"{bad_day:%Y%m%d}B"),
        lot_c=lot(world.school_c, 9_000, f"{bad_day:%Y%m%d}A"),
    )  # fmt: skip
