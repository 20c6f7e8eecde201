"""The searches that a recall waits for use their indexes, and leave old partitions alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from houqin.modules.canteen.models import Lot, StockMove
from houqin.modules.canteen.queries.suspects import Goods, suspects
from houqin.modules.canteen.queries.trace import taken
from houqin.modules.canteen.tests.ledger import LATER, came, went, write
from tests.world import World


def plans(run: Any) -> str:
    """How the database would go about the queries that ``run`` makes."""
    found: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            with connection.connection.cursor() if connection.vendor != "sqlite" else connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.cursor.execute(how + sql % tuple("?" for _ in params), params)
                else:
                    cursor.execute(how + sql, params)
                found.extend(str(row) for row in cursor.fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        run()
    return "\n".join(found)


@pytest.fixture
def town(world: World) -> World:
    """Eighty days with fifteen deliveries each: ten products of ten suppliers, so that the planner has something to choose from."""
    rows = [
        came(
            world.school_a, n, 20, produced=n, product=f"菜{n % 10}", supplier=f"供{n // 10 % 10}", batch=f"{n}-{again}"
        )
        for n in range(80)
        for again in range(15)
    ]
    write(
        world.town,
        world.viewer("bo", now=LATER),
        *rows,
        *(went(world.school_a, n, 5, product=f"菜{n % 10}") for n in range(80)),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return world


def test_lots_are_found_by_supplier_product_and_date(town: World) -> None:
    lot = Lot.objects.get(batch="33-7")
    goods = Goods(frozenset({lot.supplier_id}), frozenset({lot.product_id}), 30, produced_on=lot.produced_on)
    assert "lot_sideways" in plans(lambda: suspects(town.viewer("bo", now=LATER), goods, under_path=town.town.path))


def test_moves_are_found_by_lot(town: World) -> None:
    told = plans(lambda: taken([Lot.objects.get(batch="33-7")]))
    assert "move_by_lot" in told or "lot_id_day_idx" in told


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has partitions")
def test_partitions_before_the_delivery_are_left_alone(town: World) -> None:
    lot = Lot.objects.get(batch="33-7")
    soon = date.today().replace(day=1) + timedelta(days=62)
    lot.received_on = soon
    told = plans(lambda: taken([lot]))
    assert f"canteen_stockmove_{soon:%Y%m}" in told
    assert f"canteen_stockmove_{date.today():%Y%m}" not in told
    assert StockMove.objects.exists()
