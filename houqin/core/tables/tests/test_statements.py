"""Statements sent together run in their order, all or none, and each tells its first row."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from houqin.core.people.models import ClassGroup
from houqin.core.tables.inserting import insertion
from houqin.core.tables.statements import Statement, together
from tests.world import World

COUNT = "SELECT count(*), %s FROM people_classgroup WHERE org_id = %s"


def group(world: World, name: str) -> Statement:
    return insertion(ClassGroup(org=world.school_b, name=name, school_year=2023))


def test_each_sees_what_the_one_before_did_and_tells_its_first_row(world: World) -> None:
    org = world.school_b.pk
    before, made, renamed, after = together(
        Statement(COUNT, ["前 ' %", org]),
        group(world, "一班"),
        Statement("UPDATE people_classgroup SET name = %s WHERE org_id = %s", ["二班; --", org]),
        Statement(COUNT, ["后", org]),
    )
    assert (before, renamed, after) == ((0, "前 ' %"), None, (1, "后"))
    assert made is not None
    assert ClassGroup.objects.get(pk=made[0]).name == "二班; --"


def test_what_fails_leaves_nothing_of_those_before(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        together(group(world, "一班"), group(world, "一班"))
    assert not ClassGroup.objects.filter(org=world.school_b).exists()


def test_the_database_is_asked_once_where_it_takes_several(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        together(group(world, "一班"), group(world, "二班"))
    assert len(queries) == (1 if connection.vendor == "postgresql" else 2)
