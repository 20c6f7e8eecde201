"""What people report and what they are told, what waits for an order, and that nobody eases what binds them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from houqin.core.people.actions.pins import set_pin
from houqin.core.policies.actions import set_policy
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.tests.asking import local
from houqin.flows.rectify.actions import checking, opening, ordering
from houqin.flows.rectify.actions.climbing import tell_next_levels
from houqin.flows.rectify.actions.opening import Found, Heard, Source
from houqin.flows.rectify.models import Cause, CauseKind, Climb, Finding, FindingState, Severity
from houqin.flows.rectify.policies import EVERY_DAY_FROM, ORDER_DAYS
from houqin.flows.rectify.queries import to_fix
from tests.world import NOON, PASSWORD, TODAY, World

HAIR = Found("饭里有头发", severity=Severity.GENERAL)
CALL = Heard(CauseKind.COMPLAINT, "家长来电", "12345-0304-7")
CAKE = Found("面点间没有纱窗", severity=Severity.GENERAL)
PIN = "314159"


def reported(world: World, who: str = "bo", **more: Any) -> Finding:
    return opening.report_finding(world.school_a, by=world.viewer(who), found=more.pop("found", HAIR), **more)


def day(number: int, hour: int = 9) -> Any:
    return system_viewer(now=local(date(2024, 3, number), hour))


def test_a_complaint_is_written_down_with_where_it_came_from(world: World) -> None:
    row = reported(world, heard=CALL, place="一楼餐厅")
    assert (row.state, row.found_org, row.check_org) == (FindingState.ORDERED, world.town, world.town)
    cause = row.causes.get()
    assert (cause.kind, cause.label, cause.key) == ("complaint", "家长来电 12345-0304-7", "complaint:12345-0304-7")
    assert reported(world, "bai", heard=CALL) == row
    assert Finding.objects.count() == Cause.objects.count() == 1


def test_two_complaints_without_a_number_are_two(world: World) -> None:
    rows = {reported(world, heard=Heard(CauseKind.COMPLAINT, "家长来电")) for _time in range(2)}
    assert len(rows) == 2


def test_what_a_school_reports_itself_waits_for_its_head(world: World) -> None:
    row = reported(world, "lin", heard=Heard(CauseKind.COMPLAINT, "家长到校反映"))
    assert (row.state, row.found_org, row.due_on) == (FindingState.FOUND, world.school_a, None)


@pytest.mark.parametrize("heard", [Heard(CauseKind.COMPLAINT, " "), Heard(CauseKind.LEDGER, "冰箱"), Heard(CauseKind.DUTY, "x")])  # fmt: skip
def test_nobody_writes_by_hand_what_a_record_tells(world: World, heard: Heard) -> None:
    with pytest.raises(Refused):
        reported(world, heard=heard)
    assert not Finding.objects.exists()


@pytest.mark.parametrize("kind", CauseKind.values)
def test_every_source_goes_through_the_same_door_once(world: World, kind: str) -> None:
    source = Source(kind, f"{kind}:1", NOON, "记录")
    rows = {
        opening.open_finding(world.school_a, by=world.system, found=HAIR, source=source, ordered=True)
        for _time in range(2)
    }
    assert len(rows) == Finding.objects.count() == Cause.objects.filter(kind=kind).count() == 1


def test_the_form_asks_how_it_came_to_light(world: World) -> None:
    client = Client()
    client.login(username="bo", password=PASSWORD)
    address = reverse("rectify:findings-new")
    sent = {"org": world.school_a.pk, "what": "饭里有头发", "how": "2", "came": "complaint"}
    assert client.post(address, sent).status_code == 422
    assert not Finding.objects.exists()
    assert client.post(address, sent | {"told": "家长来电"}).status_code == 302
    page = client.get(reverse("rectify:findings") + "?came=complaint").content.decode()
    assert "饭里有头发" in page
    assert "饭里有头发" not in client.get(reverse("rectify:findings") + "?came=visit").content.decode()


def test_what_nobody_orders_is_ordered_by_itself_and_can_then_be_late(world: World) -> None:
    row = reported(world, "lin")
    own = opening.open_finding(world.school_b, by=world.viewer("hu"), found=HAIR)
    set_policy(world.school_a, by=world.viewer("gao"), code=ORDER_DAYS, value=1, reason="从严")
    assert ordering.order_waiting(by=day(4)) == 0
    assert ordering.order_waiting(by=day(5)) == 1
    row.refresh_from_db()
    assert (row.state, row.due_on, row.check_org) == (FindingState.ORDERED, date(2024, 3, 12), world.school_a)
    assert list(to_fix(world.viewer("gao"))) == [row]
    assert ordering.order_waiting(by=day(5)) == 0
    assert ordering.order_waiting(by=day(6)) == 1
    own.refresh_from_db()
    assert own.state == FindingState.ORDERED
    assert tell_next_levels(by=day(13)) == 1
    with pytest.raises(Refused):
        ordering.order_waiting(by=world.viewer("gao"))


# found on, severity from which rest days count, days allowed (general), the day by which it is put right
CALENDAR = [
    ("2024-02-08", 2, "2024-02-13"), ("2024-02-08", 3, "2024-02-21"), ("2024-02-08", 4, "2024-02-21"),
    ("2024-09-28", 2, "2024-10-03"), ("2024-09-28", 4, "2024-10-10"), ("2024-03-08", 1, "2024-03-13"),
]  # fmt: skip


@pytest.mark.parametrize(("found_on", "from_", "due"), CALENDAR)
def test_local_rules_say_from_when_on_rest_days_count(world: World, found_on: str, from_: int, due: str) -> None:
    if from_ < 4:
        set_policy(world.town, by=world.viewer("bo"), code=EVERY_DAY_FROM, value=from_, reason="从严")
    by = world.viewer("gao", local(date.fromisoformat(found_on), 9))
    row = opening.open_finding(world.school_a, by=by, found=HAIR, ordered=True)
    assert row.due_on == date.fromisoformat(due)


def test_whoever_is_bound_by_an_order_does_not_ease_it(world: World) -> None:
    row = reported(world, found=Found("配电箱外露", severity=Severity.SERIOUS))
    order = {"post": "logistics-director", "until": row.due_on}
    for harder in ({"until": row.due_on + timedelta(days=1)}, {"severity": Severity.GENERAL}):
        with pytest.raises(Refused):
            ordering.order_rectification(row, by=world.viewer("gao"), **order | harder)
    unchanged = Finding.objects.get()
    assert (unchanged.due_on, unchanged.severity, unchanged.post) == (row.due_on, Severity.SERIOUS, "")
    ordering.order_rectification(row, by=world.viewer("gao"), **order)
    assert Finding.objects.get().post == "logistics-director"
    eased = ordering.order_rectification(row, by=world.viewer("bo"), **order | {"severity": Severity.GENERAL})
    assert eased.severity == Severity.GENERAL


def test_an_overdue_one_is_given_to_another_post_and_climbs_on(world: World) -> None:
    row = opening.open_finding(world.school_a, by=world.viewer("gao"), found=HAIR, ordered=True)
    assert tell_next_levels(by=day(12)) == 1
    gao = world.viewer("gao", local(date(2024, 3, 12), 10))
    ordering.order_rectification(row, by=gao, post="cook", until=row.due_on)
    assert tell_next_levels(by=day(14)) == 1
    assert list(Climb.objects.order_by("pk").values_list("level", flat=True)) == [1, 2]


def test_weighed_as_a_serious_hazard_the_office_above_looks_again(world: World) -> None:
    row = opening.open_finding(world.school_a, by=world.viewer("gao"), found=HAIR, ordered=True)
    ordering.order_rectification(row, by=world.viewer("gao"), post="cook", until=TODAY, severity=Severity.SERIOUS)
    assert Finding.objects.get().check_org == world.town


def signing(world: World, name: str) -> Any:
    set_pin(by=world.viewer(name), pin=PIN)
    account = getattr(world, name)
    account.refresh_from_db()
    return account


def test_what_an_office_found_is_countersigned_by_the_office(world: World) -> None:
    row = reported(world, found=CAKE)
    for name in ("gao", "du"):
        with pytest.raises(Refused):
            checking.fix_on_the_spot(
                row, by=world.viewer("an"), witness=signing(world, name), pin=PIN, remark="装了纱窗"
            )
    assert Finding.objects.get().state == FindingState.ORDERED
    done = checking.fix_on_the_spot(
        row, by=world.viewer("an"), witness=signing(world, "bai"), pin=PIN, remark="装了纱窗"
    )
    assert (done.state, done.looks.last().account) == (FindingState.CLOSED, world.bai)


def test_a_parent_countersigns_nothing(world: World) -> None:
    row = reported(world, "lin", found=CAKE)
    with pytest.raises(Refused):
        checking.fix_on_the_spot(row, by=world.viewer("an"), witness=signing(world, "du"), pin=PIN, remark="装了纱窗")
    assert Finding.objects.get().state == FindingState.FOUND
