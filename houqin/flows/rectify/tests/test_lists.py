"""The three lists, the notice, the page at a glance: the same findings, in counts that open their rows."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from houqin.flows.rectify import campaigns
from houqin.flows.rectify.actions import checking, ordering
from houqin.flows.rectify.actions.opening import Found, Source, open_finding
from houqin.flows.rectify.models import Finding, Severity
from houqin.flows.rectify.queries import counts, standings, weak_points
from houqin.flows.rectify.rules import A_YEAR
from houqin.flows.rectify.tests.test_findings import FIVE
from tests.world import NOON, PASSWORD, TODAY, World, make_school

DOOR = Found(
    "一号冷藏柜门不严", severity=Severity.GENERAL, topic="cold-store.door", post="storekeeper", standard="门封完好"
)


def found(world: World, org: Any = None, *, about: Found = DOOR, who: str = "op", **more: Any) -> Finding:
    return open_finding(org or world.school_a, by=world.viewer(who), found=about, ordered=True, **more)


def signed_in(name: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    assert client.login(username=name, password=PASSWORD)
    return client


def test_the_three_lists_tell_of_the_same_findings(world: World) -> None:
    row = found(world, place="一号冷藏柜")
    ordering.plan_rectification(row, by=world.viewer("gao"), post="storekeeper", five=FIVE, finish=row.due_on)
    client = signed_in("bo")
    pages = {
        name: client.get(f"/rectify/{name}/?print=1").content.decode()
        for name in ("problems", "responsibilities", "fixes")
    }
    assert all(row.number in page for page in pages.values())
    assert "门封完好" in pages["problems"]
    assert FIVE.contingency in pages["responsibilities"]
    assert FIVE.measures in pages["fixes"]


def test_a_list_goes_out_as_a_spreadsheet_for_one_campaign_and_period(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "_NAMES", [lambda viewer: [("c-1", "开学检查")]])
    found(world, source=Source("visit", "visit:1", NOON, "检查", campaign="c-1"))
    found(world, world.school_b)
    client = signed_in("bo")

    def numbers(query: str) -> list[Any]:
        answer = client.get(f"/rectify/problems/export/?format=xlsx&{query}")
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        return [line[2] for line in list(sheet.iter_rows(values_only=True))[1:]]

    assert numbers("campaign=c-1") == [world.school_a.name]
    assert len(numbers(f"day_after={TODAY}&day_before={TODAY}")) == 2
    assert numbers(f"day_before={TODAY - timedelta(days=1)}") == []
    assert numbers(f"org={world.school_b.pk}") == [world.school_b.name]


def test_a_notice_holds_one_finding_or_all_of_the_same_office(world: World) -> None:
    one = found(world, unit=world.town)
    two = found(world, unit=world.town, about=Found("地面有水"))
    own = found(world, about=Found("灯不亮"))
    client = signed_in("gao")
    alone = client.get(f"/rectify/findings/{one.public_id}/notice/").content.decode()
    assert (one.title in alone, two.title in alone) == (True, False)
    every = client.get(f"/rectify/findings/{one.public_id}/notice/?all=1").content.decode()
    assert (one.title in every, two.title in every, own.title in every) == (True, True, False)
    assert signed_in("hu").get(f"/rectify/findings/{one.public_id}/notice/").status_code == 404


def test_several_are_ordered_with_one_deadline_and_keep_their_severity(world: World) -> None:
    rows = [
        open_finding(world.school_a, by=world.viewer("gao"), found=Found(title, severity=severity))
        for title, severity in (("台面有水", Severity.MINOR), ("配电箱外露", Severity.SERIOUS))
    ]
    for row in rows:
        ordering.order_rectification(row, by=world.viewer("gao"), post="cook", until=TODAY + timedelta(days=1))
    assert [(row.severity, row.due_on) for row in Finding.objects.order_by("pk")] == [
        (1, TODAY + timedelta(days=1)), (3, TODAY + timedelta(days=1)),
    ]  # fmt: skip


def again(world: World, org: Any = None) -> None:
    row = found(world, org)
    head = "hu" if org == world.school_b else "gao"
    ordering.plan_rectification(row, by=world.viewer(head), post="storekeeper", five=FIVE, finish=row.due_on)
    checking.report_fixed(row, by=world.viewer(head), remark="换了")
    checking.pass_recheck(row, by=world.viewer("bo"))


def test_what_is_found_again_and_again_is_a_weak_point_of_its_school(world: World) -> None:
    again(world)
    found(world)
    found(world, world.school_b)
    (weak,) = weak_points(world.viewer("bo"), Q(), TODAY - A_YEAR, 10)
    assert (weak.org, weak.times, weak.open, weak.title) == (world.school_a, 2, 1, DOOR.title)
    assert len(signed_in("bo").get(weak.url).context["lines"]) == 2
    assert weak_points(world.viewer("hu"), Q(), TODAY - A_YEAR, 10) == []


def test_offices_see_the_oldest_overdue_first_and_no_ranking(world: World) -> None:
    for org, days in ((world.school_a, 2), (world.school_b, 9)):
        row = found(world, org)
        Finding.objects.filter(pk=row.pk).update(due_on=TODAY - timedelta(days=days))
    found(world)
    lines = standings(world.viewer("bo"), Q(), 5)
    assert [(one.org, one.open, one.overdue) for one in lines] == [(world.school_b, 1, 1), (world.school_a, 2, 1)]
    assert counts(world.viewer("bo"), Q()) == {"open": 3, "overdue": 2, "serious": 0, "supervised": 0, "reported": 0}
    assert counts(world.viewer("chen"), Q())["open"] == 0


@pytest.mark.parametrize("address", ["/rectify/glance/", "/rectify/problems/", "/rectify/responsibilities/", "/rectify/fixes/", "/rectify/findings/"])  # fmt: skip
def test_a_page_costs_the_same_for_few_and_many_schools(world: World, address: str) -> None:
    client = signed_in("bo")
    again(world)
    found(world)
    client.get(address)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    few = cost()
    for number in range(20, 30):
        school = make_school(world.town, f"学校{number}", number)
        found(world, school)
        found(world, school, place="二号柜")
    assert cost() == few
