"""Rules for a test: those of the catalogues stand aside."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any

from django.db import connection

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused
from houqin.flows.duties import registry
from houqin.flows.duties.duties import task_rules
from houqin.flows.duties.registry import Demand, Rule
from houqin.flows.duties.schedule import Applies, Every, Schedule
from houqin.flows.duties.warnings import warning_rules

DAILY = Rule(
    "test:clean", "打扫", "Cleaning", "cook", (Schedule(Every.SCHOOL_DAY, opens=time(7), due=time(9)),), Demand.LAW
)
CANTEEN = replace(
    DAILY,
    code="test:canteen",
    title_zh="消毒",
    title_en="Disinfection",
    applies=Applies(canteen=True),
    destroys_evidence=True,
)
BOARDING = replace(
    DAILY, code="test:boarding", post="dorm-manager", applies=Applies(boarders=True),
    schedules=(Schedule(Every.BOARDING_DAY, opens=time(20), due=time(22)),),
)  # fmt: skip
MONTHLY = replace(
    DAILY, code="test:fire", title_zh="灭火器月检", title_en="Extinguishers", post="guard", uses=("extinguisher-powder",),
    schedules=(Schedule(Every.MONTH),),
)  # fmt: skip
AT_MEALS = replace(
    DAILY,
    code="test:meal",
    title_zh="餐前检查",
    title_en="Before a meal",
    schedules=(Schedule(Every.MEAL, opens_minutes=-60, due_minutes=30),),
)
SAMPLES = replace(
    DAILY, code="test:samples", destroys_evidence=True,
    schedules=(Schedule(Every.AFTER, event="test.sampled", hours=48, within_hours=24),),
)  # fmt: skip


def lunch(orgs: Iterable[OrgUnit], day: date) -> dict[int, list[tuple[str, datetime]]]:
    """Lunch at 11:40 on weekdays."""
    served = datetime.combine(day, time(3, 40), UTC)
    return {org.pk: [("lunch", served)] for org in orgs} if day.weekday() < 5 else {}


@contextmanager
def asked(*rules: Rule) -> Iterator[None]:
    """Only these rules (with the tasks and warnings of this room), and lunch on weekdays."""
    sources, meals = list(registry._sources), list(registry._meal_times)
    registry._sources[:] = [task_rules, warning_rules, lambda day: rules]
    registry._meal_times[:] = [lunch]
    try:
        yield
    finally:
        registry._sources[:], registry._meal_times[:] = sources, meals


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on the clock of the schools."""
    return datetime.combine(day, time(hour, minute), UTC) - timedelta(hours=8)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed returned when all began together, or the refusal it met."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return deed()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))
