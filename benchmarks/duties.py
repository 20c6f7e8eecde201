"""Claim: the duties of a day for 15,000 schools × 40 are laid out in ≤ 60 s and ≤ 3 × the bare INSERT … SELECT of the same rows.

On SQLite, which is for a school or a town, 500 schools. Half of the rules are asked of every school, the rest of those with
a canteen or boarders, at meals, at places; every tenth school has a time of its own, every hundredth rests.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from houqin.core.orgs.models import Kind, OrgUnit, SchoolFacts
from houqin.core.places.models import Place, PlaceKind
from houqin.core.scope.viewer import system_viewer
from houqin.core.subjects.models import Subject
from houqin.flows.duties import registry
from houqin.flows.duties.generation import generate, renew
from houqin.flows.duties.models import Duty, OwnWindow, Suspension
from houqin.flows.duties.queries import day_of, figures
from houqin.flows.duties.registry import Demand, Rule
from houqin.flows.duties.schedule import Applies, Every, Schedule

DAY = date(2024, 3, 4)
NIGHT = datetime(2024, 3, 3, 16, tzinfo=UTC)
SCHOOLS_OF = {"postgresql": 15_000, "sqlite": 500}
BRANCHES = 100


def run(shared: Path) -> dict[str, Any]:
    """Seconds of laying out a day, of the same rows inserted barely, and of what else is asked of them."""
    schools = _schools(SCHOOLS_OF[connection.vendor])
    sources, meals = list(registry._sources), list(registry._meal_times)
    registry._sources[:] = [lambda day: _rules()]
    registry._meal_times[:] = [_meals]
    try:
        return _measured(schools)
    finally:
        registry._sources[:], registry._meal_times[:] = sources, meals
        _clear()


def _measured(schools: list[OrgUnit]) -> dict[str, Any]:
    one = schools[len(schools) // 2]
    seconds, made = _timed(lambda: generate(DAY, DAY))
    again, more = _timed(lambda: generate(DAY, DAY))
    changed, _rows = _timed(lambda: renew(one, now=NIGHT))
    counted, _figures = _timed(lambda: figures(OrgUnit.objects.schools(), DAY, DAY))
    looked, _day = _timed(lambda: list(day_of(one, DAY)))
    bare = _bare(made)
    return {
        "schools": len(schools),
        "duties": made,
        "a school": round(made / len(schools), 1),
        "laid out, s": round(seconds, 2),
        "duties a second": round(made / seconds),
        "bare INSERT … SELECT, s": round(bare, 2),
        "times the bare one": round(seconds / bare, 2),
        "laid out again, s": round(again, 2),
        "made again": more,
        "one school anew, ms": round(changed * 1000),
        "figures of all schools, s": round(counted, 2),
        "a school's day, ms": round(looked * 1000),
    }


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def _bare(rows: int) -> float:
    """The same rows into the same emptied table, with its keys and indexes, from a table without any."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_duties AS SELECT * FROM duties_duty")
        cursor.execute("TRUNCATE duties_duty" if connection.vendor == "postgresql" else "DELETE FROM duties_duty")
        start = time.perf_counter()
        with transaction.atomic():
            cursor.execute("INSERT INTO duties_duty SELECT * FROM bare_duties WHERE day = %s", [DAY])
            assert cursor.rowcount <= rows
        taken = time.perf_counter() - start
        cursor.execute("DROP TABLE bare_duties")
    return taken


def _rules() -> list[Rule]:
    """Forty duties of a day for a boarding school with a canteen."""
    daily = Schedule(Every.SCHOOL_DAY, opens=clock(7), due=clock(9))
    plain = Rule("bench:0", "检查", "Check", "cook", (daily,), Demand.LAW)
    found = [replace(plain, code=f"bench:{number}") for number in range(19)]
    canteen, boarders = Applies(canteen=True), Applies(boarders=True)
    found += [replace(plain, code=f"bench:c{n}", applies=canteen, destroys_evidence=n < 3) for n in range(6)]
    found += [replace(plain, code=f"bench:b{n}", applies=boarders) for n in range(4)]
    found += [replace(plain, code=f"bench:m{n}", schedules=(Schedule(Every.MEAL),)) for n in range(3)]
    found += [replace(plain, code="bench:fire", uses=("extinguisher-powder",))]
    found += [replace(plain, code="bench:month", schedules=(Schedule(Every.MONTH),))]
    return found


def _meals(orgs: Iterable[OrgUnit], day: date) -> dict[int, list[tuple[str, datetime]]]:
    served = [("breakfast", -1, 0), ("lunch", 3, 40), ("dinner", 9, 30)]
    noon = datetime.combine(day, clock(0), UTC)
    times = [(meal, noon.replace(hour=hour % 24, minute=minute)) for meal, hour, minute in served]
    return {org.pk: times for org in orgs}


def _schools(count: int) -> list[OrgUnit]:
    top = OrgUnit.objects.create(kind=Kind.PROVINCE, name="省", path="0001")
    towns = [OrgUnit(parent=top, kind=Kind.TOWN, name=f"镇{n}", path=f"0001{n + 1:04d}") for n in range(BRANCHES)]
    OrgUnit.objects.bulk_create(towns)
    schools = [
        OrgUnit(
            parent=towns[n % BRANCHES], kind=Kind.SCHOOL, name=f"校{n}",
            path=f"{towns[n % BRANCHES].path}{n // BRANCHES + 1:04d}",
        )
        for n in range(count)
    ]  # fmt: skip
    OrgUnit.objects.bulk_create(schools, batch_size=2000)
    facts = [SchoolFacts(org=school, valid_from=date(2023, 9, 1), enrolment=500, boarders=200) for school in schools]
    SchoolFacts.objects.bulk_create(facts, batch_size=2000)
    subjects = Subject.objects.bulk_create(
        [Subject(kind="places.place", org=school, label="灭火器") for school in schools], batch_size=2000
    )
    Place.objects.bulk_create(
        [
            Place(subject=subject, org=subject.org, kind=PlaceKind.EQUIPMENT, name="灭火器", use="extinguisher-powder")
            for subject in subjects
        ],
        batch_size=2000,
    )
    now = system_viewer().now
    OwnWindow.objects.bulk_create(
        [
            OwnWindow(org=school, rule="bench:1", due=clock(8, n % 60), set_at=now)
            for n, school in enumerate(schools[::10])
        ]
    )
    Suspension.objects.bulk_create([Suspension(org=school, why="核查", since=now) for school in schools[::100]])
    return schools


def _clear() -> None:
    """Leave the database as it was found."""
    below = {"org__path__startswith": "0001"}
    for model in (Duty, OwnWindow, Suspension, SchoolFacts):
        model.objects.filter(**below)._raw_delete("default")
    Place.objects.filter(**below)._raw_delete("default")
    Subject.objects.filter(**below)._raw_delete("default")
    OrgUnit.objects.filter(path__startswith="0001").exclude(path="0001").filter(kind=Kind.SCHOOL)._raw_delete("default")
    OrgUnit.objects.filter(path__startswith="0001", kind=Kind.TOWN)._raw_delete("default")
    OrgUnit.objects.filter(path="0001").delete()
