"""The list of entries as a file: all that was written, figures as figures, names masked, and the taking out on record."""

import csv
import tracemalloc
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from python_calamine import CalamineWorkbook

from houqin.core.audit.models import AuditEntry
from houqin.core.people.models import Person
from houqin.flows.ledgers.actions import amend_entry, record_entry
from houqin.flows.ledgers.actions.adopting import adopt_ledger
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.tests.kept import COLD, FARM, MORNING, VISITORS, declare
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
EXPORT = "/ledgers/entries/export/"


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    translation.activate("en")


def taken(world: World, who: str = "gao", **asked: Any) -> list[dict[str, str]]:
    """The CSV as this reader gets it, each row by its headings."""
    client = Client()
    client.force_login(getattr(world, who))
    answer = client.get(EXPORT, asked)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(text)))


def cold(world: World, tenths: int, day: int = 4, **said: Any) -> LedgerEntry:
    by = world.viewer("an", NOON + timedelta(days=day - 4))
    return record_entry(world.school_a, by=by, ledger="cold-store", values={"temperature": tenths, **said})


def checked(world: World) -> Person:
    """A morning check of one cook."""
    declare(MORNING)
    cook = Person.objects.create(org=world.school_a, name="王小兰")
    line = {"line": {"id": str(cook.public_id), "name": "王小兰"}, "body": 365, "fit": True, "remark": "补测"}
    record_entry(world.school_a, by=world.viewer("an"), ledger="morning-check", values={}, lines=[line])
    return cook


def test_of_one_ledger_each_field_is_a_column_with_its_unit(world: World) -> None:
    declare(COLD)
    cold(world, 78, 4, clean=True, looked_at="07:05", remark="门没关严")
    cold(world, 32, 5)
    first, second = taken(world, sort="day")
    heads = list(first)
    assert heads[heads.index("School") + 1 : heads.index("Written by")] == [
        "Temperature (°C)",
        "Clean",
        "Time",
    ]
    assert (first["Temperature (°C)"], first["Clean"], first["Time"], first["Remark"]) == (
        "7.8",
        "yes",
        "07:05",
        "门没关严",
    )
    assert (second["Temperature (°C)"], second["Clean"], second["Time"], second["Remark"]) == ("3.2", "", "", "")
    assert first["School"] == "柳河中心小学"


def test_in_a_workbook_figures_are_figures(world: World) -> None:
    declare(COLD)
    cold(world, -180)
    client = Client()
    client.force_login(world.gao)
    answer = client.get(EXPORT, {"format": "xlsx"})
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    heads, row = book.get_sheet_by_index(0).to_python()
    assert row[heads.index("Temperature (°C)")] == -18.0


def test_fields_of_older_versions_and_of_a_units_wish_stand_there_too(world: World) -> None:
    declare(COLD)
    cold(world, 30, clean=False, remark="擦净")
    declare(COLD | {"columns": [COLD["columns"][0]]}, version=2)
    adopt_ledger(
        world.school_a, by=world.viewer("gao"), ledger="cold-store", why="防潮",
        columns=[Column(code="wet", zh="湿度", en="Humidity", kind="count", unit="%", required=False)],
    )  # fmt: skip
    entry = cold(world, 31, 5)
    assert entry.version == 2
    rows = taken(world, sort="day")
    assert [(row["Temperature (°C)"], row["Clean"], row["Humidity (%)"]) for row in rows] == [
        ("3", "no", ""),
        ("3.1", "", ""),
    ]
    assert "Humidity (%)" not in taken(world, "hu", under=world.school_b.path)


def test_a_list_gives_a_row_for_each_of_its_lines(world: World) -> None:
    declare(VISITORS)
    record_entry(
        world.school_a, by=world.viewer("wu"), ledger="visitors", values={}, lines=[{"name": "赵六"}, {"name": "钱七", "remark": "送货"}]
    )  # fmt: skip
    rows = taken(world, full="1")
    assert [(row["Name"], row["Remark"][:2]) for row in rows] == [("赵六", ""), ("钱七", "送货")]


def test_of_several_ledgers_what_was_written_is_told_in_one_column(world: World) -> None:
    declare(COLD)
    cold(world, 78, clean=True, remark="门没关严")
    checked(world)
    rows = {row["Ledger"]: row["What was written"] for row in taken(world)}
    assert rows["Cold stores"] == "Temperature: 7.8 °C; Clean: yes"
    assert rows["Morning check"] == "王**: Body: ***; Fit: ***; ***"
    assert "王小兰: Body: 36.5 °C; Fit: yes; 补测" in {row["What was written"] for row in taken(world, full="1")}


def test_names_are_shown_to_those_only_who_may_and_ask_and_that_is_on_record(world: World) -> None:
    checked(world)
    masked, whole, office = taken(world)[0], taken(world, full="1")[0], taken(world, "bo", full="1")[0]
    assert (masked["Staff"], masked["Body (°C)"], masked["Fit"]) == ("王**", "***", "***")
    assert (whole["Staff"], whole["Body (°C)"], whole["Fit"]) == ("王小兰", "36.5", "yes")
    assert (office["Staff"], office["Body (°C)"], office["Fit"]) == ("王**", "***", "***")
    shown = AuditEntry.objects.get(event="ui.personal_data_shown")
    assert shown.actor_name == world.gao.display_name
    assert {"account", "line.body", "line.fit"} <= set(shown.detail["columns"])


def test_each_taking_out_is_on_record_with_what_was_asked(world: World) -> None:
    declare(COLD)
    cold(world, 30)
    taken(world, ledger="cold-store")
    noted = AuditEntry.objects.get(event="ui.list_exported")
    assert noted.actor_name == world.gao.display_name
    assert (noted.detail["screen"], noted.detail["count"], noted.detail["query"]) == ("entries", 1, "ledger=cold-store")


def test_the_filters_of_the_page_hold_and_another_school_sees_nothing(world: World) -> None:
    declare(COLD)
    declare(FARM)
    first = cold(world, 90, remark="已移出")
    cold(world, 30, 5)
    amend_entry(first, by=world.viewer("an"), why="看错", values={"temperature": 80})
    assert [row["Temperature (°C)"] for row in taken(world, view="out")] == ["9"]
    assert [row["Temperature (°C)"] for row in taken(world, q="看错")] == ["8"]
    assert [row["Temperature (°C)"] for row in taken(world, day_after="2024-03-05")] == ["3"]
    assert taken(world, "hu") == []
    assert taken(world, "chen") == []


def test_what_begins_like_a_formula_stays_text(world: World) -> None:
    declare(COLD)
    cold(world, 30, remark="=1+1")
    assert taken(world)[0]["Remark"] == "'=1+1"


def test_more_entries_take_no_more_queries_and_no_more_memory(world: World) -> None:
    declare(COLD)
    counted, peaks = [], []
    first = cold(world, 30)
    for copies in (3, 300):
        LedgerEntry.objects.bulk_create(copy_of(first) for _number in range(copies))
        taken(world)
        tracemalloc.start()
        with CaptureQueriesContext(connection) as queries:
            rows = taken(world)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        counted.append(len(queries))
        assert Decimal(rows[-1]["Temperature (°C)"]) == 3
    assert counted[0] == counted[1]


def copy_of(entry: LedgerEntry) -> LedgerEntry:
    from uuid import uuid4

    same = {field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields if field.name != "id"}
    return LedgerEntry(
        **{name: value for name, value in same.items() if name != "pk"} | {"public_id": uuid4(), "content_id": uuid4()}
    )
