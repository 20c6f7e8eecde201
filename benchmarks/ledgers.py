"""Claim: eight writers at once seal ≥ 700 ledger entries a second over many schools and ≥ 300 in one, on PostgreSQL.

Each writer is a process of its own that calls the verb as a page does: permission, limits, canonical text, personal values
apart, the duty done, audit, seal. Beside it, turn by turn, the bare verb: one lock, one row, one chained hash, through the
ORM; the figures are medians of the turns. A school has 80 duties, and the first 80 entries of a turn do one each; further
ones are further measurements. On SQLite all writers share one lock; there both figures are about one school.
"""

import hashlib
import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.actions import ensure_path, open_unit
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.viewer import Channel, Viewer, system_viewer
from houqin.core.tables.ids import uuid7
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.seals.models import Chain, Seal

WRITERS = 8
SCHOOLS, DUTIES = 40, 80
ENTRIES = 400  # by each writer
TURNS = 3
TOWN = "湖北省/襄阳市/襄州区/台账镇"
CODE = "bench-cold-store"
COLUMNS = [
    {"code": "temperature", "zh": "温度", "en": "Temperature", "kind": "temperature", "plausible": [-40, 40],
     "limits": [{"max": 8, "source": "GB 31654-2021", "confidence": "A*"}]},
    {"code": "clean", "zh": "整洁", "en": "Clean", "kind": "yes_no"},
    {"code": "seen", "zh": "查看人", "en": "Seen by", "kind": "text", "personal": True},
]  # fmt: skip


def run(shared: Path, *, entries: int = ENTRIES, writers: int = WRITERS) -> dict[str, Any]:
    """Entries a second of the verb and of the bare verb, over many schools and in one; then every chain is counted."""
    schools, accounts = _town()
    found: dict[str, Any] = {"writers": writers, "entries": entries * writers, "turns": TURNS}
    for name, places in (("many schools", schools), ("one school", schools[:1])):
        bare, verb = [], []
        for _turn in range(TURNS):
            bare.append(_rate(_bare, places, accounts, entries, writers))
            Duty.objects.filter(org__in=places).update(state=DutyState.OPEN)
            verb.append(_rate(_entry, places, accounts, entries, writers))
        one, other = statistics.median(verb), statistics.median(bare)
        found[name] = {"entries/s": round(one), "bare verb/s": round(other), "of the bare verb": round(one / other, 2)}
    found["gaps"] = _gaps(schools)
    return found


Deed = Callable[[OrgUnit, Viewer, int], None]


def _entry(org: OrgUnit, by: Viewer, number: int) -> None:
    """One entry like no other, of the next duty."""
    values = {"temperature": 40 + number % 40, "clean": True, "seen": f"{uuid7()}"}
    record_entry(org, by=by, ledger=CODE, values=values, slot=f"{number % DUTIES}")


def _bare(org: OrgUnit, by: Viewer, number: int) -> None:
    """What a seal costs by itself."""
    with transaction.atomic():
        chain = Chain.objects.select_for_update().get(org=org)
        digest = hashlib.sha256(bytes(chain.head) + str(number).encode()).digest()
        chain.length += 1
        chain.head = digest
        Seal.objects.create(org=org, number=chain.length, item_id=uuid7(), header=digest, digest=digest, seal=digest)
        chain.save(update_fields=["length", "head"])


def _rate(deed: Deed, places: list[OrgUnit], accounts: dict[int, Account], entries: int, writers: int) -> float:
    """Deeds a second of all writers together, from the moment on which all are ready."""
    context = multiprocessing.get_context("fork")
    ready, took = context.Barrier(writers), context.Queue()
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined] a writer opens its own

    def work(writer: int) -> None:
        viewers = [viewer_for(accounts[org.pk]) for org in places]
        for org, by in list(zip(places, viewers, strict=True))[writer % len(places) :: writers][:1]:
            deed(org, by, -1 - writer)  # one to warm up
        ready.wait()
        began = time.monotonic()
        for turn in range(writer, entries * writers, writers):
            at = turn % len(places)
            deed(places[at], viewers[at], turn // len(places))
        took.put((began, time.monotonic()))
        connections.close_all()

    processes = [context.Process(target=work, args=(writer,)) for writer in range(writers)]
    for process in processes:
        process.start()
    times = [took.get(timeout=120) for _process in processes]
    for process in processes:
        process.join()
    return entries * writers / (max(end for _began, end in times) - min(began for began, _end in times))


def _town() -> tuple[list[OrgUnit], dict[int, Account]]:
    """Schools with somebody who writes, a ledger, and its open duties of today."""
    by = system_viewer(channel=Channel.CLI)
    town = ensure_path(TOWN, by=by)
    body = {
        "family": "canteen", "demand": "law", "why_zh": "冷藏", "why_en": "Cold", "post": "cook", "minutes": "0.3",
        "schedules": [{"every": "day", "slot": "am"}], "retention_months": 24, "retention_source": "R45", "columns": COLUMNS,
    }  # fmt: skip
    CatalogueItem.objects.create(
        area="ledgers", code=CODE, title_zh="冷藏温度", title_en="Cold", source="GB 31654-2021", confidence="A*",
        effective_from=date(2000, 1, 1), body=body, digest=CODE,
    )  # fmt: skip
    schools, accounts = [], {}
    now = timezone.now()
    for number in range(SCHOOLS):
        school = open_unit(town, by=by, kind=Kind.SCHOOL, name=f"第{number + 1}小学", opened_on=by.today)
        account = Account.objects.create(
            username=f"bench-{uuid7().hex[-12:]}", display_name=f"厨师{number}", home=school
        )
        Grant.objects.create(account=account, role="cook", org=school, from_on=by.today)
        Chain.objects.create(org=school)
        Duty.objects.bulk_create(
            Duty(
                day=by.today, org=school, rule=f"ledger:{CODE}", slot=f"{slot}", post="cook", opens_at=now,
                due_at=now + timedelta(hours=2),
            )
            for slot in range(DUTIES)
        )  # fmt: skip
        schools.append(school)
        accounts[school.pk] = account
    return schools, accounts


def _gaps(schools: list[OrgUnit]) -> int:
    """Seals missing or forked in all chains: there must be none, and a seal for every entry."""
    wrong = 0
    for school in schools:
        numbers = list(Seal.objects.filter(org=school).order_by("number").values_list("number", flat=True))
        wrong += numbers != list(range(1, len(numbers) + 1))
        sealed = Seal.objects.filter(org=school).values("item_id")
        wrong += LedgerEntry.objects.filter(org=school).exclude(public_id__in=sealed).count()
    return wrong
