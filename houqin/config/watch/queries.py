"""Every query is timed; a slow one is told of with its shape, without its values."""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from houqin.config.watch import now
from houqin.config.watch.measures import SLOW_QUERIES

log = logging.getLogger("houqin.slow")
LONGEST_SHAPE = 1_000
LITERAL = re.compile(r"'(?:[^']|'')*'")
COLUMN = r'"\w+"\."\w+"(?: AS "\w+")?'
MANY_COLUMNS = re.compile(rf"({COLUMN}), {COLUMN}(?:, {COLUMN})+")
SAME_AGAIN = re.compile(r"(\(?%s\)?)(?:,\s*\1)+")


def watch(sender: Any, connection: BaseDatabaseWrapper, **more: Any) -> None:
    """Once for each thread's connection object, which outlives the connections it opens."""
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run it and add what it cost to the work of this thread."""
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = perf_counter() - began
        work = now.current()
        work.queries += 1
        work.query_seconds += seconds
        if seconds * 1000 >= settings.SLOW_QUERY_MS:
            _tell(work, sql, seconds)


def shape(sql: Any) -> str:
    """The statement without values: literals become a question mark, lists of placeholders and of columns their first."""
    plain = " ".join(LITERAL.sub("?", str(sql)).split())
    return MANY_COLUMNS.sub(r"\1, …", SAME_AGAIN.sub(r"\1, …", plain))[:LONGEST_SHAPE]


def _tell(work: now.Work, sql: Any, seconds: float) -> None:
    SLOW_QUERIES.labels(work.place).inc()
    milliseconds = round(seconds * 1000)
    log.warning(
        "slow query, %d ms in %s: %s", milliseconds, work.place, shape(sql),
        extra={"ms": milliseconds, "place": work.place, "sql": shape(sql)},
    )  # fmt: skip
