"""Responsibility areas: a round is asked for, laid out for each place, walked by exception, and opens findings."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.places.actions import record_place
from houqin.core.places.models import Place
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.duties.generation import generate
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.rectify.models import Finding
from houqin.modules.inspections.actions.rounds import ask_round, end_round, walk_round
from houqin.modules.inspections.areas import areas_at
from houqin.modules.inspections.duties import PREFIX, checklist_of
from houqin.modules.inspections.models import AskedRound, Walk
from houqin.modules.inspections.tests.kept import make_checklist
from tests.world import NOON, TODAY, World

LATER = NOON + timedelta(days=1)
GIVEN: dict[str, Any] = {"use": "gate", "checklist": "kitchen", "every": "month", "why": "校务会决定"}


@pytest.fixture(autouse=True)
def _checklist(db: None) -> None:
    make_checklist()


@pytest.fixture
def gate(world: World) -> Place:
    return record_place(world.school_a, by=world.system, kind="room", use="gate", name="南门")


def asked(world: World, who: str = "gao", **more: Any) -> AskedRound:
    org = more.pop("org", world.school_a)
    return ask_round(org, by=world.viewer(who), **(GIVEN | more))


def duty_of(world: World, place: Place) -> Duty:
    """The duty that is laid out for the place."""
    generate(TODAY, TODAY + timedelta(days=40))
    return Duty.objects.filter(rule__startswith=PREFIX, about=place.subject, org=world.school_a).order_by("day")[0]


def open_duty(world: World, place: Place) -> Duty:
    """The same, open now."""
    found = duty_of(world, place)
    Duty.objects.filter(pk=found.pk).update(opens_at=NOON - timedelta(hours=1))
    return Duty.objects.get(pk=found.pk)


def test_a_round_is_asked_for_and_laid_out_for_each_place_for_who_answers(world: World, gate: Place) -> None:
    row = asked(world)
    assert (row.org, row.use, row.every) == (world.school_a, "gate", "month")
    found = duty_of(world, gate)
    assert (found.post, checklist_of(found.rule), found.state) == ("guard", "kitchen", DutyState.OPEN)
    assert AuditEntry.objects.filter(event="inspections.round_asked").count() == 1


def test_asked_again_nothing_changes_and_a_change_ends_the_one_before(world: World) -> None:
    first = asked(world)
    assert asked(world) == first
    second = asked(world, every="week")
    first.refresh_from_db()
    assert first.ended_at is not None
    assert AskedRound.objects.get(ended_at__isnull=True) == second


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"checklist": "no-such-list"}, "checklist"), ({"every": "meal"}, "every"), ({"post": "no-such-post"}, "post"),
        ({"why": " "}, "why"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_field(world: World, changed: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as caught:
        asked(world, **changed)
    assert caught.value.field == field
    assert not AskedRound.objects.exists()


def test_a_place_use_that_does_not_exist_and_who_may_not(world: World) -> None:
    with pytest.raises(NotVisible):
        asked(world, use="no-such-use")
    for who in ("wu", "hu", "eve"):
        with pytest.raises((PermissionDenied, NotVisible)):
            asked(world, who)
    assert not AskedRound.objects.exists()


def test_a_school_may_ask_for_more_often_than_its_office_never_for_less(world: World, gate: Place) -> None:
    office = asked(world, "bo", org=world.town)
    with pytest.raises(Refused, match="柳河镇") as caught:
        asked(world, every="term")
    assert caught.value.field == "every"
    own = asked(world, every="week")
    other = record_place(world.school_b, by=world.system, kind="room", use="gate", name="正门")
    generate(TODAY, TODAY + timedelta(days=40))
    later = Duty.objects.filter(rule__startswith=PREFIX, opens_at__gt=NOON)
    rules = {
        place.name: {one.rule.rpartition(":")[2] for one in later.filter(about=place.subject)}
        for place in (gate, other)
    }
    assert rules == {"南门": {own.public_id.hex[-8:]}, "正门": {office.public_id.hex[-8:]}}


def test_ended_no_duty_is_laid_out_any_more(world: World, gate: Place) -> None:
    row = asked(world, every="week")
    generate(TODAY, TODAY + timedelta(days=7))
    later = Duty.objects.filter(rule__startswith=PREFIX, opens_at__gt=NOON)
    assert later.exists()
    end_round(row, by=world.viewer("gao"), why="改由台账覆盖")
    assert not later.exists()
    with pytest.raises(Refused):
        end_round(row, by=world.viewer("gao"), why="再来一次")
    again = asked(world)
    with pytest.raises(Refused) as caught:
        end_round(again, by=world.viewer("gao"), why="")
    assert caught.value.field == "why"
    with pytest.raises((PermissionDenied, NotVisible)):
        end_round(again, by=world.viewer("hu"), why="不是我的")


def test_walked_in_order_the_duty_is_done_and_nothing_is_found(world: World, gate: Place) -> None:
    asked(world)
    row = open_duty(world, gate)
    made = walk_round(row, by=world.viewer("wu"), failed={}, values={"cold": Decimal("4.0")})
    row.refresh_from_db()
    assert (row.state, row.evidence_id) == (DutyState.DONE, made.public_id)
    assert (made.asked, made.failed, made.values, made.version) == (5, {}, {"cold": "4.0"}, 1)
    assert not Finding.objects.exists()
    with pytest.raises(Refused):
        walk_round(row, by=world.viewer("wu"), failed={})
    assert Walk.objects.count() == 1


def test_what_is_wrong_opens_a_finding_of_the_place_and_a_figure_out_of_limits_too(world: World, gate: Place) -> None:
    asked(world)
    row = open_duty(world, gate)
    made = walk_round(row, by=world.viewer("wu"), failed={"floor": "积水"}, values={"cold": Decimal("12.5")})
    assert made.failed == {"floor": "积水", "cold": ""}
    found = {one.topic: one for one in Finding.objects.all()}
    assert set(found) == {"kitchen.floor", "kitchen.cold"}
    assert found["kitchen.floor"].about == gate.subject
    assert "12.5" in found["kitchen.cold"].detail
    assert found["kitchen.floor"].causes.get().address == reverse("inspections:rounds-detail", args=[made.public_id])


def test_an_item_that_the_list_does_not_ask_is_refused_and_nothing_changes(world: World, gate: Place) -> None:
    asked(world)
    row = open_duty(world, gate)
    for given in ({"failed": {"no-such": ""}}, {"failed": {}, "values": {"floor": Decimal(1)}}):
        with pytest.raises(NotVisible):
            walk_round(row, by=world.viewer("wu"), **given)
    with pytest.raises((PermissionDenied, NotVisible)):
        walk_round(row, by=world.viewer("hu"), failed={})
    assert not Walk.objects.exists()


def test_before_its_time_it_is_not_walked(world: World, gate: Place) -> None:
    asked(world)
    row = duty_of(world, gate)
    Duty.objects.filter(pk=row.pk).update(opens_at=LATER, due_at=LATER + timedelta(days=1))
    with pytest.raises(Refused):
        walk_round(Duty.objects.get(pk=row.pk), by=world.viewer("wu"), failed={})


def test_areas_without_a_checklist_are_on_a_list(world: World, gate: Place) -> None:
    record_place(world.school_a, by=world.system, kind="room", name="杂物间")
    lines, unnamed = areas_at(world.school_a, world.viewer("gao"))
    assert [line.use.code for line in lines if line.is_bare] == ["gate"]
    assert unnamed == 1
    own = asked(world)
    (line,) = areas_at(world.school_a, world.viewer("gao"))[0]
    assert (line.is_bare, line.own, line.places, line.post) == (False, own, 1, "guard")


def test_the_page_asks_ends_and_walks(world: World, gate: Place, client: Client) -> None:
    client.force_login(world.gao)
    page = client.get(reverse("inspections:areas")).content.decode()
    assert "南门" not in page
    assert "校门与门卫室" in page
    url = reverse("inspections:area-ask", args=["gate"])
    answer = client.post(url, {"checklist": "kitchen", "every": "month", "post": "", "why": "校务会", "_key": "k1"})
    assert answer.status_code == 302
    assert AskedRound.objects.get().why == "校务会"
    assert client.post(url, {"checklist": "kitchen", "every": "meal", "why": "", "_key": "k2"}).status_code == 422
    row = open_duty(world, gate)
    client.force_login(world.wu)
    walk = reverse("inspections:walk", args=[row.pk])
    assert "项目floor" in client.get(walk).content.decode()
    answer = client.post(walk, {"words-floor": "积水", "value-cold": "4", "_key": "k3"})
    made = Walk.objects.get()
    assert answer["Location"] == reverse("inspections:rounds-detail", args=[made.public_id])
    assert made.failed == {"floor": "积水"}
    assert "积水" in client.get(answer["Location"]).content.decode()
    client.force_login(world.gao)
    end = reverse("inspections:area-end", args=["gate"])
    assert client.post(end, {"why": "不再需要", "_key": "k4"}).status_code == 302
    assert client.get(end).status_code == 404


def test_the_page_of_areas_takes_as_many_queries_for_one_place_as_for_thirty(
    world: World, gate: Place, client: Client
) -> None:
    asked(world)
    client.force_login(world.gao)
    client.get(reverse("inspections:areas"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("inspections:areas"))
    for number in range(30):
        use = ["gate", "toilet", "nap-room", "laboratory"][number % 4]
        record_place(world.school_a, by=world.system, kind="room", use=use, name=f"房{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("inspections:areas"))
    assert len(many) <= len(few)
