"""Claim: among 10 million moves a bad batch is followed to its ~20 schools and ~200 meals in ≤ 10 ms (p95) and ≤ 3 × the bare SQL, its page
drawn in ≤ 100 ms (p95).

Two thousand schools over thirty weeks: each gets fifteen kinds of goods a week from the supplier of its town, and gives each out to ten
meals. PostgreSQL only: no village school has ten million moves.
"""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.timing import milliseconds
from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import Kind, OrgUnit, SchoolFacts
from houqin.core.parties.models import Party
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.core.tables.partitions import lay_months
from houqin.modules.canteen.models import Lot, Meal, Product, StockMove
from houqin.modules.canteen.queries.suspects import goods_of, suspects_like
from houqin.modules.canteen.queries.trace import taken, trace_lot

SCHOOLS = 2_000
A_TOWN, GOODS, WEEKS, MEALS = 20, 15, 30, 10
FIRST_ID = 1_000_000
LAST = timezone.localdate()
FIRST = LAST - timedelta(days=LAST.weekday() + 7 * (WEEKS + 1))

# Everything follows from the numbers of school s, goods p and week w; one statement a table. A lot is given out twice a day.
LOTS = f"""
    SELECT s.id AS org, s.supplier, p.id AS product, s.n AS s, w.n AS w, date '{FIRST}' + (w.n * 7 + p.n % 5)::int AS came,
           {FIRST_ID} + (s.n * {WEEKS} + w.n) * {GOODS} + p.n AS id
    FROM bench_school s, bench_goods p, generate_series(0, {WEEKS - 1}) w (n)
"""
GIVEN = f"""
    SELECT lot.*, (came + (m.n / 2)::int) AS day, CASE m.n % 2 WHEN 0 THEN 'lunch' ELSE 'dinner' END AS kind,
           {FIRST_ID} + (lot.id - {FIRST_ID}) * {MEALS} + m.n AS issue
    FROM ({LOTS}) lot, generate_series(0, {MEALS - 1}) m (n)
"""
# As the program makes them: each later one sorts behind.
UUID = "('00000000-0000-7000-8000-' || lpad(to_hex(nextval('bench_uuid')), 12, '0'))::uuid"
FILLING = (
    f"""INSERT INTO subjects_subject (id, public_id, kind, label, org_id)
        SELECT id, {UUID}, 'lot', 'W' || w, org FROM ({LOTS}) lot""",
    f"""INSERT INTO canteen_lot (id, public_id, batch, produced_on, received_on, on_hand_grams, org_id, subject_id, supplier_id, product_id)
        SELECT id, {UUID}, 'W' || w, came, came, 0, org, id, supplier, product FROM ({LOTS}) lot""",
    f"""INSERT INTO canteen_delivery (id, public_id, number, delivered_on, origin, recorded_at, org_id, supplier_id, note, signed_how)
        SELECT id, {UUID}, 'SH-' || id, came, 'live', came + time '07:00', org, supplier, '', '' FROM ({LOTS}) lot""",
    f"""INSERT INTO canteen_deliveryline (id, public_id, delivered_on, quantity_grams, written_quantity, amount_fen, certificate_number,
            senses, accepted_by, note, warnings, reversal_reason, condition, delivery_id, org_id, lot_id)
        SELECT id, {UUID}, came, {MEALS * 1_000}, '', 0, '', '', '', '', '[]', '', '', id, org, id FROM ({LOTS}) lot""",
    f"""INSERT INTO canteen_meal (public_id, day, kind, org_id)
        SELECT {UUID}, day, kind, org FROM (SELECT DISTINCT day, kind, org FROM ({GIVEN}) given) meal""",
    f"""INSERT INTO canteen_issue (id, public_id, issued_on, quantity_grams, named_batch, taken_by, origin, recorded_at, reversal_reason,
            urgent_reason, org_id, product_id, meal_id)
        SELECT issue, {UUID}, given.day, 1000, '', '', 'live', given.day + time '09:00', '', '', org, product, meal.id
        FROM ({GIVEN}) given JOIN canteen_meal meal ON (meal.org_id, meal.day, meal.kind) = (org, given.day, given.kind)""",
    f"""INSERT INTO canteen_stockmove (day, kind, grams, is_certain, at, lot_id, org_id, line_id)
        SELECT came, 'received', {MEALS * 1_000}, true, came + time '07:00', id, org, id FROM ({LOTS}) lot""",
    f"""INSERT INTO canteen_stockmove (day, kind, grams, is_certain, at, lot_id, org_id, issue_id, meal_id)
        SELECT given.day, 'issued', -1000, true, given.day + time '09:00', given.id, org, issue, meal.id
        FROM ({GIVEN}) given JOIN canteen_meal meal ON (meal.org_id, meal.day, meal.kind) = (org, given.day, given.kind)""",
)
BARE = """
    SELECT meal.id, meal.day, meal.kind, org.name, -sum(move.grams)
    FROM canteen_lot lot
    JOIN orgs_orgunit org ON org.id = lot.org_id
    JOIN canteen_stockmove move ON move.lot_id = lot.id AND move.day >= lot.received_on AND move.issue_id IS NOT NULL
    JOIN canteen_meal meal ON meal.id = move.meal_id
    WHERE lot.supplier_id = %s AND lot.product_id = %s AND lot.produced_on = %s AND org.path >= %s AND org.path < %s
    GROUP BY 1, 2, 3, 4
"""


def run(shared: Path, *, schools: int = SCHOOLS) -> dict[str, Any]:
    """Milliseconds of the bare statement, of the trace and of its page, warm."""
    if connection.vendor != "postgresql":
        return {"skipped": "for PostgreSQL"}
    began = time.perf_counter()
    city = _fill(schools)
    filled = time.perf_counter() - began
    town = OrgUnit.objects.filter(parent=city).order_by("pk")[0]
    lot = (
        Lot.objects.filter(org__parent=town, batch=f"W{WEEKS // 2}")
        .select_related("org", "product", "supplier")
        .order_by("pk")[0]
    )
    by, client = _officer(city)
    found = trace_lot(by, lot)
    page = f"{reverse('canteen:trace')}?lot={lot.public_id}"
    assert client.get(page).status_code == 200
    bare = milliseconds(lambda: _bare(lot, city), times=200)
    question = milliseconds(lambda: _lots_and_meals(by, lot), times=200)
    whole = milliseconds(lambda: trace_lot(by, lot), times=200)
    return {
        "moves": StockMove.objects.count(), "seconds to fill": round(filled),
        "schools": len(found.schools), "meals": len(found.meals),
        "bare SQL": bare,
        "lots and meals": question, "lots and meals / bare": round(question["median_ms"] / bare["median_ms"], 1),
        "with dishes, classes and eaters": whole, "all of it / bare": round(whole["median_ms"] / bare["median_ms"], 1),
        "page": milliseconds(lambda: client.get(page)),
    }  # fmt: skip


def _lots_and_meals(by: Viewer, lot: Lot) -> list[Meal]:
    """What the bare statement answers, under every name of goods and supplier, from school to school, within reach."""
    goods = goods_of(lot.supplier, lot.product, produced_on=lot.produced_on, batch=lot.batch)
    sums = taken(one for one, _tier in suspects_like(by, lot, goods))
    return list(Meal.objects.filter(pk__in={one["meal_id"] for one in sums}).select_related("org"))


def _bare(lot: Lot, city: OrgUnit) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [lot.supplier_id, lot.product_id, lot.produced_on, city.path, "9999"])
        return list(cursor.fetchall())


def _officer(city: OrgUnit) -> tuple[Viewer, Client]:
    account = Account.objects.create(username="recall", display_name="主任", home=city)
    Grant.objects.create(account=account, role="office_director", org=city, from_on=LAST)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return viewer_for(account), client


def _fill(schools: int) -> OrgUnit:
    """The tree row by row, the rest set by set."""
    city = OrgUnit.objects.create(kind=Kind.CITY, name="追溯市", path="0008")
    goods = [Product.objects.create(org=city, name=f"货物{number}") for number in range(GOODS)]
    rows: list[tuple[int, int, int]] = []
    for number in range(schools // A_TOWN):
        town = OrgUnit.objects.create(kind=Kind.TOWN, name=f"镇{number}", parent=city, path=f"0008{number + 1:04d}")
        subject = Subject.objects.create(kind="party", org=town, label="供货单位")
        supplier = Party.objects.create(org=town, name=f"镇{number}配送", subject=subject)
        made = OrgUnit.objects.bulk_create(
            OrgUnit(kind=Kind.SCHOOL, name=f"镇{number}第{n + 1}小学", parent=town, path=f"{town.path}{n + 1:04d}")
            for n in range(A_TOWN)
        )
        rows += [(number * A_TOWN + n, school.pk, supplier.pk) for n, school in enumerate(made)]
        SchoolFacts.objects.bulk_create(
            SchoolFacts(org=school, valid_from=FIRST, enrolment=500, staff=30) for school in made
        )
    lay_months(StockMove._meta.db_table, FIRST, LAST)
    with connection.cursor() as cursor:
        # Rows are made of one another: the keys between them hold.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("CREATE TEMPORARY SEQUENCE bench_uuid CACHE 1000")
        cursor.execute("CREATE TEMP TABLE bench_school (n bigint, id bigint, supplier bigint)")
        cursor.executemany("INSERT INTO bench_school VALUES (%s, %s, %s)", rows)
        cursor.execute("CREATE TEMP TABLE bench_goods (n bigint, id bigint)")
        cursor.executemany("INSERT INTO bench_goods VALUES (%s, %s)", [(n, one.pk) for n, one in enumerate(goods)])
        for statement in FILLING:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
    return city
