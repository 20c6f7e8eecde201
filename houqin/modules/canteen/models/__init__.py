"""The chain from supplier to meal."""

from houqin.modules.canteen.models.acceptance import GoodsCode, TurnedAway
from houqin.modules.canteen.models.cards import CanteenCard
from houqin.modules.canteen.models.deeds import Correction, EntryKind, StockEntry, Stocktake, StocktakeLine, Transfer
from houqin.modules.canteen.models.goods import Category, Product
from houqin.modules.canteen.models.illness import (
    SEE_ILL,
    SIGNS,
    ClassSearch,
    Ill,
    IllAte,
    WellAte,
)
from houqin.modules.canteen.models.incidents import (
    Body,
    Call,
    EmergencyNumber,
    HandOver,
    Incident,
    IncidentReport,
    SealedKind,
    SealedThing,
)
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
from houqin.modules.canteen.models.stopping import KitchenStop

__all__ = [
    "ON_CONDITION",
    "SEE_ILL",
    "SIGNS",
    "Absence",
    "AbsenceKind",
    "Admission",
    "Body",
    "Call",
    "CanteenCard",
    "Category",
    "CheckKind",
    "ClassSearch",
    "Correction",
    "Delivery",
    "DeliveryLine",
    "EaterKind",
    "EmergencyNumber",
    "EntryKind",
    "GoodsCode",
    "HandOver",
    "Headcount",
    "Ill",
    "IllAte",
    "Incident",
    "IncidentReport",
    "Issue",
    "KitchenStop",
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
    "SealedKind",
    "SealedThing",
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
    "WellAte",
]
