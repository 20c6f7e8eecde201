"""Adding to numbers of many rows in one statement."""

from collections.abc import Mapping
from itertools import chain

from django.db import connection, models

from houqin.core.tables.statements import Statement


def addition(model: type[models.Model], field: str, amounts: Mapping[int, int]) -> Statement:
    """The statement that adds to a number of each row, by its id, whatever the number is by now."""
    quote = connection.ops.quote_name
    table, column = quote(model._meta.db_table), quote(str(model._meta.get_field(field).column))  # type: ignore[union-attr]
    places = ", ".join(["(%s, %s)"] * len(amounts))
    return Statement(
        f"UPDATE {table} SET {column} = {table}.{column} + given.column2 "  # noqa: S608 our own names
        f"FROM (VALUES {places}) AS given WHERE {table}.id = given.column1",
        list(chain.from_iterable(amounts.items())),
    )
