"""A canteen's days: what came, what went into the pots, who ate, what was measured and kept. Stock adds up to the gram."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from benchmarks.province.copying import Rows
from benchmarks.province.dice import Dice, Ids
from benchmarks.province.goods import PRODUCTS, supplier
from benchmarks.province.people import Staff, moment
from benchmarks.province.premises import Thing
from benchmarks.province.tree import Place
from houqin.config.demo.kitchen import GOODS, bought, dishes_of
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.actions.lots import LOT_KIND
from houqin.modules.canteen.models import (
    CheckKind,
    Delivery,
    DeliveryLine,
    EaterKind,
    Headcount,
    Issue,
    Lot,
    Meal,
    MealCheck,
    MoveKind,
    Origin,
    Sample,
    SignedHow,
    StockMove,
)

SERVED = {"breakfast": 7 * 60, "lunch": 11 * 60 + 40, "dinner": 17 * 60 + 30}
CAME, SIGNED, ISSUED = 6 * 60 + 30, 25, -150  # minutes: after midnight, after it came, before serving
AWAY = {12: 0.05, 1: 0.06, 2: 0.04, 3: 0.03}  # part of the pupils that is away, by month: the cold season
USUALLY_AWAY = 0.02
DEARER = {1: 1.12, 2: 1.15, 12: 1.06, 7: 0.94, 8: 0.93, 9: 0.95}  # prices by month
STAPLES_EVERY = 10  # school days
KEPT = timedelta(hours=48)


@dataclass
class Store:
    """A lot in store and what is left of it."""

    lot: int
    left: int
    values: dict[str, object]


@dataclass(frozen=True)
class Context:
    """What the days of every school share."""

    days: Sequence[date]
    menus: dict[tuple[date, str], int]
    until: date
    now_minutes: int


class Kitchen:
    """One school's canteen, day after day."""

    def __init__(
        self, rows: Rows, ids: Ids, school: Place, staff: Staff, things: Sequence[Thing], context: Context
    ) -> None:
        self.rows, self.ids, self.school, self.context = rows, ids, school, context
        self.keeper, self.cook = staff.accounts["keeper"].pk, staff.accounts["cook"].pk
        self.fridge = next(one.pk for one in things if one.use == "sample-refrigerator")
        self.dice = school.dice("kitchen")
        self.stock: dict[str, list[Store]] = defaultdict(list)
        self.lots: list[Store] = []
        self.turns: dict[date, int] = defaultdict(int)
        assert school.town.parent is not None
        self.district = school.town.parent

    def work(self) -> None:
        """All days of cooking."""
        days = self.context.days
        for number, day in enumerate(days):
            heads = self._heads(day)
            if number % STAPLES_EVERY == 0:
                self._buy_staples(day, days[number : number + STAPLES_EVERY], heads)
            self._cook(day, heads)
        for one in self.lots:
            self.rows.add(Lot, on_hand_grams=one.left, **one.values)

    def _heads(self, day: date) -> dict[str, int]:
        away = AWAY.get(day.month, USUALLY_AWAY) * self.dice.uniform(0.3, 1.7)
        whole = {"lunch": self.school.pupils}
        return {
            kind: max(1, round(whole.get(kind, self.school.boarders) * (1 - away)))
            for kind in self.school.what.meals
            if whole.get(kind, self.school.boarders)
        }

    def _needs(self, day: date, heads: dict[str, int]) -> dict[tuple[str, str], int]:
        grams: dict[tuple[str, str], int] = defaultdict(int)
        dishes = dishes_of(day)
        for kind, count in heads.items():
            for dish in dishes[kind]:
                for product, each in dish.ingredients:
                    grams[kind, product] += each * count
        return grams

    def _buy_staples(self, day: date, ahead: Sequence[date], heads: dict[str, int]) -> None:
        """Whole packs for the days ahead, less what is left: rice never runs out before the next lorry."""
        total: dict[str, int] = defaultdict(int)
        full = {kind: self.school.pupils if kind == "lunch" else self.school.boarders for kind in heads}
        for one in ahead:
            for (_kind, product), grams in self._needs(one, full).items():
                if not GOODS[product].fresh:
                    total[product] += grams
        wanted = {product: grams - sum(one.left for one in self.stock[product]) for product, grams in total.items()}
        packs = {
            product: -(-grams // GOODS[product].pack_grams) * GOODS[product].pack_grams
            for product, grams in wanted.items()
            if grams > 0
        }
        self._receive(day, packs)

    def _cook(self, day: date, heads: dict[str, int]) -> None:
        needs = self._needs(day, heads)
        fresh: dict[str, int] = defaultdict(int)
        for (_kind, product), grams in needs.items():
            if GOODS[product].fresh:
                fresh[product] += grams
        self._receive(day, {product: bought(grams) for product, grams in fresh.items()})
        last = {product: kind for kind, product in needs}
        for kind, count in heads.items():
            if day == self.context.until and SERVED[kind] > self.context.now_minutes:
                continue
            meal = self._meal(day, kind, count)
            for (of, product), grams in needs.items():
                if of == kind:
                    rest = bought(fresh[product]) - fresh[product] if product in fresh and last[product] == kind else 0
                    self._issue(day, kind, meal, product, grams + rest)

    def _receive(self, day: date, goods: dict[str, int]) -> None:
        by_firm: dict[str, list[str]] = defaultdict(list)
        for product in goods:
            by_firm[GOODS[product].supplier].append(product)
        at = moment(day, CAME + self.dice.randint(-40, 40))
        waits = day == self.context.until or self.dice.random() < self.school.habit.missed / 10
        for firm, products in by_firm.items():
            delivery, dice = self.ids.next(Delivery), self.dice
            party = supplier(self.district, firm)
            turn = self._turn(day)
            signed = {} if waits else {
                "signed_by_id": self.cook, "signed_at": at + timedelta(minutes=dice.randint(5, SIGNED)),
                "signed_how": SignedHow.OWN.value,
            }  # fmt: skip
            self.rows.add(
                Delivery, id=delivery, public_id=dice.uuid7(at), number=f"SH-{day:%Y%m%d}-{turn:04d}", org_id=self.school.pk,
                supplier_id=party, delivered_on=day, origin=Origin.LIVE.value, recorded_at=at, accepted_by_id=self.keeper, **signed,
            )  # fmt: skip
            for product in products:
                self._line(dice, day, delivery, party, product, goods[product], at)

    def _turn(self, day: date) -> int:
        self.turns[day] += 1
        return self.turns[day]

    def _line(self, dice: Dice, day: date, delivery: int, party: int, product: str, grams: int, at: datetime) -> None:
        good, ids, org = GOODS[product], self.ids, self.school.pk
        produced = day if good.fresh else day - timedelta(days=9 + dice.randint(0, 20))
        batch = f"{produced:%Y%m%d}{'AB'[dice.getrandbits(1)] if good.certificate else ''}"
        lot, line, subject = ids.next(Lot), ids.next(DeliveryLine), ids.next(Subject)
        self.rows.add(
            Subject, id=subject, public_id=dice.uuid7(at), kind=LOT_KIND, org_id=org, label=f"{product} {batch}"
        )
        one = Store(lot, grams, {
            "id": lot, "public_id": dice.uuid7(at), "subject_id": subject, "org_id": org, "product_id": PRODUCTS[product],
            "supplier_id": party, "batch": batch, "produced_on": produced, "received_on": day,
            "expires_on": produced + timedelta(days=good.days),
        })  # fmt: skip
        self.stock[product].append(one)
        self.lots.append(one)
        price = round(good.fen_a_kg * DEARER.get(day.month, 1) * dice.uniform(0.95, 1.05))
        self.rows.add(
            DeliveryLine, id=line, public_id=dice.uuid7(at), org_id=org, delivery_id=delivery, lot_id=lot, delivered_on=day,
            quantity_grams=grams, written_quantity=f"{grams / 1000:g}kg", unit_price=price * 100,
            amount_fen=round(price * grams / 1000), senses="正常", accepted_by="食堂管理员",
            certificate_number=f"42{dice.randint(10**8, 10**9 - 1)}" if good.certificate else "",
        )  # fmt: skip
        self.rows.add(
            StockMove, id=ids.next(StockMove), day=day, org_id=org, lot_id=lot, kind=MoveKind.RECEIVED.value, grams=grams,
            line_id=line, is_certain=True, at=at, account_id=self.keeper,
        )  # fmt: skip

    def _meal(self, day: date, kind: str, count: int) -> int:
        rows, ids, dice, org = self.rows, self.ids, self.dice, self.school.pk
        meal, served = ids.next(Meal), SERVED[kind]
        rows.add(
            Meal, id=meal, public_id=dice.uuid7(moment(day, 0)), org_id=org, day=day, kind=kind,
            menu_id=self.context.menus[day, kind],
        )  # fmt: skip
        roll = self.school.pupils if kind == "lunch" else self.school.boarders
        for eaters, number in ((EaterKind.PUPILS, count), (EaterKind.STAFF, 4 + roll // 14)):
            rows.add(
                Headcount, id=ids.next(Headcount), org_id=org, meal_id=meal, kind=eaters.value, eaters=number,
                on_roll=roll if eaters is EaterKind.PUPILS else None, reported_at=moment(day, served - 240), account_id=self.keeper,
            )  # fmt: skip
        for name, minutes in ((CheckKind.TASTED, -15), (CheckKind.SERVING, 0), (CheckKind.SERVED, 45)):
            self._check(meal, name, moment(day, served + minutes + dice.randint(-5, 5)), "", None)
        if not self.school.habit.missed or dice.random() >= self.school.habit.missed:
            for number, dish in enumerate(dishes_of(day)[kind], 1):
                self._sample(meal, day, served, dish.name, number)
        return meal

    def _check(self, meal: int, kind: CheckKind, at: datetime, dish: str, tenths: int | None) -> None:
        self.rows.add(
            MealCheck, id=self.ids.next(MealCheck), public_id=self.dice.uuid7(at), org_id=self.school.pk, meal_id=meal,
            kind=kind.value, dish=dish, tenths=tenths, at=at, account_id=self.cook,
        )  # fmt: skip

    def _sample(self, meal: int, day: date, served: int, dish: str, number: int) -> None:
        dice, at = self.dice, moment(day, served - 20)
        self._check(meal, CheckKind.CORE, at, dish, dice.randint(750, 950))
        keep = at + KEPT
        gone = (
            {"disposed_at": keep + timedelta(hours=2), "disposed_by_id": self.cook, "disposal_note": "厨余"}
            if day + timedelta(days=3) <= self.context.until
            else {}
        )
        self.rows.add(
            Sample, id=self.ids.next(Sample), public_id=dice.uuid7(at), org_id=self.school.pk, meal_id=meal, dish=dish,
            grams=dice.randint(125, 150), taken_at=at, keep_until=keep, account_id=self.cook, box=str(number),
            place_id=self.fridge, tenths=dice.randint(20, 60), label_code=dice.label(), **gone,
        )  # fmt: skip

    def _issue(self, day: date, kind: str, meal: int, product: str, grams: int) -> None:
        """To the pot, from the lots that were produced first."""
        ids, at, org = self.ids, moment(day, SERVED[kind] + ISSUED), self.school.pk
        issue, lots = ids.next(Issue), self.stock[product]
        self.rows.add(
            Issue, id=issue, public_id=self.dice.uuid7(at), org_id=org, meal_id=meal, product_id=PRODUCTS[product], issued_on=day,
            quantity_grams=grams, taken_by="张师傅", origin=Origin.LIVE.value, recorded_at=at,
        )  # fmt: skip
        while grams:
            one = lots[0]
            taken = min(grams, one.left)
            one.left -= taken
            grams -= taken
            if not one.left:
                lots.pop(0)
            self.rows.add(
                StockMove, id=ids.next(StockMove), day=day, org_id=org, lot_id=one.lot, kind=MoveKind.ISSUED.value, grams=-taken,
                issue_id=issue, meal_id=meal, is_certain=len(lots) < 2, at=at, account_id=self.keeper,
            )  # fmt: skip
