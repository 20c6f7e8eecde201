"""A term in seven kitchens: menus by the week, goods bought for them, issues to the pots. Pure and deterministic."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from houqin.config.demo.cast import School
from houqin.modules.canteen.rules.paper import PaperDelivery, PaperDish, PaperIssue, PaperMenu

SEED = 20260901
TERM_STARTS = (9, 1)
HOLIDAY = ((10, 1), (10, 7))


@dataclass(frozen=True)
class Good:
    """What is bought: from whom, at what price a kilogram (fen), how it comes and how long it keeps."""

    supplier: str
    fen_a_kg: int
    days: int
    fresh: bool = True
    pack_grams: int = 0
    certificate: bool = False


VEGETABLES, FRESH, STAPLES, TOFU, DAIRY = (
    "青禾蔬菜种植专业合作社", "鸿运生鲜配送有限公司", "云梦惠农粮油有限公司", "何记豆制品坊", "牧源乳业有限公司",
)  # fmt: skip
GOODS = {
    "大米": Good(STAPLES, 520, 365, False, 25_000),
    "面粉": Good(STAPLES, 450, 180, False, 25_000),
    "菜籽油": Good(STAPLES, 1180, 540, False, 20_000),
    "食盐": Good(STAPLES, 320, 1095, False, 10_000),
    "生抽酱油": Good(STAPLES, 760, 540, False, 10_000),
    "纯牛奶": Good(DAIRY, 1180, 180, False, 4_800),
    "鲜猪肉": Good(FRESH, 2580, 2, certificate=True),
    "鸡腿": Good(FRESH, 1560, 3, certificate=True),
    "草鱼": Good(FRESH, 1720, 2),
    "鸡蛋": Good(FRESH, 1080, 30),
    "豆腐": Good(TOFU, 480, 1),
    "大白菜": Good(VEGETABLES, 230, 5),
    "西红柿": Good(VEGETABLES, 560, 5),
    "土豆": Good(VEGETABLES, 310, 20),
    "胡萝卜": Good(VEGETABLES, 340, 15),
    "青椒": Good(VEGETABLES, 620, 5),
}
RICE = PaperDish("米饭", (("大米", 90),))
DISHES = (
    PaperDish("土豆烧鸡腿", (("土豆", 60), ("鸡腿", 70), ("菜籽油", 5), ("生抽酱油", 3))),
    PaperDish("青椒肉丝", (("青椒", 70), ("鲜猪肉", 40), ("菜籽油", 5), ("食盐", 1))),
    PaperDish("红烧草鱼", (("草鱼", 90), ("菜籽油", 6), ("生抽酱油", 4))),
    PaperDish("西红柿炒鸡蛋", (("西红柿", 80), ("鸡蛋", 50), ("菜籽油", 5), ("食盐", 1))),
    PaperDish("家常豆腐", (("豆腐", 80), ("鲜猪肉", 15), ("菜籽油", 5), ("生抽酱油", 3))),
    PaperDish("胡萝卜炒肉", (("胡萝卜", 70), ("鲜猪肉", 30), ("菜籽油", 5), ("食盐", 1))),
    PaperDish("醋溜白菜", (("大白菜", 120), ("菜籽油", 4), ("食盐", 1))),
    PaperDish("清炒土豆丝", (("土豆", 110), ("菜籽油", 5), ("食盐", 1))),
)
BREAKFAST = (PaperDish("馒头", (("面粉", 80),)), PaperDish("纯牛奶", (("纯牛奶", 200),)))
ACCEPTORS = ("陈静", "刘强", "王芳")


def school_days(today: date) -> list[date]:
    """Mondays to Fridays of the term up to today, without the National Day week."""
    year = today.year if (today.month, today.day) >= TERM_STARTS else today.year - 1
    day, found = date(year, *TERM_STARTS), []
    while day <= today:
        holiday = HOLIDAY[0] <= (day.month, day.day) <= HOLIDAY[1]
        if day.weekday() < 5 and not holiday:
            found.append(day)
        day += timedelta(days=1)
    return found


def dishes_of(day: date) -> dict[str, tuple[PaperDish, ...]]:
    """The town's menu of a day: a rotation, so that no dish comes twice on one day."""
    turn = day.toordinal()
    lunch = (RICE, DISHES[turn * 2 % 8], DISHES[(turn * 2 + 3) % 8])
    dinner = (RICE, DISHES[(turn * 2 + 6) % 8])
    return {"breakfast": BREAKFAST, "lunch": lunch, "dinner": dinner}


def menus(org_id: int, days: list[date]) -> Iterator[PaperMenu]:
    """The weighed menus of the town."""
    for day in days:
        for kind, dishes in dishes_of(day).items():
            yield PaperMenu(row=("menu", day, kind), org_id=org_id, day=day, kind=kind, dishes=dishes)


def heads(school: School, kind: str, day: date) -> int:
    """How many eat: lunch nearly all, breakfast and dinner the boarders, fewer when the cold comes."""
    away = random.Random(f"{SEED}{school.name}{day}").randint(0, max(2, school.enrolment // 40))  # noqa: S311
    whole = school.enrolment if kind == "lunch" else school.boarders
    return max(0, whole - away) if whole else 0


def needs(school: School, day: date) -> dict[tuple[str, str], int]:
    """Grams of each product for each meal of a day."""
    grams: dict[tuple[str, str], int] = defaultdict(int)
    for kind, dishes in dishes_of(day).items():
        count = heads(school, kind, day)
        for dish in dishes:
            for product, each in dish.ingredients:
                if count:
                    grams[kind, product] += each * count
    return grams


def bought(grams: int) -> int:
    """What is bought of fresh goods for so much in the pots: three in a hundred more, in whole hundred grams."""
    return -(-grams * 103 // 10_000) * 100


def potted(school: School, day: date) -> dict[tuple[str, str], int]:
    """Grams of each product that go to each meal of a day: of fresh goods nothing is left over."""
    grams = needs(school, day)
    for product in {product for _kind, product in grams if GOODS[product].fresh}:
        meals = [key for key in grams if key[1] == product]
        whole = sum(grams[key] for key in meals)
        grams[meals[-1]] += bought(whole) - whole
    return grams


def issues(school: School, org_id: int, days: list[date]) -> Iterator[PaperIssue]:
    """What goes from the store to the pots; fresh goods with the batch of the day named."""
    for day in days:
        for (kind, product), grams in potted(school, day).items():
            named = batch_of(product, day, school) if GOODS[product].days <= 3 else ""
            yield PaperIssue(
                row=("issue", org_id, day, kind, product), org_id=org_id, day=day, product=product, grams=grams,
                kind=kind, batch=named, taken_by="张师傅",
            )  # fmt: skip


def batch_of(product: str, produced: date, school: School) -> str:
    """The batch on the label: meat is cut in two shifts."""
    shift = "AB"[len(school.name) % 2] if GOODS[product].certificate else ""
    return f"{produced:%Y%m%d}{shift}"


def deliveries(school: School, org_id: int, days: list[date]) -> Iterator[PaperDelivery]:
    """Fresh goods on the day they are cooked, staples every second Monday in whole packs."""
    for start in range(0, len(days), 10):
        fortnight = days[start : start + 10]
        total: dict[str, int] = defaultdict(int)
        for day in fortnight:
            for (_kind, product), grams in needs(school, day).items():
                if not GOODS[product].fresh:
                    total[product] += grams
        for product, grams in total.items():
            packs = -(-grams // GOODS[product].pack_grams)
            produced = fortnight[0] - timedelta(days=9 + packs % 7)
            yield _delivery(school, org_id, fortnight[0], product, packs * GOODS[product].pack_grams, produced)
    for day in days:
        fresh: dict[str, int] = defaultdict(int)
        for (_kind, product), grams in needs(school, day).items():
            if GOODS[product].fresh:
                fresh[product] += grams
        for product, grams in fresh.items():
            yield _delivery(school, org_id, day, product, bought(grams), day)


def _delivery(school: School, org_id: int, day: date, product: str, grams: int, produced: date) -> PaperDelivery:
    good = GOODS[product]
    chance = random.Random(f"{SEED}{school.name}{day}{product}")  # noqa: S311
    price = good.fen_a_kg + chance.randint(-good.fen_a_kg // 20, good.fen_a_kg // 20)
    packs = f"{grams // good.pack_grams}袋×{good.pack_grams / 1000:g}kg" if good.pack_grams else f"{grams / 1000:g}kg"
    return PaperDelivery(
        row=("delivery", org_id, day, product), org_id=org_id, day=day, product=product, grams=grams,
        supplier=good.supplier, written_quantity=packs, unit_price=price * 100, amount_fen=round(price * grams / 1000),
        produced_on=produced, batch=batch_of(product, produced, school), expires_on=produced + timedelta(days=good.days),
        certificate_number=f"42{chance.randint(10**8, 10**9 - 1)}" if good.certificate else "",
        senses="正常", accepted_by="、".join(chance.sample(ACCEPTORS, 2)),
    )  # fmt: skip
