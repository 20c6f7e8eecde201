"""The chain from supplier to meal."""

from houqin.modules.canteen.models.goods import Category, Product
from houqin.modules.canteen.models.meals import Headcount, Meal, MealDish, MealKind, Menu, MenuDish, MenuIngredient
from houqin.modules.canteen.models.recalls import Recall, RecallAnswer, RecallLot, Tier
from houqin.modules.canteen.models.stock import Delivery, DeliveryLine, Issue, Lot, MoveKind, Origin, StockMove

__all__ = [
    "Category",
    "Delivery",
    "DeliveryLine",
    "Headcount",
    "Issue",
    "Lot",
    "Meal",
    "MealDish",
    "MealKind",
    "Menu",
    "MenuDish",
    "MenuIngredient",
    "MoveKind",
    "Origin",
    "Product",
    "Recall",
    "RecallAnswer",
    "RecallLot",
    "StockMove",
    "Tier",
]
