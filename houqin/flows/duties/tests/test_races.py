"""Several at once: one does it, each duty is laid out once, and what is done stays done while times change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from uuid import uuid4

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.scope.refusals import Refused
from houqin.flows.duties.actions.doing import do_duty
from houqin.flows.duties.actions.times import set_own_window
from houqin.flows.duties.completing import complete
from houqin.flows.duties.generation import generate, renew
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.schedule import Every, Schedule
from houqin.flows.duties.tests.asking import BOARDING, CANTEEN, DAILY, MONTHLY, asked, at_once
from tests.world import NOON, TODAY, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def town() -> Iterator[World]:
    with asked(DAILY, CANTEEN, BOARDING, replace(MONTHLY, uses=())):
        yield make_world()


def test_two_people_do_one_duty(town: World) -> None:
    generate(TODAY, TODAY)
    duty = Duty.objects.get(org=town.school_a, rule="test:clean")
    outcome = at_once(*(partial(do_duty, duty, by=town.viewer(name)) for name in ("shi", "wu", "an")))
    assert sum(isinstance(one, Refused) for one in outcome) == 2
    assert AuditEntry.objects.filter(event="duties.done").count() == 1


def test_laid_out_twice_at_once_each_duty_stands_once(town: World) -> None:
    made = at_once(*(partial(generate, TODAY, TODAY + timedelta(days=6)) for _worker in range(4)))
    assert sum(made) == Duty.objects.count() > 0
    months = Duty.objects.filter(rule="test:fire")
    assert months.count() == months.values("org").distinct().count()
    assert generate(TODAY, TODAY + timedelta(days=6)) == 0


def test_a_record_written_while_its_times_change_leaves_the_duty_done(town: World) -> None:
    for minute in range(6):
        Duty.objects.all().delete()
        generate(TODAY, TOMORROW)
        later = replace(DAILY, schedules=(Schedule(Every.SCHOOL_DAY, opens=time(7, minute), due=time(9, 30 + minute)),))
        write = partial(
            complete, town.school_a, by=town.viewer("shi"), rule="test:clean", day=TOMORROW, evidence_id=uuid4()
        )
        with asked(later, CANTEEN):
            _changed, done = at_once(partial(renew, town.town, now=NOON), write)
        duty = Duty.objects.get(org=town.school_a, rule="test:clean", day=TOMORROW)
        assert (done, duty.state) == (1, DutyState.DONE)


def test_schools_set_their_times_while_the_night_job_runs(town: World) -> None:
    own = partial(set_own_window, rule="test:clean", opens=time(7, 10), due=time(8))
    deeds = [partial(own, town.school_a, by=town.viewer("gao")), partial(own, town.school_b, by=town.viewer("hu"))]
    at_once(*deeds, partial(generate, TODAY, TODAY + timedelta(days=6)), partial(renew, town.town, now=NOON))
    renew(town.town, now=NOON)
    days = Duty.objects.filter(rule="test:clean", org=town.school_a, opens_at__gt=NOON)
    assert {one.due_at.hour for one in days} == {0}
    assert len(days) == len({one.day for one in days})
