"""Adding to numbers of many rows in one statement."""

from collections.abc import Mapping
from itertools import chain

from django.db import connection, models


def add_to(model: type[models.Model], field: str, amounts: Mapping[int, int]) -> None:
    """Add to a number of each row, by its id, whatever the number is by now. One statement."""
    if not amounts:
        return
    quote = connection.ops.quote_name
    table, column = quote(model._meta.db_table), quote(str(model._meta.get_field(field).column))  # type: ignore[union-attr]
    places = ", ".join(["(%s, %s)"] * len(amounts))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = {table}.{column} + given.column2 "  # noqa: S608 our own names
            f"FROM (VALUES {places}) AS given WHERE {table}.id = given.column1",
            list(chain.from_iterable(amounts.items())),
        )
