"""Pages of long lists: the same work for 3 rows and for 200, each row once, whatever is written meanwhile."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.people.models import Person, Post, PostHolding
from houqin.core.tables.veils import unveil
from houqin.edge.api.tests.caller import Caller, caller
from houqin.flows.duties.models import Duty
from houqin.flows.rectify.models import Finding
from tests.world import NOON, TODAY, World

MANY = 300


def findings(world: World, count: int, first: int = 0) -> None:
    """On few days, so that most of them share theirs."""
    Finding.objects.bulk_create(
        Finding(
            org=world.school_a if number % 2 else world.school_b, number=f"F{number:04d}", day=TODAY - timedelta(days=number % 3),
            found_at=NOON, found_org=world.town, title=f"问题 {number}",
        )
        for number in range(first, first + count)
    )  # fmt: skip


def people(world: World, count: int, first: int = 0) -> None:
    made = Person.objects.bulk_create(
        Person(org=world.school_a, name=f"职工{number}", phone="13800001234") for number in range(first, first + count)
    )
    post = Post.objects.get_or_create(org=world.school_a, title="厨师")[0]
    PostHolding.objects.bulk_create(PostHolding(post=post, person=person, from_on=TODAY) for person in made)


def duties(world: World, count: int, first: int = 0) -> None:
    Duty.objects.bulk_create(
        Duty(
            day=TODAY, org=world.school_a, rule="ledger:cold-storage", slot=str(number), post="storekeeper", opens_at=NOON,
            due_at=NOON + timedelta(hours=1),
        )
        for number in range(first, first + count)
    )  # fmt: skip


MAKERS = {"findings": findings, "people": people, "duties": duties}


@pytest.mark.parametrize("path", sorted(MAKERS))
def test_three_rows_and_three_hundred_cost_the_same_queries(world: World, path: str) -> None:
    program, counts = caller(world.bo), []
    MAKERS[path](world, 3)
    program.get(path)
    for more in (0, MANY):
        MAKERS[path](world, more, first=10)
        with CaptureQueriesContext(connection) as queries:
            rows = program.items(path, limit=200)
        counts.append((len(rows), len(queries)))
    assert [rows for rows, _queries in counts] == [3, 200]
    assert counts[0][1] == counts[1][1] <= 14


def walk(program: Caller, path: str, limit: int) -> list[str]:
    found, cursor = [], ""
    while True:
        page = program.get(path, limit=limit, cursor=cursor).json()
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return found


def test_every_row_comes_once_in_order_over_many_pages(world: World) -> None:
    findings(world, MANY)
    found = walk(caller(world.bo), "findings", 47)
    right = Finding.objects.order_by("-day", "-pk").values_list("public_id", flat=True)
    assert found == [str(one) for one in right]


def test_what_is_written_meanwhile_moves_no_page(world: World) -> None:
    findings(world, 10)
    program = caller(world.bo)
    page = program.get("findings", limit=5).json()
    findings(world, 6, first=100)
    rest = program.get("findings", limit=200, cursor=page["next"]).json()["items"]
    seen = [row["number"] for row in page["items"]] + [row["number"] for row in rest]
    assert len(seen) == len(set(seen))
    assert {f"F{number:04d}" for number in range(10)} <= set(seen)


def test_a_cursor_shows_no_key_of_the_database(world: World) -> None:
    findings(world, 3)
    cursor = caller(world.bo).get("findings", limit=1).json()["next"]
    assert cursor.startswith("gAAAA")  # enciphered, each time anew
    assert cursor != caller(world.bo).get("findings", limit=1).json()["next"]


def test_lists_are_narrowed_by_unit_day_and_state(world: World) -> None:
    findings(world, 30)
    program = caller(world.bo)
    unit, day = str(world.school_a.public_id), (TODAY - timedelta(days=1)).isoformat()
    rows = program.items("findings", unit=unit, since=day, until=day, state="found")
    assert len(rows) == Finding.objects.filter(org=world.school_a, day=TODAY - timedelta(days=1)).count() == 5
    assert {(row["unit"]["id"], row["day"], row["state"]) for row in rows} == {(unit, day, "found")}
    assert program.items("findings", state="closed") == []


def test_a_duty_is_named_by_a_veil(world: World) -> None:
    duties(world, 1)
    row = caller(world.bo).items("duties")[0]
    assert unveil(Duty, UUID(row["id"])) == Duty.objects.get().pk
    assert caller(world.bo).get(f"duties/{row['id']}").json() == row
    assert caller(world.hu).get(f"duties/{row['id']}").status_code == 404


def test_telephones_are_covered_as_on_the_pages(world: World) -> None:
    people(world, 1)
    assert caller(world.eve).items("people")[0]["phone"] == "138****1234"
    assert caller(world.bo).items("people")[0]["phone"] == "13800001234"
    assert "birth_year" not in caller(world.bo).items("people")[0]
