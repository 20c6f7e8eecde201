"""Rows inserted quickly are the rows that were asked for, ids and all, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import ClassGroup
from houqin.core.tables.inserting import insert_rows, insertion, is_inserted
from houqin.core.tables.statements import together
from tests.world import World

NOW = datetime(2024, 3, 4, 4, 0, tzinfo=UTC)


def test_every_kind_of_value_comes_back_as_it_went_in(world: World) -> None:
    made = insert_rows(
        AuditEntry(
            day=date(2024, 3, 4), at=NOW, event="test.made", org_path=world.town.path, actor_id=world.an.public_id,
            actor_name=f"甲 ' % {number}", channel="web", detail={"n": number, "字": ["一", None]},
        )
        for number in range(3)
    )  # fmt: skip
    rows = list(AuditEntry.objects.filter(event="test.made").order_by("pk"))
    assert [row.pk for row in rows] == [row.pk for row in made]
    for row, meant in zip(rows, made, strict=True):
        fields = [field.attname for field in AuditEntry._meta.concrete_fields]
        assert [getattr(row, name) for name in fields] == [getattr(meant, name) for name in fields]


def test_many_rows_take_few_statements_and_can_be_used_at_once(world: World) -> None:
    groups = [ClassGroup(org=world.school_b, name=f"{n}班", school_year=2023) for n in range(1_200)]
    with CaptureQueriesContext(connection) as queries:
        insert_rows(groups)
    assert len(queries) == 3
    groups[7].name = "七班"
    groups[7].save()
    assert ClassGroup.objects.get(pk=groups[7].pk).name == "七班"
    assert ClassGroup.objects.filter(org=world.school_b).count() == 1_200


def test_nothing_is_nothing_and_constraints_hold(world: World) -> None:
    assert insert_rows(iter(())) == []
    twice: Any = [OrgUnit(parent=world.town, kind=Kind.SCHOOL, name="同", path=world.town.path + "0099") for _n in "ab"]
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(twice)


def insert_once(row: ClassGroup) -> bool:
    return is_inserted(row, *together(insertion(row, unique=("org", "school_year", "name"))))


def test_a_row_that_is_there_is_not_inserted_again(world: World) -> None:
    first, again, other = (
        ClassGroup(org=world.school_b, name=name, school_year=2023) for name in ("一班", "一班", "二班")
    )
    assert insert_once(first)
    assert not insert_once(again)
    assert again.pk is None
    assert insert_once(other)
    assert set(ClassGroup.objects.filter(org=world.school_b).values_list("pk", "name")) == {
        (first.pk, "一班"), (other.pk, "二班"),
    }  # fmt: skip
