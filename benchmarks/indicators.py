"""Claim: the nightly job computes the indicators of 20,000 schools in ≤ 10 minutes.

The job as it runs, in a process of its own: the last five weeks anew. On SQLite, which is for a school or a town, 100 schools. One day
has its rows: forty duties a school, findings found, due and closed, visits within the year, certificates that stand. The other days
of the job have no duties; what they would take with them is added.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from benchmarks.apart import told_by
from benchmarks.boards import A_DAY, TODAY, city_of
from houqin.core.orgs.models import OrgUnit
from houqin.core.subjects.models import Subject
from houqin.core.tables.inserting import insert_rows
from houqin.flows.credentials.models import Credential
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.duties import PREFIX
from houqin.flows.rectify.models import Finding, FindingState, Look
from houqin.modules.inspections.models import Visit

SCHOOLS_OF = {"postgresql": 20_000, "sqlite": 100}
DUTIES, CERTIFICATES, AT_ONCE = 40, 10, 500
YESTERDAY = TODAY - A_DAY


def run(shared: Path, *, schools: int = 0) -> dict[str, Any]:
    """Seconds and memory of the job, and of the day that has its rows."""
    units = city_of(schools or SCHOOLS_OF[connection.vendor], top="0005")
    for start in range(0, len(units), AT_ONCE):
        _fill(units[start : start + AT_ONCE])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = {model._meta.db_table: model._default_manager.count() for model in (Duty, Finding, Visit, Credential)}
    connections.close_all()
    return {"schools": len(units), "rows": rows} | told_by("indicators")


def work() -> None:
    """One night, and the day with its rows by itself."""
    import resource
    import time

    from houqin.flows.indicators.jobs import LATELY, compute_indicators
    from houqin.flows.indicators.storing import fill_day

    def seconds(day: Any) -> float:
        began = time.perf_counter()
        fill_day(day)
        return time.perf_counter() - began

    first = {"full": seconds(YESTERDAY), "bare": seconds(YESTERDAY - A_DAY)}
    began, spent = time.perf_counter(), time.process_time()
    compute_indicators.call()
    night, cpu = time.perf_counter() - began, time.process_time() - spent
    full, bare = seconds(YESTERDAY), seconds(YESTERDAY - A_DAY)
    json.dump({
        "the night, s": round(night, 1), "CPU seconds of the process": round(cpu, 1), "days": LATELY.days,
        "the day with its rows, s": round(full, 2), "for the first time, s": round(first["full"], 2),
        "a day without duties, s": round(bare, 2),
        "the night with duties on every day, s": round(night + (LATELY.days - 1) * max(0.0, full - bare), 1),
        "memory at most, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }, sys.stdout)  # fmt: skip


def _fill(schools: Sequence[OrgUnit]) -> None:
    insert_rows(_duties(schools))
    insert_rows(_visits(schools))
    findings = insert_rows(_findings(schools))
    insert_rows([_look(one) for one in findings if one.state == FindingState.CLOSED])
    holders = insert_rows(
        [Subject(kind="place", org=one, label=f"{one.name}{n}") for one in schools for n in range(CERTIFICATES)]
    )
    insert_rows([_certificate(one, number) for number, one in enumerate(holders)])


def _at(day: Any, minutes: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(minutes=minutes)


def _duties(schools: Sequence[OrgUnit]) -> Iterator[Duty]:
    opens, due, done, late = (_at(YESTERDAY, minutes) for minutes in (360, 480, 450, 500))
    for one in schools:
        for number in range(DUTIES):
            chance = (one.pk + number) % 50
            kept = {} if chance < 2 else {"state": DutyState.DONE, "done_at": late if chance < 5 else done}
            rule = f"{PREFIX}book{number}" if number % 2 else f"duty{number}"
            yield Duty(day=YESTERDAY, org=one, rule=rule, post="storekeeper", opens_at=opens, due_at=due, **kept)


def _visits(schools: Sequence[OrgUnit]) -> Iterator[Visit]:
    for one in schools:
        day = TODAY - timedelta(days=one.pk % 400 + 1)
        yield Visit(
            org=one, office=one.parent, kind="routine", state="signed", day=day, number="JC-1", began_at=_at(day),
            signed_at=_at(day), content="{}",
        )  # fmt: skip


def _findings(schools: Sequence[OrgUnit]) -> Iterator[Finding]:
    """Of each school one a month; every tenth school has one that was found, one that was due and closed on the day."""
    for one in schools:
        days = [TODAY - timedelta(days=30 * month + one.pk % 30 + 1) for month in range(12)]
        for number, day in enumerate(days):
            due = YESTERDAY if number == 1 and one.pk % 10 == 0 else day + timedelta(days=7)
            closed = due < TODAY and (number + one.pk) % 9
            state = {"state": FindingState.CLOSED, "closed_at": _at(due)} if closed else {"state": FindingState.ORDERED}
            yield Finding(
                org=one, found_org=one.parent, number=f"WT-{number}", day=day, found_at=_at(day), title=f"问题{number}",
                topic=f"item.{number}", severity=1 + number % 3, nth=1 + number % 2, due_on=due, **state,
            )  # fmt: skip


def _look(finding: Finding) -> Look:
    return Look(finding=finding, kind=Look.Kind.FIXED, at=finding.closed_at, unit=finding.org)


def _certificate(holder: Subject, number: int) -> Credential:
    return Credential(
        org=holder.org, holder=holder, kind="health-certificate", number=f"鄂{number}", recorded_at=_at(YESTERDAY),
        expires_on=TODAY + timedelta(days=number % 360 - 5),
    )  # fmt: skip
