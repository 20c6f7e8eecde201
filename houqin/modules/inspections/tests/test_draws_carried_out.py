"""What was committed is drawn, whatever happened meanwhile: a school that cannot be planned is passed over with its reason."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.planning import Brief, end_campaign, plan_campaign, start_campaign
from houqin.modules.inspections.models import Draw
from houqin.modules.inspections.tests.kept import make_checklist
from tests.world import NOON, TODAY, World, make_account


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


def committed(world: World, kind: str = "routine") -> Draw:
    """Both schools of the town, to be inspected by Bo and Bai, or by each other."""
    by = world.viewer("bo")
    if kind == "cross":
        for school in (world.school_a, world.school_b):
            for number in (1, 2):
                one = make_account(f"{school.path}-{number}", f"{school.name}{number}", "principal", school)
                register_inspector(world.town, by=by, account=one)
    else:
        for account in (world.bo, world.bai):
            register_inspector(world.town, by=by, account=account)
    brief = Brief(kind, "春季检查", ["kitchen"], TODAY, TODAY + timedelta(days=11))
    row = start_campaign(plan_campaign(world.town, by=by, brief=brief), by=by)
    return commit_draw(row, by=by, wanted=2)


def passed_over(drawn: Draw) -> list[str]:
    entry = AuditEntry.objects.get(event="inspections.drawn", subject_id=str(drawn.public_id))
    assert entry.detail["skipped"] == len(entry.detail.get("passed_over", []))
    return list(entry.detail.get("passed_over", []))


def test_nobody_is_passed_over_when_nothing_happened(world: World) -> None:
    drawn = draw(committed(world), by=world.viewer("bo"))
    assert passed_over(drawn) == []
    assert drawn.visits.count() == 2


def test_an_inspector_who_moved_to_a_drawn_school_does_not_hold_up_the_draw(world: World, client: Client) -> None:
    made = committed(world)
    Account.objects.filter(pk=world.bai.pk).update(home=world.school_a)
    drawn = draw(made, by=world.viewer("bo"))
    assert drawn.drawn_at == NOON
    assert [one.org for one in drawn.visits.all()] == [world.school_b]
    (why,) = passed_over(drawn)
    assert world.school_a.name in why
    assert world.bai.display_name in why
    client.force_login(world.bo)
    assert why in client.get(reverse("inspections:draws-detail", args=[drawn.public_id])).content.decode()


def test_a_checklist_that_is_in_force_no_more_does_not_hold_it_up(world: World) -> None:
    made = committed(world)
    CatalogueItem.objects.filter(code="kitchen").update(effective_to=TODAY - timedelta(days=1))
    drawn = draw(made, by=world.viewer("bo"))
    assert (drawn.drawn_at, drawn.visits.count(), len(passed_over(drawn))) == (NOON, 0, 2)
    assert end_campaign(drawn.campaign, by=world.viewer("bo")).ended_at == NOON


@pytest.mark.parametrize("change", [{"closed_on": TODAY}, {"path": "0001000900010001"}])
def test_a_school_that_closed_or_moved_away_does_not_hold_it_up(world: World, change: dict[str, object]) -> None:
    made = committed(world)
    OrgUnit.objects.filter(pk=world.school_b.pk).update(**change)
    drawn = draw(made, by=world.viewer("bo"))
    assert [one.org for one in drawn.visits.all()] == [world.school_a]
    assert world.school_b.name in passed_over(drawn)[0]


def test_a_checking_school_that_closed_does_not_hold_it_up(world: World) -> None:
    made = committed(world, "cross")
    OrgUnit.objects.filter(pk=world.school_b.pk).update(closed_on=TODAY)
    drawn = draw(made, by=world.viewer("bo"))
    assert (drawn.drawn_at, drawn.visits.count(), len(passed_over(drawn))) == (NOON, 0, 2)
