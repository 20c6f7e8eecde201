"""The door of school A's store with a supplier before it, for tests."""

from dataclasses import dataclass
from typing import Any

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.actions.acceptance import Arrived, accept_delivery
from houqin.modules.canteen.models import Category, Delivery, Product
from tests.world import World

GOODS = {
    "大米": Category.GRAIN,
    "纯牛奶": Category.MILK,
    "鲜猪肉": Category.MEAT,
    "鸡腿": Category.POULTRY,
    "鸡蛋": Category.EGG,
    "白菜": Category.VEGETABLE,
}


@dataclass
class Door:
    """Who stands there, and what they usually bring."""

    world: World
    supplier: Party
    goods: dict[str, Product]

    @property
    def org(self) -> OrgUnit:
        return self.world.school_a

    @property
    def an(self) -> Viewer:
        return self.world.viewer("an")

    def subject(self) -> Subject:
        return Subject.objects.create(kind="party", org=self.world.town, label="供货单位")

    def line(self, product: str | Product, grams: int, **more: Any) -> Arrived:
        named = self.goods[product] if isinstance(product, str) else product
        return Arrived(product=named, grams=grams, **more)

    def accept(self, *lines: Arrived, by: Viewer | None = None, **more: Any) -> Delivery:
        return accept_delivery(self.org, by=by or self.an, supplier=self.supplier, lines=lines, **more)


def make_door(world: World) -> Door:
    """A supplier of the town with a few goods."""
    subject = Subject.objects.create(kind="party", org=world.town, label="鸿运生鲜")
    supplier = Party.objects.create(org=world.town, name="鸿运生鲜配送有限公司", subject=subject)
    goods = {name: Product.objects.create(org=world.town, name=name, category=kind) for name, kind in GOODS.items()}
    return Door(world, supplier, goods)
