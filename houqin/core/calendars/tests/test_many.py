"""Many units at once: the same answer as one by one, in two queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from houqin.core.calendars.days import day_infos
from houqin.core.calendars.many import days_of_many
from houqin.core.calendars.models import DayKind, DayMark, Term
from houqin.core.calendars.rules import school_year
from houqin.core.orgs.models import Kind, OrgUnit
from tests.world import World, make_unit

FIRST, LAST = date(2024, 1, 20), date(2024, 3, 5)
where = st.integers(0, 6)
marks = st.dictionaries(
    st.tuples(where, st.integers(0, (LAST - FIRST).days)), st.sampled_from(DayKind.values), max_size=12
)
terms = st.dictionaries(
    st.tuples(where, st.sampled_from(["上学期", "下学期"])),
    st.tuples(st.integers(-150, 20), st.integers(20, 200)),
    max_size=5,
)


class ManyAgreesWithOne(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(marked=marks, set_terms=terms)
    def test_of_every_unit_on_every_day(self, marked: dict, set_terms: dict) -> None:
        top = make_unit(None, Kind.PROVINCE, "省")
        towns = [make_unit(top, Kind.TOWN, f"镇{n}", n) for n in (1, 2)]
        schools = [make_unit(town, Kind.SCHOOL, f"校{n}", n) for town in towns for n in (1, 2)]
        units = [top, *towns, *schools]
        for (at, offset), kind in marked.items():
            DayMark.objects.create(org=units[at], day=FIRST + timedelta(days=offset), kind=kind, label=f"{kind}{at}")
        for (at, name), (begins, length) in set_terms.items():
            start = FIRST + timedelta(days=begins)
            year = school_year(start)
            Term.objects.create(
                org=units[at], school_year=year, name=name, starts_on=start, ends_on=start + timedelta(days=length)
            )
        found = {pk: shared.days for shared in days_of_many(units, FIRST, LAST) for pk in shared.org_ids}
        assert set(found) == {unit.pk for unit in units}
        for unit in units:
            assert list(found[unit.pk]) == day_infos(unit, FIRST, LAST)


def test_units_with_the_same_days_share_one_answer(world: World) -> None:
    DayMark.objects.create(org=world.school_b, day=date(2024, 3, 4), kind=DayKind.CLOSURE)
    schools = OrgUnit.objects.schools()
    found = days_of_many(schools, date(2024, 3, 1), date(2024, 3, 7))
    alike = sorted(sorted(shared.org_ids) for shared in found)
    assert alike == sorted([[world.school_a.pk, world.school_c.pk], [world.school_b.pk]])


@pytest.mark.parametrize("count", [1, 3])
def test_two_queries_for_any_number_of_units(world: World, count: int) -> None:
    units = [world.school_a, world.school_b, world.school_c][:count]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        days_of_many(units, date(2024, 3, 1), date(2024, 3, 7))
    assert len(asked) == 2
    assert days_of_many([], date(2024, 3, 1), date(2024, 3, 7)) == []
