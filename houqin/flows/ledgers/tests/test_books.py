"""The book of ledgers and its month sheets: what was written, what was amended, what was not, and nothing made up."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.core.people.models import Person
from houqin.core.places.actions import name_owner
from houqin.core.scope.refusals import NotVisible
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.actions import amend_entry, record_entry
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.out import excel
from houqin.flows.ledgers.out.book import book
from houqin.flows.ledgers.out.months import Month, MonthSheet, Row, month_sheet
from houqin.flows.ledgers.tests.kept import COLD, FARM, MORNING, ROOMS, VISITORS, declare, make_place
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    translation.activate("en")


MARCH = Month(date(2024, 3, 1))
FRIDAY = NOON + timedelta(days=4)


def asked(world: World, day: int, *, rule: str = "ledger:cold-store", **said: Any) -> Duty:
    """A duty of the morning of a day of March."""
    at = timezone.make_aware(datetime(2024, 3, day, 6, 0))
    due = at + timedelta(hours=3)
    found: Duty = Duty.objects.create(
        org=world.school_a, day=date(2024, 3, day), rule=rule, slot="am", post="cook", opens_at=at, due_at=due, **said
    )
    return found


def cold(world: World, tenths: int, day: int = 4, **said: Any) -> LedgerEntry:
    """The cold store as it was read on a day of March."""
    by = world.viewer("an", NOON + timedelta(days=day - 4))
    return record_entry(world.school_a, by=by, ledger="cold-store", values={"temperature": tenths}, slot="am", **said)


def sheet(world: World, code: str = "cold-store", who: str = "gao") -> MonthSheet:
    return month_sheet(world.school_a, code, MARCH, world.viewer(who, FRIDAY))


def words(found: MonthSheet) -> list[tuple[str, int, bool, str]]:
    """Each row as its sort, day, whether struck through, and what it says of the temperature (or in words)."""
    place = [head.label for head in found.heads].index("Temperature (°C)")
    return [
        (row.sort, row.day.day, row.is_struck, row.boxes[place].words if row.boxes else row.words) for row in found.rows
    ]


def test_a_month_shows_each_day_as_it_was(world: World) -> None:
    declare(COLD)
    asked(world, 4, state=DutyState.DONE)
    asked(world, 5)
    asked(world, 6, state=DutyState.EXCUSED, note="停电")
    cold(world, 32)
    found = sheet(world)
    nothing = [(Row.NOTHING, day, False, "Nothing was due on this day") for day in (1, 2, 3, 7, 8)]
    assert words(found) == [
        *nothing[:3],
        (Row.ENTRY, 4, False, "3.2"),
        (Row.MISSED, 5, False, "Morning · not written"),
        (Row.EXCUSED, 6, False, "Morning · excused: 停电"),
        *nothing[3:],
    ]
    assert (found.entries, found.missed) == (1, 1)


def test_what_was_amended_stays_struck_through_above_what_took_its_place(world: World) -> None:
    declare(COLD)
    first = cold(world, 78, confirmed=["temperature"])
    amend_entry(first, by=world.viewer("an"), why="小数点看错", values={"temperature": 75})
    rows = [row for row in sheet(world).rows if row.sort == Row.ENTRY]
    heads = [head.label for head in sheet(world).heads]
    at = heads.index("Temperature (°C)")
    assert [(row.is_struck, row.boxes[at].words, row.boxes[at].figure) for row in rows] == [
        (True, "7.8", rows[0].boxes[at].figure),
        (False, "7.5", rows[1].boxes[at].figure),
    ]
    assert "小数点看错" in rows[1].boxes[heads.index("Remark")].words
    assert sheet(world).entries == 1
    assert {row.boxes[-1].words for row in rows} == {"1", "2"}  # numbers of their seals


def test_names_are_masked_for_those_they_are_not_for(world: World) -> None:
    declare(MORNING)
    cook = Person.objects.create(org=world.school_a, name="王小兰")
    line = {"line": {"id": str(cook.public_id), "name": "王小兰"}, "body": 365, "fit": True}
    record_entry(world.school_a, by=world.viewer("an"), ledger="morning-check", values={}, lines=[line])
    office = "".join(box.words for row in sheet(world, "morning-check", "bo").rows for box in row.boxes)
    head = "".join(box.words for row in sheet(world, "morning-check").rows for box in row.boxes)
    assert "王小兰" in head
    assert "36.5" in head
    assert "王小兰" not in office
    assert "36.5" not in office


def test_rooms_in_order_are_one_row_and_each_exception_its_own(world: World) -> None:
    declare(ROOMS)
    lines: list[dict[str, Any]] = []
    for number in range(101, 109):
        place = make_place(world.school_a, str(number), "dormitory-room")
        named = {"line": {"id": str(place.public_id), "name": place.name}}
        lines.append(named | ({"door": "broken", "remark": "已报修"} if number == 105 else {"door": "sound"}))
    record_entry(world.school_a, by=world.viewer("an"), ledger="rooms", values={}, lines=lines)
    rows = [row for row in sheet(world, "rooms").rows if row.sort == Row.ENTRY]
    told = [[box.words for box in row.boxes] for row in rows]
    assert len(rows) == 2
    assert "101, 102, 103 and 4 more" in told[0]
    assert "105" in told[1]
    assert "broken" in told[1]
    assert "已报修" in told[1]


def test_a_form_with_a_column_for_it_names_who_answers_for_each_place(world: World) -> None:
    declare(ROOMS | {"print": {"zh": "宿舍检查表", "owner": True}})
    manager, other = record_roster(
        world.school_a, by=world.system, from_on=date(2024, 2, 1),
        lines=[RosterLine("孙宿管", post="公寓管理员"), RosterLine("胡安全", post="安全员")],
    )  # fmt: skip
    rooms = [make_place(world.school_a, name, "dormitory-room") for name in ("101", "102", "103")]
    name_owner(rooms[2], by=world.viewer("gao"), person=other)
    lines = [{"line": {"id": str(one.public_id), "name": one.name}, "door": "sound"} for one in rooms]
    record_entry(world.school_a, by=world.viewer("an"), ledger="rooms", values={}, lines=lines)

    def told(who: str) -> list[tuple[str, str]]:
        found = sheet(world, "rooms", who)
        heads = [head.label for head in found.heads]
        rooms_at, owner_at = heads.index("Rooms"), heads.index("Who answers for it")
        rows = [row.boxes for row in found.rows if row.sort == Row.ENTRY]
        return [(boxes[rooms_at].words, boxes[owner_at].words) for boxes in rows]

    assert told("gao") == [("101, 102", manager.name), ("103", other.name)]
    assert all(name not in str(told("bo")) for name in (manager.name, other.name))


def test_the_workbook_says_the_same_in_figures(world: World) -> None:
    declare(COLD)
    asked(world, 5)
    cold(world, 32)
    out = BytesIO()
    excel.write(out, sheet(world))
    rows = CalamineWorkbook.from_filelike(BytesIO(out.getvalue())).get_sheet_by_index(0).to_python()
    flat = [cell for row in rows for cell in row]
    assert rows[0][0] == "Cold stores"
    assert 3.2 in flat
    assert any("柳河中心小学" in str(cell) for cell in rows[1])
    head = next(row for row in rows if "Temperature (°C)" in row)
    assert len(head) == len(sheet(world).heads)


def test_a_month_costs_the_same_queries_for_few_and_many(world: World) -> None:
    declare(COLD)
    declare(VISITORS)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            sheet(world)
        return len(seen)

    cold(world, 30)
    sheet(world)
    few = queries()
    for number in range(12):
        cold(world, 31 + number)
    assert queries() == few


def test_another_citys_school_is_not_there(world: World) -> None:
    declare(COLD)
    cold(world, 32)
    found = month_sheet(world.school_a, "cold-store", MARCH, world.viewer("hu", FRIDAY))
    assert [row for row in found.rows if row.sort == Row.ENTRY] == []
    with pytest.raises(NotVisible):
        month_sheet(world.school_a, "no-such-ledger", MARCH, world.viewer("gao", FRIDAY))


def test_the_book_says_what_is_due_written_and_out_of_limits(world: World) -> None:
    for one in (COLD, MORNING, ROOMS, FARM):
        declare(one)
    asked(world, 4)
    asked(world, 5)
    cold(world, 120)
    found = book(world.school_a, world.viewer("gao", NOON + timedelta(days=1)))
    kept = {one.code: one for one in found.kept}
    assert set(kept) == {"cold-store", "morning-check"}
    assert [one.code for one in found.without_places] == ["rooms"]
    assert [one.code for one in found.of_choice] == ["farm"]
    assert (kept["cold-store"].last, kept["cold-store"].month, kept["cold-store"].breaches) == (date(2024, 3, 4), 1, 1)
    assert kept["cold-store"].overdue == 1  # that of the fifth; that of the fourth is done by the entry
    assert kept["morning-check"].last is None


@pytest.mark.parametrize("who", ["an", "gao", "bo", "eve", "wu"])
def test_pages_open_for_whoever_may_read(world: World, who: str) -> None:
    declare(COLD)
    entry = cold(world, 120)
    client = Client()
    client.force_login(getattr(world, who))
    at = {"under": world.school_a.path}
    for name, args in (
        ("book", []), ("entries", []), ("entries-detail", [entry.public_id]), ("month", ["cold-store"]),
        ("month-print", ["cold-store"]), ("month-excel", ["cold-store"]), ("uploads", []), ("published", []),
    ):  # fmt: skip
        answer = client.get(reverse(f"ledgers:{name}", args=args), {**at, "month": "2024-03"})
        assert answer.status_code == 200, (name, answer.status_code)


def test_an_entry_tells_its_values_its_seal_and_its_story(world: World) -> None:
    declare(COLD)
    first = cold(world, 78, confirmed=["temperature"])
    second = amend_entry(first, by=world.viewer("an"), why="小数点看错", values={"temperature": 75})
    client = Client()
    client.force_login(world.gao)
    old = client.get(reverse("ledgers:entries-detail", args=[first.public_id])).content.decode()
    new = client.get(reverse("ledgers:entries-detail", args=[second.public_id])).content.decode()
    correct = reverse("ledgers:amend", args=[second.public_id])
    assert "7.8 °C" in old
    assert "小数点看错" in old
    assert reverse("ledgers:amend", args=[first.public_id]) not in old
    assert "7.5 °C" in new
    assert "№ 2" in new
    assert correct in new
    client.force_login(world.chen)
    assert client.get(reverse("ledgers:entries-detail", args=[first.public_id])).status_code == 404
    assert client.get(reverse("ledgers:entries-detail", args=[UUID(int=7)])).status_code == 404


def test_all_ledgers_are_searched_at_once(world: World) -> None:
    declare(COLD)
    declare(VISITORS)
    cold(world, 32)
    record_entry(
        world.school_a,
        by=world.viewer("an"),
        ledger="visitors",
        values={"remark": "送煤气瓶"},
        lines=[{"name": "赵六"}],
    )
    client = Client()
    client.force_login(world.gao)

    rows = {
        text: client.get(reverse("ledgers:entries"), {"q": text}).content.decode() for text in ("煤气", "冷藏", "赵六")
    }
    assert "2024-03-04" in rows["煤气"]
    assert "2024-03-04" not in rows["赵六"]  # a sealed name is not found by searching the text that was sealed
    assert "2024-03-04" in rows["冷藏"]
