"""Claim: a board is drawn in ≤ 200 ms (p95) over 2,000 schools × 3 years of findings, with as many queries as one of 20 schools.

On SQLite, which is for a school or a town, 100 schools. Whole pages, as a browser gets them, for a school, a town, a district and the city.
Days before the last two months are copies of the last day: of every office, and of the schools of one town.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.timing import milliseconds
from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OFFICES, Kind, OrgUnit, SchoolFacts
from houqin.core.people.models import Account
from houqin.core.scope.models import within
from houqin.flows.indicators.models import DailyFact
from houqin.flows.indicators.registry import indicators
from houqin.flows.indicators.storing import fill
from houqin.flows.rectify.models import Finding, FindingState, Look
from houqin.modules.inspections.indicators import COVERED
from houqin.modules.inspections.models import Visit
from houqin.modules.inspections.queries.boards import board
from houqin.modules.inspections.queries.reporting import content_of

SCHOOLS_OF = {"postgresql": 2_000, "sqlite": 100}
A_TOWN, A_DISTRICT, BATCH = 20, 200, 5_000
YEARS, A_YEAR_EACH, VISITS_A_YEAR = 3, 30, 2
REAL_DAYS = 60
TODAY = timezone.localdate()
A_DAY = timedelta(days=1)


def run(shared: Path) -> dict[str, Any]:
    """Milliseconds of pages and of reports, and their queries."""
    schools = city_of(SCHOOLS_OF[connection.vendor])
    try:
        _inspect(schools)
        start = time.perf_counter()
        fill(TODAY - A_DAY * REAL_DAYS, TODAY - A_DAY)
        filled = time.perf_counter() - start
        _copy(schools[0].parent)
        _analyze()
        return {
            "schools": len(schools), "findings": Finding.objects.count(), "daily figures": DailyFact.objects.count(),
            "a night's job a day, s": round(filled / REAL_DAYS, 2),
        } | _measured(schools)  # fmt: skip
    finally:
        _clear()


def _measured(schools: list[OrgUnit]) -> dict[str, Any]:
    town = OrgUnit.objects.get(pk=schools[0].parent_id)
    district = OrgUnit.objects.get(pk=town.parent_id)
    city = OrgUnit.objects.get(pk=district.parent_id)
    found: dict[str, Any] = {}
    for name, unit, role in (
        ("school", schools[0], "principal"), ("town of 20", town, "office_director"),
        ("district of 200", district, "office_director"), ("city of all", city, "office_director"),
    ):  # fmt: skip
        account = Account.objects.create(username=f"bench-{unit.pk}", display_name=name, home=unit)
        Grant.objects.create(account=account, role=role, org=unit, from_on=TODAY - timedelta(days=1))
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        by = viewer_for(account, now=timezone.now())
        with CaptureQueriesContext(connection) as seen:
            board(by, unit, TODAY - A_DAY * 30, TODAY - A_DAY)
        found[name] = {
            "queries": len(seen),
            "page, 30 days": milliseconds(lambda client=client: _get(client, "30")),  # type: ignore[misc]
            "page, a year": milliseconds(lambda client=client: _get(client, "365")),  # type: ignore[misc]
            "report": milliseconds(lambda unit=unit, by=by: content_of(unit, TODAY, by), times=20),  # type: ignore[misc]
        }
    return found


def _get(client: Client, days: str) -> None:
    answer = client.get("/inspections/board/", {"days": days})
    assert answer.status_code == 200, answer.status_code


def city_of(count: int, top: str = "0001") -> list[OrgUnit]:
    """A city with districts of ten towns of twenty schools, of four kinds."""
    city = OrgUnit.objects.create(kind=Kind.CITY, name="基准市", path=top)
    districts, towns, schools = [], [], []
    for number in range(count // A_DISTRICT or 1):
        districts.append(OrgUnit(parent=city, kind=Kind.DISTRICT, name=f"区{number}", path=f"{top}{number + 1:04d}"))
    OrgUnit.objects.bulk_create(districts)
    for number in range(count // A_TOWN):
        above = districts[number // (A_DISTRICT // A_TOWN)]
        towns.append(
            OrgUnit(parent=above, kind=Kind.TOWN, name=f"镇{number}", path=f"{above.path}{number % 10 + 1:04d}")
        )
    OrgUnit.objects.bulk_create(towns)
    for number in range(count):
        town = towns[number // A_TOWN]
        path = f"{town.path}{number % A_TOWN + 1:04d}"
        schools.append(OrgUnit(parent=town, kind=Kind.SCHOOL, name=f"校{number}", path=path))
    OrgUnit.objects.bulk_create(schools, batch_size=BATCH)
    SchoolFacts.objects.bulk_create(
        [
            SchoolFacts(
                org=one, valid_from=TODAY - timedelta(days=2_000), enrolment=500, boarders=100 * (number % 2),
                school_type=("小学", "初级中学")[number // 2 % 2],
            )
            for number, one in enumerate(schools)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    return schools


def _inspect(schools: list[OrgUnit]) -> None:
    """Thirty findings a school and year, nearly all closed, and two visits."""
    Visit.objects.bulk_create(
        [
            Visit(
                org=one, office=one.parent, kind="routine", state="signed", day=day, number=f"JC-{number}", began_at=_at(day),
                signed_at=_at(day), content="{}",
            )
            for one in schools
            for number in range(YEARS * VISITS_A_YEAR)
            for day in [TODAY - timedelta(days=number * 180 + one.pk % 170 + 1)]
        ],
        batch_size=BATCH,
    )  # fmt: skip
    for start in range(0, len(schools), 100):
        rows = Finding.objects.bulk_create(list(_findings(schools[start : start + 100])), batch_size=BATCH)
        Look.objects.bulk_create(
            [
                Look(finding=one, kind=Look.Kind.FIXED, at=one.closed_at, unit=one.org)
                for one in rows
                if one.state == FindingState.CLOSED
            ],
            batch_size=BATCH,
        )


def _findings(schools: list[OrgUnit]) -> Iterator[Finding]:
    for one in schools:
        for number in range(YEARS * A_YEAR_EACH):
            day = TODAY - timedelta(days=number * 365 // A_YEAR_EACH + one.pk % 12)
            takes = (number * 7 + one.pk) % 14
            is_open = (number * 12 < 40 and takes > 4) or (number + one.pk) % 50 == 0
            closed = (
                {}
                if is_open
                else {"state": FindingState.CLOSED, "closed_at": _at(min(day + timedelta(days=takes), TODAY))}
            )
            yield Finding(
                org=one, found_org=one.parent, number=f"WT-{number}", day=day, found_at=_at(day), title=f"问题{number % 25}",
                topic=f"item.{number % 25}", severity=1 + (number % 10 > 5) + (number % 10 > 8), nth=1 + number // 25,
                due_on=day + timedelta(days=7), **({"state": FindingState.ORDERED} | closed),
            )  # fmt: skip


def _at(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _copy(town: OrgUnit) -> None:
    """The last day's figures for every day before the real ones, and under the codes that have no rows here."""
    last = TODAY - A_DAY
    kept = DailyFact.objects.filter(day=last)
    others = [code for code in indicators() if not DailyFact.objects.filter(indicator=code).exists()]
    rows = [
        DailyFact(day=day, org_id=one.org_id, org_path=one.org_path, alike=one.alike, indicator=code, amount=one.amount, of=one.of)
        for one in kept.filter(indicator=COVERED)
        for code in others
        for day in (last - A_DAY * number for number in range(REAL_DAYS))
    ]  # fmt: skip
    DailyFact.objects.bulk_create(rows, batch_size=BATCH)
    units = OrgUnit.objects.filter(Q(kind__in=OFFICES) | within("path", (town.path,)))
    ids = ", ".join(str(pk) for pk in units.values_list("pk", flat=True))
    columns = 'org_id, org_path, alike, indicator, amount, "of"'
    copying = (
        f"INSERT INTO indicators_dailyfact (day, {columns}) "
        f"SELECT %s, {columns} FROM indicators_dailyfact WHERE day = %s AND org_id IN ({ids})"
    )
    with connection.cursor() as cursor:
        for number in range(REAL_DAYS, YEARS * 365):
            cursor.execute(copying, [last - A_DAY * number, last])


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _clear() -> None:
    """Leave the database as it was found."""
    below = {"org__path__startswith": "0001"}
    Look.objects.filter(finding__org__path__startswith="0001").delete()
    for model in (Finding, Visit, DailyFact, SchoolFacts, Grant):
        model.objects.filter(**below)._raw_delete("default")
    Account.objects.filter(username__startswith="bench-").delete()
    for kind in (Kind.SCHOOL, Kind.TOWN, Kind.DISTRICT, Kind.CITY):
        OrgUnit.objects.filter(path__startswith="0001", kind=kind)._raw_delete("default")
