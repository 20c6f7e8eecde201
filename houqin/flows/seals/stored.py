"""Seals as they are stored, in bulk: plain tuples of bytes straight from the database, no rows of the ORM."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from psycopg import ServerCursor

from houqin.flows.seals.walking import Row

CHUNK = 1000
COLUMNS = {
    "postgresql": "s.number, uuid_send(s.item_id), s.header, s.digest, s.seal",
    "sqlite": "s.number, s.item_id, s.header, s.digest, s.seal",
}
OF_ONE = "SELECT {columns} FROM seals_seal s WHERE s.org_id = %s AND s.number > %s ORDER BY s.number, s.id"
OF_GROWN = (
    "SELECT {columns}, s.org_id FROM seals_chain c JOIN seals_seal s ON s.org_id = c.org_id AND s.number > c.held_number "
    "WHERE c.length > c.held_number ORDER BY s.org_id, s.number, s.id"
)


def links(org_id: int, after: int = 0) -> Iterator[Row]:
    """One chain in the order of its numbers."""
    yield from _stream(OF_ONE, [org_id, after])


def grown() -> Iterator[tuple[int, Row]]:
    """What every chain got since its newest checkpoint: unit and link, chain by chain."""
    for *row, org_id in _stream(OF_GROWN, []):
        yield org_id, tuple(row)


def _stream(sql: str, given: list[Any]) -> Iterator[Any]:
    sql = sql.format(columns=COLUMNS[connection.vendor])
    if connection.vendor == "postgresql":
        yield from _in_binary(sql, given)
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, given)
        while rows := cursor.fetchmany(CHUNK):
            for number, item, *rest in rows:
                yield (number, bytes.fromhex(item), *rest)


def _in_binary(sql: str, given: list[Any]) -> Iterator[Any]:
    """Bytes as PostgreSQL holds them, a chunk at a time: neither text nor a call a row comes between."""
    with transaction.atomic(), ServerCursor(connection.connection, "seals") as cursor:
        cursor.execute(sql, given, binary=True)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows
