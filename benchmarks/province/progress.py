"""What has been made already, in a table of the generator's own, and how far it is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

TABLE = "bench_province"


def begin(asked: dict[str, Any]) -> None:
    """Note what is made, or see that it is what was begun. Refuses to go on with another province."""
    begun = _begun()
    if begun is None:
        made("asked", asked)
    elif begun != asked:
        raise SystemExit(f"This database holds another province: {begun}. Take an empty one.")


def last_day() -> date | None:
    """The last day of what was begun here."""
    begun = _begun()
    return None if begun is None else date.fromisoformat(begun["until"])


def _begun() -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (block varchar(60) PRIMARY KEY, told text NOT NULL)")
        cursor.execute(f"SELECT told FROM {TABLE} WHERE block = 'asked'")
        row = cursor.fetchone()
    return None if row is None else json.loads(row[0])


def is_made(block: str) -> bool:
    """Whether a block was written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TABLE} WHERE block = %s", [block])
        return cursor.fetchone() is not None


def made(block: str, told: Any) -> None:
    """Say so, in the transaction that writes it."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} VALUES (%s, %s)", [block, json.dumps(told)])


@contextmanager
def shown(title: str, total: int) -> Iterator[Any]:
    """A bar; yields what moves it on by one block."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)
