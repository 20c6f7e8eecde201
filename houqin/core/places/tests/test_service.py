"""When equipment is serviced and scrapped (T13, T14), and equipment as people list it."""

from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.audit.models import AuditEntry
from houqin.core.places.actions import PlaceLine, record_place, record_places
from houqin.core.places.models import Place
from houqin.core.places.queries import plan_of, uses_on
from houqin.core.places.reading import Listed, Unread, numbered, read_list
from houqin.core.places.rules import EARLY, Need, Plan, need
from houqin.core.scope.refusals import Refused
from tests.world import TODAY, World


def plan(code: str) -> Plan:
    found = plan_of(uses_on(TODAY)[code])
    assert found
    return found


def months(days: Any) -> list[str]:
    return [f"{day:%Y-%m}" for day in days]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "made", "services", "scrap"),
    [
        ("extinguisher-powder", date(2018, 5, 1), ["2023-05", "2025-05", "2027-05"], "2028-05"),
        ("extinguisher-water", date(2022, 3, 1), ["2025-03", "2026-03", "2027-03"], "2028-03"),
        ("extinguisher-co2", date(2016, 4, 1), ["2021-04", "2023-04", "2025-04", "2027-04"], "2028-04"),
    ],
)
def test_t13_extinguishers(code: str, made: date, services: list[str], scrap: str) -> None:
    found = plan(code)
    assert months(found.dates(made)) == services
    scrapped = found.scrapped_on(made)
    assert scrapped
    assert f"{scrapped:%Y-%m}" == scrap


@pytest.mark.django_db
def test_t14_elevator() -> None:
    found = plan("elevator")
    assert months(islice(found.dates(date(2015, 6, 1)), 10)) == [
        "2016-06", "2019-06", "2022-06", "2024-06", "2026-06", "2028-06", "2030-06", "2031-06", "2032-06", "2033-06",
    ]  # fmt: skip
    assert found.scrapped_on(date(2015, 6, 1)) is None


def made_plan(firsts: list[int], then: int, life: int | None) -> Plan:
    """First dates in order, and a life that is longer than the last of them."""
    return Plan(sorted(set(firsts)), then, max(firsts) + life if life else None)


plans = st.builds(
    made_plan,
    st.lists(st.integers(1, 200), min_size=1, max_size=7),
    st.integers(1, 60),
    st.none() | st.integers(1, 120),
)
days = st.dates(date(1990, 1, 1), date(2040, 1, 1))


@given(plans, days)
def test_dates_rise_begin_as_given_and_end_before_the_scrapping(one: Plan, made: date) -> None:
    found = list(islice(one.dates(made), 40))
    assert found == sorted(set(found))
    assert len(found) >= min(len(one.at_months), 40)
    scrapped = one.scrapped_on(made)
    assert scrapped is None or all(day < scrapped for day in found)


@given(plans, days, st.none() | days, days)
def test_what_is_due_is_a_planned_date_that_no_service_covers(
    one: Plan, made: date, served: date | None, today: date
) -> None:
    due = one.next_service(made, served, today)
    assert due is None or due in set(islice(one.dates(made), 2600))
    if due is not None and served is not None:
        assert due > served + EARLY


def test_unrecorded_service_is_overdue_and_recorded_service_moves_it_on() -> None:
    powder, made = Plan([60], 24, 120), date(2018, 5, 1)
    ahead = timedelta(days=60)
    today = date(2025, 6, 1)
    assert need(powder, made, None, today, ahead) == (Need.OVERDUE, date(2025, 5, 1))
    assert need(powder, made, date(2025, 4, 10), today, ahead) is None
    assert need(powder, made, date(2025, 4, 10), date(2027, 3, 10), ahead) == (Need.SOON, date(2027, 5, 1))
    assert need(powder, made, date(2027, 5, 1), date(2028, 3, 20), ahead) == (Need.SOON, date(2028, 5, 1))
    assert need(powder, made, date(2027, 5, 1), date(2028, 5, 1), ahead) == (Need.SCRAP, date(2028, 5, 1))
    assert need(powder, made, None, date(2019, 1, 1), ahead) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("灭火器 24 具 一楼", [Listed("一楼", 24)]),
        ("一楼 8\n二楼 8 具\n 三楼：8具 ", [Listed("一楼", 8), Listed("二楼", 8), Listed("三楼", 8)]),
        ("锅炉房 2具 2023-05", [Listed("锅炉房", 2, date(2023, 5, 1))]),
        ("锅炉房２具，2023年5月10日", [Listed("锅炉房", 2, date(2023, 5, 10))]),
        ("食堂东门", [Listed("食堂东门", 1)]),
        ("\n\n", []),
    ],
)
def test_lists_are_read_as_people_write_them(text: str, found: list[Listed]) -> None:
    assert read_list(text, "干粉灭火器") == found


@pytest.mark.parametrize("text", ["0 一楼", "灭火器", "一楼 3 2023-13"])
def test_a_line_that_says_nothing_is_named(text: str) -> None:
    with pytest.raises(Unread, match=text):
        read_list(text, "干粉灭火器")


def test_numbers_go_on_from_those_taken() -> None:
    assert numbered("一楼", "灭火器", 2, {"一楼灭火器1"}) == ["一楼灭火器2", "一楼灭火器3"]


def test_many_at_once_each_with_its_label_and_not_twice(world: World, django_assert_max_num_queries: Any) -> None:
    lines = [PlaceLine(name=f"一楼灭火器{n}", use="extinguisher-powder", made_on=date(2023, 5, 1)) for n in range(24)]
    with django_assert_max_num_queries(13):  # one asks who is told of it
        made = record_places(world.school_a, by=world.viewer("gao"), lines=lines)
    assert len({row.label_code for row in made}) == 24
    assert {(row.kind, row.subject.label) for row in made} == {("equipment", line.name) for line in lines}
    before = (Place.objects.count(), AuditEntry.objects.count())
    for wrong in (
        lines[:1],
        [PlaceLine(name="x"), PlaceLine(name="x")],
        [],
        [PlaceLine(name=f"{n}") for n in range(201)],
    ):
        with pytest.raises(Refused) as caught:
            record_places(world.school_a, by=world.viewer("gao"), lines=wrong)
        assert caught.value.field == "several"
    assert (Place.objects.count(), AuditEntry.objects.count()) == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"use": "rocket"}, "use"),
        ({"made_on": TODAY + timedelta(days=1)}, "made_on"),
        ({"made_on": date(1900, 1, 1)}, "made_on"),
    ],
)
def test_a_use_is_known_and_a_day_of_making_possible(world: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        record_place(world.school_a, by=world.viewer("gao"), kind="equipment", name="灭火器", **more)
    assert caught.value.field == field
    assert not Place.objects.exists()


def test_the_use_says_which_kind_of_place_it_is(world: World) -> None:
    place = record_place(world.school_a, by=world.viewer("gao"), kind="room", name="灭火器", use="extinguisher-powder")
    assert place.kind == "equipment"
