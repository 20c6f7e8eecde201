"""Claim: stock moves through the verb: ≥ 1,000 a second with one worker, ≥ 2,000 with eight on PostgreSQL, at any size of the table.

Two deeds of nine lines each, as a keeper does them every day: goods accepted at the door, goods issued to a meal. SQLite runs with
synchronous=FULL. The table is filled to each size with moves of other lots, spread over the days of the months that it has.
"""

import multiprocessing
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import Kind, OrgUnit, SchoolFacts
from houqin.core.parties.models import Party
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.actions.acceptance import Arrived, accept_delivery
from houqin.modules.canteen.actions.live import ForMeal
from houqin.modules.canteen.actions.lots import open_lots
from houqin.modules.canteen.actions.meals import IssueLine, issue_meal
from houqin.modules.canteen.models import Lot, MealKind, MoveKind, Product, StockMove

SCHOOLS, LINES, SECONDS = 480, 9, 8.0
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
WORKERS = {"postgresql": (1, 8), "sqlite": (1,)}
TODAY = timezone.localdate()
DAYS, WARM = 90, 20
TOWN = "收发镇"
Deed = Callable[[OrgUnit, Viewer, int], None]


def run(shared: Path, *, sizes: tuple[int, ...] = SIZES, seconds: float = SECONDS) -> dict[str, Any]:
    """Moves a second of each deed, by the rows that were there and by the workers."""
    schools = schools_of_a_town()
    full = _fully_synchronous()
    found: dict[str, Any] = {"durability": full}
    for size in sizes:
        fill(size)
        found[f"{size:,} rows"] = {
            name: {
                f"{workers} workers": round(_rate(deed, there, workers, seconds))
                for workers in WORKERS[connection.vendor]
            }
            for name, deed, there in (("accepted", _accept, schools[::2]), ("issued", _issue, schools[1::2]))
        }
    return found


def _fully_synchronous() -> str:
    """A deed is on the disk before it is acknowledged."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA synchronous")
            return f"synchronous={cursor.fetchone()[0]}"
        cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
        return "synchronous_commit={}, fsync={}".format(*cursor.fetchone())


def _rate(deed: Deed, schools: list[OrgUnit], workers: int, seconds: float) -> float:
    """Moves a second of so many processes, each with schools of its own."""
    if workers == 1:
        return _work(deed, schools, seconds)
    connection.close()
    connection.close_pool()
    forked = multiprocessing.get_context("fork")
    with forked.Pool(workers) as pool:
        shares = [(deed, schools[number::workers], seconds) for number in range(workers)]
        return sum(pool.starmap(_work, shares))


def _work(deed: Deed, schools: list[OrgUnit], seconds: float) -> float:
    who = [(school, _keeper(school)) for school in schools]
    for school in who[:WARM]:
        deed(*school, 0)
    done, began = 0, time.perf_counter()
    while (taken := time.perf_counter() - began) < seconds:
        deed(*who[done % len(who)], done // len(who))
        done += 1
    return done * LINES / taken


def _keeper(school: OrgUnit) -> Viewer:
    return viewer_for(Account.objects.get(username=f"moves-{school.pk}"))


def _goods(school: OrgUnit) -> list[Product]:
    if school.pk not in GOODS:
        GOODS[school.pk] = list(Product.objects.filter(org_id=school.parent_id).select_related("org").order_by("pk"))
    return GOODS[school.pk]


GOODS: dict[int, list[Product]] = {}


def _supplier(school: OrgUnit) -> Party:
    if school.pk not in SUPPLIERS:
        SUPPLIERS[school.pk] = Party.objects.select_related("org").get(org_id=school.parent_id)
    return SUPPLIERS[school.pk]


SUPPLIERS: dict[int, Party] = {}


def _accept(school: OrgUnit, by: Viewer, turn: int) -> None:
    goods, supplier = _goods(school), _supplier(school)
    batch = f"{turn}-{time.monotonic_ns()}"
    lines = [Arrived(product=product, grams=10_000, batch=batch, produced_on=TODAY) for product in goods]
    accept_delivery(school, by=by, supplier=supplier, lines=lines)


def _issue(school: OrgUnit, by: Viewer, turn: int) -> None:
    kinds = MealKind.values
    meal = ForMeal(TODAY - timedelta(days=turn // len(kinds) % DAYS), kinds[turn % len(kinds)])
    lots = _stores(school)
    issue_meal(school, by=by, meal=meal, lines=[IssueLine(lot.product, 100, lot) for lot in lots])


def _stores(school: OrgUnit) -> list[Lot]:
    if school.pk not in STORES:
        rows = Lot.objects.filter(org=school, batch="store").select_related("product__org").order_by("pk")
        STORES[school.pk] = list(rows)
    return STORES[school.pk]


STORES: dict[int, list[Lot]] = {}


def schools_of_a_town() -> list[OrgUnit]:
    """A town of schools with a keeper and nine lots in store each, and what fills the table; made once."""
    known = list(OrgUnit.objects.filter(kind=Kind.SCHOOL, parent__name=TOWN).order_by("pk"))
    if known:
        return known
    town = OrgUnit.objects.create(kind=Kind.TOWN, name=TOWN, path="0009")
    party = Subject.objects.create(kind="party", org=town, label="供货单位")
    supplier = Party.objects.create(org=town, name="惠民粮油", subject=party)
    goods = [Product.objects.create(org=town, name=f"货物{number}") for number in range(LINES)]
    schools = []
    for number in range(SCHOOLS):
        school = OrgUnit.objects.create(kind=Kind.SCHOOL, name=f"校{number}", parent=town, path=f"0009{number + 1:04d}")
        SchoolFacts.objects.create(org=school, valid_from=TODAY - timedelta(days=400), enrolment=500)
        account = Account.objects.create(username=f"moves-{school.pk}", display_name="保管员", home=school)
        Grant.objects.create(account=account, role="keeper", org=school, from_on=TODAY)
        marks = {
            "supplier": supplier,
            "produced_on": None,
            "received_on": TODAY - timedelta(days=DAYS),
            "expires_on": None,
        }
        open_lots(school, [marks | {"product": one, "batch": batch} for one in goods for batch in ("store", "filler")])
        schools.append(school)
    Lot.objects.filter(batch="store").update(on_hand_grams=10**12)
    return schools


def officer(name: str) -> Account:
    """Somebody in the town's office."""
    town = OrgUnit.objects.get(name=TOWN)
    account: Account = Account.objects.create(username=name, display_name="主任", home=town)
    Grant.objects.create(account=account, role="office_director", org=town, from_on=TODAY)
    return account


def fill(size: int) -> None:
    """Moves of the filler lots until there are so many rows, made by the database out of numbers."""
    lots = list(Lot.objects.filter(batch="filler").values_list("pk", "org_id"))
    there, now = StockMove.objects.count(), connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS bench_lot (n bigint PRIMARY KEY, id bigint, org bigint)")
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS bench_day (n bigint PRIMARY KEY, day date)")
        once = "ON CONFLICT DO NOTHING"
        cursor.executemany(
            f"INSERT INTO bench_lot VALUES (%s, %s, %s) {once}", [(n, *lot) for n, lot in enumerate(lots)]
        )
        cursor.executemany(
            f"INSERT INTO bench_day VALUES (%s, %s) {once}",
            [(n, (TODAY - timedelta(days=n)).isoformat()) for n in range(DAYS)],
        )
        cursor.execute(
            f"""WITH RECURSIVE number (n) AS (SELECT %s UNION ALL SELECT n + 1 FROM number WHERE n + 1 < %s)
            INSERT INTO {StockMove._meta.db_table} (day, org_id, lot_id, kind, grams, is_certain, at)
            SELECT bench_day.day, lot.org, lot.id, %s, 1 - 2 * (number.n %% 2), false, %s
            FROM number JOIN bench_lot lot ON lot.n = number.n %% %s JOIN bench_day ON bench_day.n = number.n %% %s""",
            [there, size, MoveKind.ENTERED, now, len(lots), DAYS],
        )
        cursor.execute("ANALYZE")
