"""Taking away bytes that nothing names any more: of a verb that was rolled back, of a file whose retention ended."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from houqin.core.files.keeping import name_of, storage
from houqin.core.files.models import Blob

SHARDS = 256
UNNAMED_FOR = timedelta(days=1)
SHARD_EVERY = timedelta(hours=1)


def shard_of(now: datetime) -> str:
    """The shard whose turn it is: each comes round in eleven days, so that a province's storage is never listed whole."""
    return f"{int(now.timestamp() / SHARD_EVERY.total_seconds()) % SHARDS:02x}"


def drop_loose(digests: Iterable[str]) -> int:
    """Take away these bytes as far as nothing names them any more; returns how many."""
    loose = Blob.objects.filter(digest__in=set(digests), files=None, small_files=None)
    return sum(_drop(digest) for digest in list(loose.values_list("digest", flat=True)))


def sweep(shard: str, *, now: datetime) -> int:
    """Take away what is loose in a shard; returns how many."""
    loose = Blob.objects.filter(digest__startswith=shard, files=None, small_files=None)
    rows = [_drop(digest) for digest in loose.values_list("digest", flat=True)]
    return sum(rows) + sum(_drop(digest) for digest in _without_row(shard, now))


def _without_row(shard: str, now: datetime) -> Iterator[str]:
    """Bytes written more than a day ago that have no row."""
    try:
        names = storage().listdir(shard)[1]
    except FileNotFoundError:
        return
    known = set(Blob.objects.filter(digest__startswith=shard).values_list("digest", flat=True))
    for digest in set(names) - known:
        if storage().get_modified_time(name_of(digest)) < now - UNNAMED_FOR:
            yield digest


def _drop(digest: str) -> bool:
    """Take the bytes away while holding their row, so that whoever keeps the same bytes now waits and writes them anew."""
    with suppress(IntegrityError, ProtectedError), transaction.atomic():
        held, _made = Blob.objects.select_for_update().get_or_create(digest=digest, defaults={"size_bytes": 0})
        held.delete()
        storage().delete(name_of(digest))
        return True
    return False
