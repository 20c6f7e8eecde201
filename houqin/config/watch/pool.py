"""How far this process' pool of connections is used, looked at when a request has given its own back."""

from typing import Any

from django.db import connection

from houqin.config.watch.measures import POOL


def look(**more: Any) -> None:
    """Nothing where there is no pool (SQLite) or it is not open yet."""
    pool = getattr(connection, "pool", None)
    if pool is None or pool.closed:
        return
    found = pool.get_stats()
    POOL.labels("in_use").set(found["pool_size"] - found["pool_available"])
    POOL.labels("free").set(found["pool_available"])
    POOL.labels("waiting").set(found.get("requests_waiting", 0))
