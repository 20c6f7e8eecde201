"""The chain from supplier to meal."""

from houqin.modules.canteen.models.acceptance import GoodsCode, TurnedAway
from houqin.modules.canteen.models.cards import CanteenCard
from houqin.modules.canteen.models.deeds import Correction, EntryKind, StockEntry, Stocktake, StocktakeLine, Transfer
from houqin.modules.canteen.models.goods import Category, Product
from houqin.modules.canteen.models.meals import (
    EaterKind,
    Headcount,
    Meal,
    MealDish,
    MealKind,
    Menu,
    MenuDish,
    MenuIngredient,
)
from houqin.modules.canteen.models.papers import Voucher, VoucherKind
from houqin.modules.canteen.models.recalls import Recall, RecallAnswer, RecallLot, Tier
from houqin.modules.canteen.models.roster import Admission, Relief
from houqin.modules.canteen.models.serving import (
    Absence,
    AbsenceKind,
    CheckKind,
    MealCheck,
    MenuChange,
    NightRoll,
    Sample,
)
from houqin.modules.canteen.models.stock import (
    ON_CONDITION,
    Delivery,
    DeliveryLine,
    Issue,
    Lot,
    MoveKind,
    Origin,
    SignedHow,
    StockMove,
)

__all__ = [
    "ON_CONDITION",
    "Absence",
    "AbsenceKind",
    "Admission",
    "CanteenCard",
    "Category",
    "CheckKind",
    "Correction",
    "Delivery",
    "DeliveryLine",
    "EaterKind",
    "EntryKind",
    "GoodsCode",
    "Headcount",
    "Issue",
    "Lot",
    "Meal",
    "MealCheck",
    "MealDish",
    "MealKind",
    "Menu",
    "MenuChange",
    "MenuDish",
    "MenuIngredient",
    "MoveKind",
    "NightRoll",
    "Origin",
    "Product",
    "Recall",
    "RecallAnswer",
    "RecallLot",
    "Relief",
    "Sample",
    "SignedHow",
    "StockEntry",
    "StockMove",
    "Stocktake",
    "StocktakeLine",
    "Tier",
    "Transfer",
    "TurnedAway",
    "Voucher",
    "VoucherKind",
]
