"""Boards and monthly reports: the figures of what stands in the tables, for whom they are, and nothing of what is secret."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from houqin.core.audit.models import AuditEntry
from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import SchoolFacts
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.flows.duties.boards import may_see_rates
from houqin.flows.indicators.alike import called
from houqin.flows.indicators.jobs import first_to_fill
from houqin.flows.indicators.reading import Amount, figures
from houqin.flows.indicators.storing import fill
from houqin.flows.rectify.indicators import DAYS, IN_TIME, REPEATED
from houqin.flows.rectify.models import Climb, Finding, FindingState, Look, Severity
from houqin.modules.inspections.actions.reporting import issue_report
from houqin.modules.inspections.indicators import COVERED
from houqin.modules.inspections.models import Report, Visit
from houqin.modules.inspections.queries.boards import board
from houqin.modules.inspections.queries.reporting import content_of
from houqin.modules.inspections.secrecy import schools_of_rates
from houqin.modules.inspections.today import reports_to_issue
from tests.world import NOON, TODAY, World, make_account, make_school

A_DAY = timedelta(days=1)
FIRST = TODAY.replace(day=1)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=10)


def found(world: World, day: date, org: Any = None, **more: Any) -> Finding:
    """A finding straight into the table: found on a day, due five days later."""
    school = org or world.school_a
    given = {
        "severity": Severity.GENERAL,
        "state": FindingState.ORDERED,
        "due_on": day + A_DAY * 5,
        "title": "柜门不严",
    } | more
    number = f"WT-{day:%Y%m%d}-{Finding.objects.count():04d}"
    row: Finding = Finding.objects.create(
        org=school, found_org=given.pop("found_org", world.town), number=number, day=day, found_at=at(day), **given
    )
    return row


def closed(world: World, day: date, fixed: date, on: date, **more: Any) -> Finding:
    """One that was reported as put right on a day and closed on another."""
    row = found(world, day, state=FindingState.CLOSED, closed_at=at(on), **more)
    Look.objects.create(finding=row, kind=Look.Kind.FIXED, at=at(fixed), unit=row.org)
    return row


def visited(world: World, day: date, org: Any = None, **more: Any) -> Visit:
    """A visit that is signed."""
    given = {
        "kind": "routine",
        "office": world.town,
        "state": "signed",
        "began_at": at(day),
        "signed_at": at(day),
        "content": "{}",
    } | more
    row: Visit = Visit.objects.create(org=org or world.school_a, day=day, number=f"JC-{Visit.objects.count()}", **given)
    return row


def test_rates_are_those_of_the_rows(world: World) -> None:
    closed(world, TODAY - A_DAY * 9, TODAY - A_DAY * 5, TODAY - A_DAY * 3)
    closed(world, TODAY - A_DAY * 8, TODAY - A_DAY * 2, TODAY - A_DAY * 2)
    found(world, TODAY - A_DAY * 8, nth=2, state=FindingState.REPORTED)
    found(world, TODAY - A_DAY * 8, state=FindingState.VOID, closed_at=NOON)
    visited(world, TODAY - A_DAY * 20)
    visited(world, TODAY - A_DAY * 2, world.school_b, kind="self")
    fill(TODAY - A_DAY * 10, TODAY - A_DAY)
    a, town = world.school_a.pk, world.town.pk
    both = figures([a, town], TODAY - A_DAY * 10, TODAY - A_DAY)
    assert both[a, None][IN_TIME] == Amount(1, 3)
    assert both[a, None][DAYS] == Amount(12, 2)
    assert both[a, None][REPEATED] == Amount(1, 3)
    assert both[a, None][COVERED] == Amount(1, 1)
    assert both[town, None][COVERED] == Amount(1, 2)


def test_what_is_sent_back_weeks_later_was_not_in_time(world: World) -> None:
    """Reported on the day that it was due, sent back ten days later: the night after, the due day says so."""
    row = found(world, TODAY - A_DAY * 20, state=FindingState.REPORTED)
    Look.objects.create(finding=row, kind=Look.Kind.FIXED, at=at(row.due_on), unit=row.org)
    fill(first_to_fill(row.due_on), row.due_on)
    due = (row.due_on, row.due_on)
    assert figures([world.school_a.pk], *due)[world.school_a.pk, None][IN_TIME] == Amount(1, 1)
    Look.objects.create(finding=row, kind=Look.Kind.RETURNED, at=at(row.due_on + A_DAY * 10), unit=world.town)
    Finding.objects.filter(pk=row.pk).update(state=FindingState.ORDERED)
    fill(first_to_fill(row.due_on + A_DAY * 10), row.due_on + A_DAY * 10)
    assert figures([world.school_a.pk], *due)[world.school_a.pk, None][IN_TIME] == Amount(0, 1)


def test_open_findings_by_severity_and_age(world: World) -> None:
    found(world, TODAY)
    found(world, TODAY - A_DAY * 7, severity=Severity.SERIOUS)
    found(world, TODAY - A_DAY * 8)
    found(world, TODAY - A_DAY * 40, world.school_b)
    found(world, TODAY - A_DAY * 100, state=FindingState.REPORTED)
    closed(world, TODAY - A_DAY * 9, TODAY, TODAY)
    lines = {line.severity: line for line in board(world.viewer("bo"), world.town, FIRST, TODAY).open}
    assert [cell.count for cell in lines[Severity.GENERAL].cells] == [1, 1, 1, 1]
    assert lines[Severity.GENERAL].overdue.count == 2
    assert [cell.count for cell in lines[Severity.SERIOUS].cells] == [1, 0, 0, 0]
    own = board(world.viewer("gao"), world.school_a, FIRST, TODAY)
    assert own.total("all") == 4
    assert own.units == []


def test_what_is_counted_is_what_the_list_opens(world: World, client: Client) -> None:
    for number in (0, 3, 8, 40, 95):
        found(world, TODAY - A_DAY * number, severity=Severity.SERIOUS if number == 3 else Severity.GENERAL)
    client.force_login(world.bo)
    lines = board(world.viewer("bo"), world.town, FIRST, TODAY).open
    for line in lines:
        for cell in [*line.cells, line.all]:
            rows = client.get(cell.url).context["table"].data.data
            assert len(rows) == cell.count, cell.url


def test_every_figure_opens_the_rows_that_it_counts(world: World, client: Client) -> None:
    """Of the whole office, and of schools of one kind; what was taken back is in neither."""
    day_school = make_school(world.town, "走读小学", 9, boarders=0)
    for school in (world.school_a, day_school, day_school):
        closed(world, TODAY - A_DAY * 20, TODAY - A_DAY * 12, TODAY - A_DAY * 10, org=school)
        found(world, TODAY - A_DAY * 9, school, nth=2)
    found(world, TODAY - A_DAY * 9, day_school, nth=2, state=FindingState.VOID, closed_at=NOON)
    visited(world, TODAY - A_DAY * 300, day_school)
    visited(world, TODAY - A_DAY * 5, day_school)
    visited(world, TODAY - A_DAY * 5, world.school_a, kind="self")
    first, last = TODAY - A_DAY * 30, TODAY - A_DAY
    fill(first, last)
    client.force_login(world.bo)

    def rows(url: str) -> list[Any]:
        return list(client.get(url).context["table"].data.data)

    page = board(world.viewer("bo"), world.town, first, last)
    for change in page.changes:
        code, now = change.indicator.code, change.now
        if code in {IN_TIME, DAYS, REPEATED}:
            assert len(rows(change.url)) == (now.amount if code == REPEATED else now.of) > 0, code
        if code == COVERED:
            assert len({row.org_id for row in rows(change.url)}) == now.amount > 0
    line = next(line for line in page.alike if line.name == called("小学"))
    opened = {one.code: (rows(url), amount) for one, amount, url in line.amounts}
    assert [len(opened[code][0]) for code in (IN_TIME, DAYS, REPEATED, COVERED)] == [4, 2, 2, 2]
    assert {row.org_id for some, _amount in opened.values() for row in some} == {day_school.pk}
    assert (opened[IN_TIME][1].of, opened[DAYS][1].of, opened[REPEATED][1].amount) == (4, 2, 2)


def test_units_stand_in_the_order_of_the_tree(world: World) -> None:
    found(world, TODAY, world.school_b)
    found(world, TODAY, world.school_b)
    lines = board(world.viewer("bo"), world.town, FIRST, TODAY).units
    assert [(line.name, line.open.count if line.open else None) for line in lines] == [
        ("柳河中心小学", 0),
        ("柳河初级中学", 2),
    ]


def test_schools_stand_by_name_only_for_their_direct_office(world: World) -> None:
    lines = board(world.viewer("eve"), world.town, FIRST, TODAY).units
    assert lines == []


def test_topics_that_come_again(world: World) -> None:
    for school in (world.school_a, world.school_a, world.school_b):
        found(world, TODAY - A_DAY * 3, school, topic="cold.door")
    found(world, TODAY, topic="floor")
    (topic,) = board(world.viewer("bo"), world.town, FIRST, TODAY).topics
    assert (topic.times, topic.schools) == (3, 2)
    (topic,) = board(world.viewer("gao"), world.school_a, FIRST, TODAY).topics
    assert (topic.times, topic.schools) == (2, 1)


def test_who_may_look(world: World, client: Client) -> None:
    url = reverse("inspections:board")
    for who, under, status in (
        ("bo", world.town, 200), ("bo", world.school_a, 200), ("gao", world.school_a, 200), ("eve", world.district, 200),
        ("eve", world.school_a, 409), ("an", world.school_a, 403),
    ):  # fmt: skip
        client.force_login(getattr(world, who))
        assert client.get(url, {"under": under.path}).status_code == status, who


def test_the_board_is_drawn_with_figures_of_a_year(world: World, client: Client) -> None:
    closed(world, TODAY - A_DAY * 9, TODAY - A_DAY * 5, TODAY - A_DAY * 3, topic="cold.door")
    found(world, TODAY - A_DAY * 2, topic="cold.door", nth=2)
    fill(TODAY - A_DAY * 10, TODAY)
    client.force_login(world.bo)
    answer = client.get(reverse("inspections:board"), {"under": world.town.path, "days": "365"})
    assert answer.status_code == 200


def test_twenty_schools_cost_the_queries_of_two(world: World) -> None:
    def queries() -> int:
        fill(TODAY - A_DAY, TODAY)
        with CaptureQueriesContext(connection) as seen:
            board(world.viewer("bo"), world.town, FIRST, TODAY)
            content_of(world.town, TODAY, world.viewer("bo"))
        return len(seen)

    found(world, TODAY, topic="floor")
    found(world, TODAY, topic="floor")
    few = queries()
    for number in range(10, 28):
        school = make_school(world.town, f"学校{number}", number)
        found(world, TODAY - A_DAY, school, topic="floor")
        visited(world, TODAY, school)
    assert queries() == few


def rows_of(content: dict[str, Any], heads: int) -> list[list[Any]]:
    return next(table["rows"] for table in content["tables"] if len(table["heads"]) == heads)


def test_the_report_says_what_happened(world: World) -> None:
    closed(world, FIRST, FIRST + A_DAY, FIRST + A_DAY * 2)
    found(world, FIRST - A_DAY * 20, climbed=2, title="消防通道堵塞")
    found(world, TODAY, world.school_b, found_org=world.school_b, nth=2)
    visited(world, TODAY)
    content = content_of(world.town, TODAY, world.viewer("bo"))
    late = rows_of(content, 7)
    assert [(row[1], row[2], row[5]) for row in late] == [("柳河中心小学", "消防通道堵塞", "—")]
    units = [
        row
        for table in content["tables"]
        for row in table["rows"]
        if row[0] in {"柳河中心小学", "柳河初级中学"} and len(row) == 4
    ]
    assert units == [["柳河中心小学", 1, 1, 1], ["柳河初级中学", 1, 0, 1]]
    assert content["until"] == TODAY.isoformat()


def test_the_report_tells_which_levels_were_told_until_its_end(world: World) -> None:
    """One went overdue in February, climbed two levels, and a third in March; it was put right in March."""
    row = closed(
        world, date(2024, 2, 5), date(2024, 3, 2), date(2024, 3, 3), due_on=date(2024, 2, 20), title="消防通道堵塞"
    )
    for level, day, office in (
        (1, date(2024, 2, 21), None), (2, date(2024, 2, 23), None), (3, date(2024, 3, 1), world.town)
    ):  # fmt: skip
        Climb.objects.create(
            finding=row, due_on=row.due_on, level=level, post="" if office else "principal", office=office, told="高校长", late=level,
            at=at(day),
        )  # fmt: skip
    by = world.viewer("bo")
    then = content_of(world.town, date(2024, 2, 1), by)
    (late,) = rows_of(then, 7)
    assert late[4:6] == ["2024-02-20", "—"]
    assert [line.split()[-1] for line in late[6].split("\n")] == ["02-21", "02-23"]
    assert any("上报2次" in one or "told 2 times" in one for one in then["sentences"])
    (later,) = rows_of(content_of(world.town, date(2024, 3, 1), by), 7)
    assert later[5] == "2024-03-02"
    assert later[6].split("\n")[-1] == f"3. {world.town.name} 03-01"


def test_last_months_report_waits_on_today_until_it_is_issued(world: World) -> None:
    by = world.viewer("bo")
    assert list(reports_to_issue(by)) == []
    found(world, FIRST - A_DAY)
    (row,) = reports_to_issue(by)
    assert f"month={FIRST - A_DAY:%Y-%m}" in row.url
    assert list(reports_to_issue(world.viewer("an"))) == []
    issue_report(world.town, by=by, month=FIRST - A_DAY)
    assert list(reports_to_issue(by)) == []


def test_a_report_is_kept_as_it_was_issued(world: World) -> None:
    row = issue_report(world.town, by=world.viewer("bo"), month=TODAY, remark=" 天气炎热 ")
    assert (row.month, row.version, row.remark) == (FIRST, 1, "天气炎热")
    found(world, TODAY)
    again = issue_report(world.town, by=world.viewer("bai"), month=TODAY)
    row.refresh_from_db()
    assert again.version == 2
    assert again.content != row.content
    assert AuditEntry.objects.filter(event="inspections.report_issued").count() == 2


def test_who_may_issue(world: World) -> None:
    for who, org, refusal in (
        ("an", world.school_a, PermissionDenied), ("eve", world.town, PermissionDenied), ("gao", world.town, NotVisible),
        ("hu", world.school_a, NotVisible), ("chen", world.town, NotVisible),
    ):  # fmt: skip
        with pytest.raises(refusal):
            issue_report(org, by=world.viewer(who), month=TODAY)
    with pytest.raises(Refused, match="尚未开始"):
        issue_report(world.town, by=world.viewer("bo"), month=TODAY + A_DAY * 40)
    assert not Report.objects.exists()


def test_nothing_tells_of_an_unannounced_visit(world: World) -> None:
    """Whatever is planned, the totals of boards and reports are those of before; begun, it counts."""

    def told(who: str, unit: Any) -> tuple[Any, Any]:
        fill(TODAY, TODAY)
        by = world.viewer(who)
        seen = board(by, unit, TODAY, TODAY)
        return [(one.indicator.code, one.now) for one in seen.changes], content_of(unit, TODAY, by)

    people = (("bo", world.town), ("bai", world.town), ("gao", world.school_a), ("op", world.district))
    before = [told(who, unit) for who, unit in people]
    row = Visit.objects.create(
        org=world.school_a, kind="unannounced", office=world.town, unannounced=True, planned_on=TODAY, account=world.bo
    )
    assert [told(who, unit) for who, unit in people] == before
    Visit.objects.filter(pk=row.pk).update(state="departed")
    assert [told(who, unit) for who, unit in people] == before
    Visit.objects.filter(pk=row.pk).update(state="underway", began_at=NOON, day=TODAY, number="JC-1")
    assert told("gao", world.school_a) != before[2]


def test_the_pages_of_reports(world: World, client: Client) -> None:
    row = issue_report(world.town, by=world.viewer("bo"), month=TODAY, remark="天气炎热")
    client.force_login(world.bo)
    for url in (
        reverse("inspections:report-draft") + "?month=2024-03", reverse("inspections:reports"),
        reverse("inspections:reports-detail", args=[row.public_id]), reverse("inspections:reports-print", args=[row.public_id]),
        reverse("inspections:reports-new"),
    ):  # fmt: skip
        assert client.get(url).status_code == 200, url
    client.force_login(world.gao)
    assert client.get(reverse("inspections:reports-print", args=[row.public_id])).status_code == 404


def test_a_schools_report_is_for_the_school_and_its_direct_office(world: World, client: Client) -> None:
    """In the list, on its page, on paper and in the export; reports of offices are read from above."""
    of_school = issue_report(world.school_a, by=world.viewer("gao"), month=TODAY)
    of_town = issue_report(world.town, by=world.viewer("bo"), month=TODAY)
    ling = make_account("ling", "凌局长", "office_director", world.district)
    both, town, none = [of_school, of_town], [of_town], list[Report]()
    for who, seen in (
        (world.gao, [of_school]), (world.bo, both), (world.bai, both), (ling, town), (world.eve, town), (world.chen, none),
        (world.hu, none),
    ):  # fmt: skip
        client.force_login(who)
        rows = client.get(reverse("inspections:reports")).context["table"].data.data
        assert set(rows) == set(seen), who
        for row in both:
            status = 200 if row in seen else 404
            for page in ("reports-detail", "reports-print"):
                assert client.get(reverse(f"inspections:{page}", args=[row.public_id])).status_code == status, (
                    who,
                    page,
                )
    with pytest.raises(Refused):
        issue_report(world.school_a, by=viewer_for(ling, now=NOON), month=TODAY)
    assert Report.objects.count() == 2


def test_the_condition_on_rows_says_what_is_said_of_one_school(world: World) -> None:
    for who in world.cast:
        viewer = world.viewer(who)
        listed = {row.org for row in SchoolFacts.objects.filter(schools_of_rates(viewer)).select_related("org")}
        schools = (world.school_a, world.school_b, world.school_c)
        assert listed == {one for one in schools if may_see_rates(viewer, one)}, who
