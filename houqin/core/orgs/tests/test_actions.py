"""Deeds on the tree."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection

from houqin.core.audit.models import AuditEntry
from houqin.core.orgs import actions
from houqin.core.orgs.models import Kind, OrgUnit, SchoolFacts, Succession
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import subtree, system_viewer

pytestmark = pytest.mark.django_db
PATH = "湖北省/襄阳市/襄州区/双南镇"


def test_a_path_is_made_once() -> None:
    by = system_viewer()
    town = actions.ensure_path(PATH, by=by)
    assert [unit.name for unit in town.chain()] == PATH.split("/")
    assert [unit.kind for unit in town.chain()] == ["province", "city", "district", "town"]
    assert town.path == "0001" * 4
    assert actions.ensure_path(PATH, by=by) == town
    assert OrgUnit.objects.count() == 4
    assert AuditEntry.objects.filter(event="orgs.unit_opened").count() == 4


def test_siblings_get_paths_in_order() -> None:
    by = system_viewer()
    actions.ensure_path(PATH, by=by)
    other = actions.ensure_path("湖北省/襄阳市/襄州区/黄集镇", by=by)
    assert other.path == "0001" * 3 + "0002"


@pytest.mark.parametrize("path", ["", "a/b/c/d/e/f"])
def test_a_path_of_the_wrong_length_is_refused(path: str) -> None:
    with pytest.raises(Refused):
        actions.ensure_path(path, by=system_viewer())
    assert not OrgUnit.objects.exists()


def test_a_school_is_opened_with_a_checked_code(world) -> None:
    by = world.viewer("bo")
    school = actions.open_unit(world.town, by=by, kind=Kind.SCHOOL, name="新柳小学", code="2142978801")
    assert school.path == world.town.path + "0003"
    for code, word in (("9942978801", "kind"), ("2199978801", "province"), ("21429788", "digits")):
        with pytest.raises(Refused) as refusal:
            actions.open_unit(world.town, by=by, kind=Kind.SCHOOL, name=f"学校{word}", code=code)
        assert refusal.value.field == "code"
    with pytest.raises(Refused):
        actions.open_unit(world.town, by=by, kind=Kind.SCHOOL, name="另一所", code="2142978801")
    assert OrgUnit.objects.filter(parent=world.town).count() == 3


@pytest.mark.parametrize(("who", "error"), [("chen", NotVisible), ("gao", NotVisible), ("bai", PermissionDenied)])
def test_who_may_not_open_changes_nothing(world, who: str, error: type[Exception]) -> None:
    before = OrgUnit.objects.count()
    with pytest.raises(error):
        actions.open_unit(world.town, by=world.viewer(who), kind=Kind.SCHOOL, name="新柳小学")
    assert OrgUnit.objects.count() == before
    assert not AuditEntry.objects.exists()


def test_a_school_cannot_stand_under_a_school(world) -> None:
    with pytest.raises(Refused):
        actions.open_unit(world.school_a, by=world.viewer("op"), kind=Kind.SCHOOL, name="校中校")


def test_merging_closes_and_keeps_history(world) -> None:
    by = world.viewer("bo")
    actions.merge_units([world.school_b], by=by, into=world.school_a, on=date(2024, 3, 4), reason="布局调整")
    world.school_b.refresh_from_db()
    assert world.school_b.closed_on == date(2024, 3, 4)
    assert list(world.school_a.came_from.values_list("before__name", "how")) == [("柳河初级中学", "merged")]
    assert SchoolFacts.objects.filter(org=world.school_b).exists()
    with pytest.raises(Refused):
        actions.merge_units([world.school_b], by=by, into=world.school_a, on=date(2024, 3, 5), reason="again")
    assert Succession.objects.count() == 1


def test_splitting_opens_the_new_ones_beside_it(world) -> None:
    made = actions.split_unit(
        world.school_a,
        by=world.viewer("bo"),
        names=["东校", "西校"],
        on=date(2024, 9, 1),
        reason="学位不足",
        close=True,
    )
    assert [unit.parent for unit in made] == [world.town, world.town]
    world.school_a.refresh_from_db()
    assert not world.school_a.is_open


def test_an_office_with_open_schools_is_not_closed(world) -> None:
    with pytest.raises(Refused):
        actions.close_unit(world.town, by=world.viewer("op"), on=date(2024, 3, 4), reason="x")
    world.town.refresh_from_db()
    assert world.town.is_open


def test_facts_hold_from_their_day(world) -> None:
    by = world.viewer("gao")
    actions.record_school_facts(world.school_a, by=by, valid_from=date(2024, 2, 1), enrolment=320)
    again = actions.record_school_facts(world.school_a, by=by, valid_from=date(2024, 2, 20), enrolment=320)
    assert again.valid_from == date(2024, 2, 1)
    held = {
        day: SchoolFacts.objects.in_force(day).get(org=world.school_a) for day in (date(2024, 1, 1), date(2024, 3, 1))
    }
    assert [facts.enrolment for facts in held.values()] == [300, 320]
    assert held[date(2024, 3, 1)].boarders == 100
    assert SchoolFacts.objects.in_force(date(2020, 1, 1)).get(org=world.school_a).enrolment == 300


def test_more_boarders_than_pupils_are_refused(world) -> None:
    with pytest.raises(Refused) as refusal:
        actions.record_school_facts(world.school_a, by=world.viewer("gao"), valid_from=date(2024, 2, 1), boarders=301)
    assert refusal.value.field == "boarders"
    assert SchoolFacts.objects.filter(org=world.school_a).count() == 1


def test_the_database_refuses_two_open_units_of_one_name(world) -> None:
    with pytest.raises(IntegrityError):
        OrgUnit.objects.create(parent=world.town, kind="school", name="柳河中心小学", path=world.town.path + "0009")


def test_a_subtree_is_an_index_search_at_province_size(world) -> None:
    """20,000 schools and 41,352 towns: both databases search the path index, neither scans the table."""
    units = [
        OrgUnit(kind=Kind.TOWN, name=f"镇{n}", path=f"0009{n // 9000 + 1:04d}{n % 9000 + 1:04d}") for n in range(41_352)
    ]
    units += [
        OrgUnit(kind=Kind.SCHOOL, name=f"校{n}", path=f"0009{n // 9000 + 1:04d}{n % 9000 + 1:04d}0001")
        for n in range(20_000)
    ]
    OrgUnit.objects.bulk_create(units, batch_size=5000)
    low, high = subtree("000900010007")
    rows = OrgUnit.objects.filter(path__gte=low, path__lt=high)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = rows.order_by().explain().lower()
    assert rows.count() == 2
    assert "index" in plan
    assert "seq scan" not in plan
    assert "scan orgs_orgunit" not in plan
