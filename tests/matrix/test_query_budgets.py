"""A list costs the same number of queries for a few rows and for many, on every screen."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from houqin.config.demo import kitchen
from houqin.config.demo.cast import SCHOOLS
from houqin.core.calendars.actions import mark_days, set_term
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.pupils import PupilLine, enrol_pupils
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Pupil
from houqin.core.places.actions import record_place
from houqin.core.policies.actions import set_policy
from houqin.modules.canteen.actions.deeds import Counted, count_store, return_to_supplier, send_to_school
from houqin.modules.canteen.actions.meals import Measured, SampleRow, measure_dishes, retain_samples
from houqin.modules.canteen.actions.paper import record_from_paper
from houqin.modules.canteen.actions.papers import number_vouchers
from houqin.modules.canteen.models import Absence, Correction, DeliveryLine, Lot, Meal, MealDish
from houqin.modules.canteen.rules.paper import PaperBook
from houqin.ui.screens.look import Look
from houqin.ui.screens.outgoing import cells_of
from tests.matrix.doors import HOLDERS
from tests.matrix.furnished import SCREENS, signed_in
from tests.world import NOON, TODAY, World

MOST = 40
FEW, MANY = 25, 100


@pytest.fixture
def busy(world: World) -> World:
    """Two kitchens at work for a week, many people and pupils."""
    days = [date(2024, 2, 26) + timedelta(days=number) for number in range(5)]
    schools = [(world.school_a, SCHOOLS[3]), (world.school_b, SCHOOLS[4])]
    book = PaperBook(
        deliveries=tuple(one for org, like in schools for one in kitchen.deliveries(like, org.pk, days)),
        issues=tuple(one for org, like in schools for one in kitchen.issues(like, org.pk, days)),
        menus=tuple(kitchen.menus(world.town.pk, days)),
    )
    record_from_paper(world.town, by=world.system, book=book)
    load_catalogues(by=world.system)
    for school in (world.school_a, world.school_b):
        number_vouchers(school, by=world.system, first=days[0], last=days[-1])
        lines = [RosterLine(f"职工{n}", post=f"岗位{n % 7}") for n in range(40)]
        record_roster(school, by=world.system, lines=lines, from_on=TODAY)
        pupils = [PupilLine(f"学生{n}", class_name=f"{n % 9}班") for n in range(90)]
        enrol_pupils(school, by=world.system, lines=pupils, enrolled_on=TODAY)
    _furnish(world)
    _send_home(world)
    _cook(world)
    _keep_store(world)
    return world


def _send_home(world: World) -> None:
    """Many pupils of school A are away."""
    pupils = Pupil.objects.filter(org=world.school_a, class_group__isnull=False)[: FEW + 10]
    Absence.objects.bulk_create(
        Absence(org=world.school_a, pupil=one, kind="sick", first_on=TODAY, last_on=TODAY, recorded_at=NOON)
        for one in pupils
    )


def _cook(world: World) -> None:
    """A breakfast of many dishes in school A, each measured and with a sample."""
    names = [f"小菜{number}" for number in range(FEW + 10)]
    meal = Meal.objects.create(org=world.school_a, day=TODAY, kind="breakfast")
    MealDish.objects.bulk_create(MealDish(org=meal.org, meal=meal, name=name) for name in names)
    gao = world.viewer("gao")
    measure_dishes(meal.org, by=gao, meal=meal, dishes=[Measured(name, 800) for name in names])
    retain_samples(meal.org, by=gao, meal=meal, rows=[SampleRow(name, 125) for name in names])


def _keep_store(world: World) -> None:
    """Many returns, stock-takes and corrections that wait in school A, and goods on their way there from school B."""
    gao, hu = world.viewer("gao"), world.viewer("hu")
    here = Lot.objects.usable().select_related("org").filter(org=world.school_a)
    there = Lot.objects.usable().select_related("org").filter(org=world.school_b)
    lines = DeliveryLine.objects.filter(org=world.school_a).order_by("pk")
    for number in range(FEW + 10):
        return_to_supplier(here[number % len(here)], by=gao, grams=1, reason="质量不符")
        send_to_school(there[number % len(there)], by=hu, to=world.school_a, grams=1, reason="支援")
        count_store(world.school_a, by=gao, lines=[Counted(here[0], here[0].on_hand_grams)])
        Correction.objects.create(
            org=world.school_a,
            line=lines[number % len(lines)],
            right_grams=1,
            reason="看错秤",
            asked_by=world.an,
            asked_at=gao.now,
        )


def _furnish(world: World) -> None:
    """Many places, terms, marked days and changes of a local rule."""
    by, house = world.system, None
    for number in range(FEW + 10):
        school = (world.school_a, world.school_b)[number % 2]
        house = record_place(school, by=by, kind="building", name=f"{number}号楼") if number < 2 else house
        inside = house if house and house.org == school else None
        record_place(school, by=by, kind="room", name=f"{number}室", within=inside)
        year = 1990 + number
        set_term(world.town, by=by, name="第一学期", starts_on=date(year, 9, 1), ends_on=date(year + 1, 1, 20))
        set_policy(world.town, by=by, code="canteen.heads_due", value=f"07:{number:02d}", reason="镇会议纪要")
    mark_days(world.town, by=by, kind="holiday", first=date(2023, 7, 1), last=date(2023, 8, 20))


def cost(client: Client, url: str, rows: int) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, {"per": rows}).status_code == 200
    return len(queries)


def test_lists_cost_the_same_for_few_rows_and_for_many(busy: World) -> None:
    clients = {person: signed_in(busy, person) for person in ("op", "bo", "gao")}
    for client in clients.values():
        client.get(reverse("ui:home"))
    dear = []
    for name in sorted(SCREENS):
        url = reverse(name)
        client = clients[next(one for one in clients if one in HOLDERS[SCREENS[name].view_permission])]
        few, many = cost(client, url, FEW), cost(client, url, MANY)
        if many > few or many > MOST:
            dear.append(f"{name}: {few} queries for a few rows, {many} for many")
    assert dear == []


FIRST_PAGE = {"an": 80, "gao": 120, "bo": 90}
"""Queries of the first page of a keeper, a principal and an office: what its sources share is asked once."""


def test_today_costs_no_more_than_its_budget_and_the_same_for_more_findings(busy: World) -> None:
    before, after = {}, {}
    for found in (before, after):
        for person in FIRST_PAGE:
            client = signed_in(busy, person)
            client.get(reverse("ui:home"))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("ui:home")).status_code == 200
            found[person] = len(queries)
        if found is before:
            for number in range(FEW + 10):
                record_place(busy.school_a, by=busy.system, kind="room", name=f"{number}库")
    assert after == before
    assert {person: count for person, count in before.items() if count > FIRST_PAGE[person]} == {}


def test_the_overview_costs_the_same_for_a_town_and_a_province(busy: World) -> None:
    client = signed_in(busy, "op")
    spent = []
    for unit in (busy.province, busy.town):
        client.get(reverse("ui:home"), {"under": unit.path})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("insight:overview"), {"under": unit.path}).status_code == 200
        spent.append(len(queries))
    assert max(spent) <= MOST
    assert abs(spent[0] - spent[1]) <= 1


def test_a_file_says_of_every_row_what_the_row_itself_says(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    compared, wrong = 0, []

    def compare(rows: Any, columns: Any, look: Look) -> Iterator[list[Any]]:
        nonlocal compared
        found = list(cells_of(rows, columns, look))
        if isinstance(rows, QuerySet):
            compared += len(found)
            alone = [[column.cell(row, look) for column in columns] for row in rows]
            if found != alone:
                wrong.append(rows.model._meta.label)
        return iter(found)

    monkeypatch.setattr("houqin.ui.screens.export.cells_of", compare)
    for name, kind in sorted(SCREENS.items()):
        person = next(one for one in ("op", "bo", "gao") if one in HOLDERS[kind.view_permission])
        answer = signed_in(busy, person).get(f"{reverse(name)}export/", {"format": "csv"})
        assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf"), name
    assert wrong == []
    assert compared > MANY
