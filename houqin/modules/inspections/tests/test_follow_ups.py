"""回头看: a follow-up goes first to where findings of the office are open, and shows them with the way to their recheck."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from houqin.flows.rectify.actions.opening import Found, open_finding
from houqin.flows.rectify.models import Finding, FindingState
from houqin.modules.inspections import verify_draw
from houqin.modules.inspections.actions.drawing import commit_draw, draw
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.planning import Brief, plan_campaign, start_campaign
from houqin.modules.inspections.candidates import listing_of, schools_for
from houqin.modules.inspections.models import Campaign, Visit, VisitState
from houqin.modules.inspections.progress import record_of
from houqin.modules.inspections.tests.kept import make_checklist, planned
from houqin.modules.inspections.words import reason_words
from tests.world import NOON, TODAY, World


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


def campaign(world: World, kind: str = "follow_up") -> Campaign:
    """Of the town's office, with two inspectors."""
    by = world.viewer("bo")
    for account in (world.bo, world.bai):
        register_inspector(world.town, by=by, account=account)
    brief = Brief(kind, "整改回头看", ["kitchen"], TODAY, TODAY + timedelta(days=11))
    return start_campaign(plan_campaign(world.town, by=by, brief=brief), by=by)


def left_open(world: World, who: str = "bo") -> Finding:
    """A finding at school B, of the town's office."""
    unit = world.town if who == "bo" else world.school_b
    return open_finding(world.school_b, by=world.viewer(who), found=Found("地面有积水"), unit=unit, ordered=True)


def firsts(row: Campaign, world: World) -> dict[str, tuple[bool, bool]]:
    """Of each school whether it is drawn first, and whether the reason says that findings are open."""
    listing = listing_of(row, wanted=1, per_visit=2, by=world.viewer("bo"))
    return {one.name: (one.first, "followed" in one.why) for one in listing.schools}


def test_schools_with_open_findings_of_the_office_come_first_with_the_reason(world: World) -> None:
    found, row = left_open(world), campaign(world)
    assert firsts(row, world) == {world.school_a.name: (False, False), world.school_b.name: (True, True)}
    drawn = draw(commit_draw(row, by=world.viewer("bo"), wanted=1), by=world.viewer("bo"))
    assert [one.org for one in drawn.visits.all()] == [world.school_b]
    assert verify_draw.check(record_of(drawn)) == []
    Finding.objects.filter(pk=found.pk).update(state=FindingState.CLOSED, closed_at=NOON)
    assert {name for name, (_first, why) in firsts(row, world).items() if why} == set()


def test_what_a_school_found_itself_and_other_kinds_of_campaigns_bring_nothing(world: World) -> None:
    left_open(world, "hu")
    assert all(not why for _first, why in firsts(campaign(world), world).values())
    left_open(world)
    Campaign.objects.update(kind="routine")
    assert all(not why for _first, why in firsts(Campaign.objects.get(), world).values())


def test_it_goes_again_to_where_findings_are_open_after_a_visit(world: World) -> None:
    left_open(world)
    row = campaign(world)
    done = {"state": VisitState.SIGNED, "began_at": NOON, "signed_at": NOON, "day": TODAY, "content": "{}"}
    for school in (world.school_a, world.school_b):
        Visit.objects.create(org=school, campaign=row, office=world.town, kind=row.kind, **done)
    assert schools_for(row, TODAY) == [world.school_b]
    Visit.objects.create(org=world.school_b, campaign=row, office=world.town, kind=row.kind)
    assert schools_for(row, TODAY) == []


def test_the_reason_is_said_without_lots() -> None:
    (words,) = reason_words({"followed": (2, 0)})
    assert "2" in words
    assert "+0" not in words


def test_the_visit_and_its_sheet_show_what_is_looked_at_again(world: World, client: Client) -> None:
    found = left_open(world)
    link = reverse("rectify:findings-detail", args=[found.public_id])
    client.force_login(world.bo)
    for kind, shown in (("follow_up", True), ("routine", False)):
        row = planned(world, org=world.school_b, kind=kind)
        for name in ("visits-detail", "visits-sheet"):
            page = client.get(reverse(f"inspections:{name}", args=[row.public_id])).content.decode()
            assert (link in page) == shown, (kind, name)
