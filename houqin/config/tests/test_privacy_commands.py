"""``houqin privacy`` from end to end: the register, what the coming night takes away, and a copy for whom it is about."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from houqin.config.cli import app
from houqin.core.audit.models import AuditEntry
from houqin.core.notices.models import Notice
from houqin.core.people.models import Person
from houqin.flows.sheets.reading.books import read_book
from tests.world import World


def houqin(*words: str) -> Any:
    return CliRunner().invoke(app, ["privacy", *words])


def told(*words: str) -> Any:
    answer = houqin(*words)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


@pytest.fixture
def wang(world: World) -> Person:
    return Person.objects.create(org=world.school_a, name="王桂英", phone="13812341234", left_on=date(2018, 6, 30))


def test_the_register_is_printed_for_people_and_for_programs(world: World) -> None:
    rows = {one["table"]: one for one in told("register", "--json")}
    assert (rows["people.pupil"]["class"], rows["people.pupil"]["months"]) == ("minor", 12)
    assert rows["people.account"]["hashed"]
    assert all(one["why"] and one["fields"] and one["seen_by"] for one in rows.values())
    assert "canteen.stockmove" not in rows
    every = {one["table"]: one for one in told("register", "--all", "--json")}
    assert rows.keys() < every.keys()
    printed = houqin("register").stdout
    assert "people.pupil  [minor]  12" in printed
    assert str(rows["people.pupil"]["why"]) in printed


def test_a_dry_run_counts_what_a_real_one_then_takes_away(world: World, wang: Person) -> None:
    Notice.objects.create(
        account=world.an, org=world.school_a, at=timezone.now() - timedelta(days=400), title="通知", body="", url="", level="info"
    )  # fmt: skip
    counted = told("retention", "--dry-run", "--json")
    assert (counted["notices.notice"], counted["people.person"]) == (1, 1)
    wang.refresh_from_db()
    assert (Notice.objects.count(), wang.name) == (1, "王桂英")
    assert "1  notices.notice" in houqin("retention", "--dry-run").stdout
    assert told("retention", "--json") == counted
    wang.refresh_from_db()
    assert not Notice.objects.exists()
    assert (wang.phone, "王桂英" in wang.name) == ("", False)
    again = told("retention", "--json")
    assert (again["notices.notice"], again["people.person"]) == (0, 0)


def test_a_copy_of_one_person_is_printed_or_written_and_stands_on_the_trail(
    world: World, wang: Person, tmp_path: Path
) -> None:
    copied = told("copy", str(wang.public_id))
    assert "13812341234" in copied["people.person"]["rows"][0]
    assert all(len(row) == len(one["heads"]) for one in copied.values() for row in one["rows"])
    assert world.child.name not in json.dumps(copied, ensure_ascii=False)
    book = tmp_path / "copy.xlsx"
    assert houqin("copy", str(wang.public_id), "--to", str(book)).exit_code == 0
    assert book.stat().st_mode & 0o077 == 0
    grid = read_book("copy.xlsx", book.read_bytes()).grids[0]
    assert "王桂英" in [grid.text(1, column) for column in range(grid.width)]
    assert {one.subject_id for one in AuditEntry.objects.filter(event="people.copied")} == {str(wang.public_id)}
    assert AuditEntry.objects.filter(event="people.copied", channel="cli").count() == 2


def test_a_child_s_copy_is_the_child_s(world: World) -> None:
    copied = told("copy", str(world.child.public_id))
    assert {"people.pupil", "people.guardianship"} <= copied.keys()


def test_nobody_and_a_file_that_lies_there_are_refused_and_leave_no_trail(
    world: World, wang: Person, tmp_path: Path
) -> None:
    before = AuditEntry.objects.count()
    assert houqin("copy", str(UUID(int=7))).exit_code == 2
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    answer = houqin("copy", str(wang.public_id), "--to", str(tmp_path / "there.xlsx"))
    assert (answer.exit_code, (tmp_path / "there.xlsx").read_bytes()) == (2, b"mine")
    assert "there.xlsx" in answer.stderr
    assert AuditEntry.objects.count() == before
