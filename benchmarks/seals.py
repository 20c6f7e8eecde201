"""Claims: 200,000 headers a second are checked; the ends of 15,000 chains are signed in a minute; eight writers seal at once."""

import multiprocessing
import os
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, connections, transaction

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.viewer import system_viewer
from houqin.core.tables.ids import uuid7
from houqin.flows.seals.actions import make_checkpoints
from houqin.flows.seals.chaining import append
from houqin.flows.seals.checking import check
from houqin.flows.seals.models import Chain, Checkpoint, Seal, SigningKey
from houqin.flows.seals.rules import FIRST, Header, seal_of

LINKS, SCHOOLS, EACH = 200_000, 15_000, 4
WRITERS, SECONDS = 8, 5.0
BATCH = 2_000


def run(shared: Path) -> dict[str, Any]:
    """Links a second of a long chain, seconds of the daily signature, seals a second in one school and over many."""
    top = OrgUnit.objects.create(kind=Kind.PROVINCE, name="封存省", path="0009")
    schools = [
        OrgUnit(parent=top, kind=Kind.SCHOOL, name=f"校{n}", path=f"0009{n // 9000 + 1:04d}{n % 9000 + 1:04d}")
        for n in range(SCHOOLS)
    ]
    schools = OrgUnit.objects.bulk_create(schools, batch_size=BATCH)
    found = {
        "headers": _headers(top), "checkpoints": _checkpoints(schools),
        "one school": _writing(schools[:1]), "many schools": _writing(schools[:200]),
    }  # fmt: skip
    for model in (Checkpoint, SigningKey, Seal, Chain):
        model.objects.all()._raw_delete("default")
    OrgUnit.objects.filter(path__startswith="0009").exclude(pk=top.pk)._raw_delete("default")
    top.delete()
    return found


def _fill(orgs: list[OrgUnit], each: int) -> None:
    """Chains as the verbs leave them, written in bulk."""
    now = datetime.now(UTC)
    for start in range(0, len(orgs), BATCH):
        chains, seals = [], []
        for org in orgs[start : start + BATCH]:
            chain, head = Chain(org=org, sealed_at=now), FIRST
            for number in range(1, each + 1):
                item, digest = uuid7(), os.urandom(32)
                header = Header(chain.public_id, number, item, "bench", now, now).pack()
                head = seal_of(head, header, digest)
                seals.append(Seal(org=org, number=number, item_id=item, header=header, digest=digest, seal=head))
            chain.length, chain.head = each, head
            chains.append(chain)
        Chain.objects.bulk_create(chains, batch_size=BATCH)
        rows = iter(seals)
        while some := list(islice(rows, BATCH)):
            Seal.objects.bulk_create(some)


def _headers(org: OrgUnit) -> dict[str, Any]:
    _fill([org], LINKS)
    chain = Chain.objects.select_related("org").get(org=org)
    taken = []
    for _time in range(3):
        began = time.perf_counter()
        result = check(chain, headers_only=True)
        taken.append(time.perf_counter() - began)
    return {"links": result.count, "faults": len(result.faults), "a second": round(LINKS / min(taken))}


def _checkpoints(schools: list[OrgUnit]) -> dict[str, Any]:
    _fill(schools, EACH)
    with TemporaryDirectory() as folder:  # the benchmark signs with a key of its own
        settings.VAR = Path(folder)
        began = time.perf_counter()
        counts = make_checkpoints(by=system_viewer())
    return {**counts, "seconds": round(time.perf_counter() - began, 2)}


def _writing(orgs: list[OrgUnit]) -> dict[str, Any]:
    """Transactions of one seal each, by eight processes."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    counted = context.Queue()
    writers = [context.Process(target=_write, args=([org.pk for org in orgs], n, counted)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    total = sum(counted.get(timeout=SECONDS * 10) for _writer in writers)
    for writer in writers:
        writer.join()
    return {"writers": WRITERS, "a second": round(total / SECONDS)}


def _write(pks: list[int], turn: int, counted: Any) -> None:
    """One writer, school after school."""
    for settled in connections.settings.values():
        settled.get("OPTIONS", {}).pop("pool", None)
    connection.settings_dict["OPTIONS"].pop("pool", None)
    orgs, by, done = list(OrgUnit.objects.filter(pk__in=pks)), system_viewer(), 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        org = orgs[(turn * 31 + done) % len(orgs)]
        with transaction.atomic():
            append(org, by=by, item_id=UUID(bytes=os.urandom(16)), kind="bench", digest=os.urandom(32))
        done += 1
    counted.put(done)
