"""Plain statements, several in one round trip: for deeds that thousands do at once or that others wait for."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection


class Statement(NamedTuple):
    """One statement with its values, not yet sent."""

    sql: str
    given: Sequence[Any]


def together(*statements: Statement) -> list[tuple[Any, ...] | None]:
    """Send statements in this order, as one message where the database can; of each the first row that it returns."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return [_first(cursor.execute(*one) and cursor) for one in statements]
        cursor.execute("; ".join([one.sql for one in statements]), [value for one in statements for value in one.given])
        found = [_first(cursor)]
        while cursor.nextset():
            found.append(_first(cursor))
        return found


def _first(cursor: Any) -> tuple[Any, ...] | None:
    return cursor.fetchone() if cursor.description else None
