"""From a plan over twelve schools to the monthly report; from a temperature out of its limit to the closing, without anybody
typing the finding; and one that climbs when it is late."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.files.tests.pictures import encoded, scene
from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import viewer_for
from houqin.core.scope.viewer import system_viewer
from houqin.flows.ledgers.actions.settling import settle_breaches
from houqin.flows.ledgers.models import Breach
from houqin.flows.ledgers.tests import kept
from houqin.flows.rectify.actions.climbing import tell_next_levels
from houqin.flows.rectify.actions.opening import Found, open_finding
from houqin.flows.rectify.days import is_working
from houqin.flows.rectify.models import Climb, Finding, FindingState, LookPhoto, Severity
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.models import Campaign, Draw, Report, Visit, VisitState
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.phone import ALL_SENT, Phone, until
from tests.journeys.test_visit import MOST_SECONDS, Thumb, fill_in, plain_items
from tests.journeys.visitor import Visitor
from tests.world import World, make_account, make_school, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_from_a_warm_refrigerator_to_the_closing(
    world: World, live_server: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    kept.declare(kept.COLD)
    Grant.objects.create(account=world.shi, role="logistics_director", org=world.school_a, from_on=date(2020, 1, 1))
    cook = Visitor(open_page(width=PHONE), live_server.url, "shi")
    cook.visit(f"/ledgers/cold-store/write/?org={world.school_a.path}&slot=am")
    cook.page.wait_for_selector("form.is-live")
    cook.page.fill("[name=v-temperature]", "9.2")
    cook.page.fill("[name=v-remark]", "门没关严")
    cook.send()
    assert Breach.objects.get().state == Breach.State.PENDING
    settle_breaches(by=system_viewer(now=timezone.now() + timedelta(minutes=31)))
    row = Finding.objects.get()
    assert (row.state, row.found_by) == (FindingState.ORDERED, None)
    page_of_it = f"/rectify/findings/{row.public_id}/"

    cook.visit("/")
    cook.page.locator(f"a[href$='{page_of_it}']").first.tap()
    cook.page.wait_for_url(f"**{page_of_it}")
    cook.is_sound()
    photo = tmp_path / "after.jpg"
    photo.write_bytes(encoded(scene(), quality=80))
    cook.visit(f"{page_of_it}fixed/")
    cook.page.fill("[name=remark]", "换了密封条")
    cook.page.set_input_files("[name=photo]", str(photo))
    cook.send()
    assert LookPhoto.objects.count() == 1
    cook.visit(f"{page_of_it}pass/")
    cook.page.locator(".entry-foot button").click()
    cook.page.wait_for_load_state()
    row.refresh_from_db()
    assert row.state == FindingState.REPORTED, "whoever put it right does not look again"

    head = Visitor(open_page(width=DESKTOP, language="en"), live_server.url, "gao")
    head.visit(page_of_it)
    expect(head.page.locator(".looks .photo img, .looks img")).to_have_count(1)
    head.is_sound()
    head.shown(f"a[href$='{page_of_it}pass/']").click()
    head.page.wait_for_selector("[name=remark]")
    head.page.fill("[name=remark]", "2.8℃")
    head.send()
    row.refresh_from_db()
    assert row.state == FindingState.CLOSED
    assert Breach.objects.get().answer == f"{row.number} 换了密封条", "a director's report answers it, too"


def working_days_ago(count: int) -> date:
    day = timezone.localdate()
    while count:
        day -= timedelta(days=1)
        count -= is_working(day + timedelta(days=1))
    return day


def test_overdue_it_climbs_and_the_office_sees_each_step(world: World, live_server: Any, open_page: OpenPage) -> None:
    found = Found("配电箱外露", severity=Severity.GENERAL, post="cook", topic="electric.box")
    row = open_finding(world.school_a, by=world.viewer("bo", now=timezone.now()), found=found, ordered=True)
    Finding.objects.filter(pk=row.pk).update(due_on=working_days_ago(5))
    at_nine = timezone.localtime().replace(hour=9, minute=0)
    tell_next_levels(by=system_viewer(now=at_nine))
    levels = list(Climb.objects.order_by("level").values_list("level", flat=True))
    assert levels[:2] == [1, 2]

    office = Visitor(open_page(width=DESKTOP), live_server.url, "bo")
    expect(office.page.locator(".office-home:has(a[href='/rectify/glance/'])").first).to_contain_text(
        "柳河中心小学", use_inner_text=True
    )
    office.visit("/rectify/glance/")
    office.is_sound()
    office.page.locator(".wide-table a").first.click()
    office.page.wait_for_selector("#listing")
    office.is_sound()
    office.visit(f"/rectify/findings/{row.public_id}/")
    for step in Climb.objects.all():
        expect(office.page.locator("main").first).to_contain_text(str(step.late), use_inner_text=True)
    office.is_sound()
    for sheet in ("problems", "responsibilities", "fixes"):
        office.visit(f"/rectify/{sheet}/?view=open&print=1")
        expect(office.page.locator("body").first).to_contain_text("配电箱外露", use_inner_text=True)
    office.visit(f"/rectify/findings/{row.public_id}/notice/")
    expect(office.page.locator("body").first).to_contain_text(row.number, use_inner_text=True)

    cook = Visitor(open_page(width=PHONE), live_server.url, "shi")
    cook.visit("/rectify/findings/?view=overdue")
    cook.is_sound()
    cook.visit("/rectify/glance/")
    cook.is_sound()


LIST = "term-opening"
NAMES = ("东岭", "西岭", "南桥", "北桥", "上湾", "下湾", "石门", "柏林", "枫树", "白果")


def district_of_twelve(world: World) -> None:
    """Ten further schools, the district's planner, and the two who inspect."""
    for number, name in enumerate(NAMES, 3):
        make_school(world.town, f"{name}小学", number)
    by = viewer_for(make_account("qu", "区后勤科长", "office_director", world.district), now=timezone.now())
    for account in (world.bo, world.bai):
        register_inspector(world.district, by=by, account=account)


def campaign_drawn(planner: Visitor) -> Visit:
    """Plans it over the twelve, commits the draw, draws four; the first of them is inspected."""
    planner.visit("/inspections/campaigns/new/")
    page = planner.page
    page.select_option("[name=kind]", "term_opening")
    page.fill("[name=title]", "秋季开学检查")
    page.check(f"[name=checklists][value={LIST}]")
    today = timezone.localdate()
    page.fill("[name=from_on]", today.isoformat())
    page.fill("[name=until_on]", (today + timedelta(days=9)).isoformat())
    planner.send()
    row = Campaign.objects.get()
    planner.is_sound()
    here = f"/inspections/campaigns/{row.public_id}/"
    planner.shown(f"form[action$='{here}start/'] button").click()
    page.wait_for_selector(f"a[href$='{here}commit/']")
    planner.visit(f"{here}candidates/")
    assert all(name in page.inner_text("main") for name in NAMES)
    planner.visit(f"{here}commit/")
    page.fill("[name=wanted]", "4")
    planner.send()
    drawn = Draw.objects.get()
    expect(page.locator("main").first).to_contain_text(drawn.commitment, use_inner_text=True)
    assert drawn.seed not in page.content(), "the seed is shown with the result"
    planner.shown(f"form[action$='{drawn.public_id}/draw/'] button").click()
    page.wait_for_selector(f"text={drawn.seed}")
    planner.is_sound()
    assert Visit.objects.filter(draw=drawn).count() == 4
    first: Visit = Visit.objects.select_related("org").earliest("planned_on", "pk")
    return first


def inspected(visit: Visit, phone: Phone) -> list[Finding]:
    """Without network from start to end; three findings, the first put right before the inspector's eyes."""
    here = f"/inspections/visits/{visit.public_id}/sheet/"
    phone.keeps(here)
    phone.cut()
    phone.reopened(here)
    page = phone.page
    page.wait_for_selector("form.is-live")
    thumb = Thumb(phone)
    failed = plain_items(page)[:3]
    page.locator(f"[data-item='{LIST}.{failed[0]}'] .choose-failed").tap()
    page.locator(f"[name='s:{LIST}.{failed[0]}']").check()
    assert fill_in(thumb, failed, LIST) >= 30
    thumb.tap(page.locator("[data-finish]"))
    thumb.type(page.locator("[name=school]"), "陈校长", 9)
    for pad in page.locator("[data-pad] canvas").all():
        thumb.sign(pad)
    with page.expect_navigation():
        thumb.tap(page.locator("[data-sign-now]"))
    assert thumb.whole <= MOST_SECONDS, (thumb.taps, thumb.seconds)
    assert not Finding.objects.exists(), "nothing has reached the server"
    phone.restore()
    phone.reopened("/")
    until(phone.page, ALL_SENT)
    visit.refresh_from_db()
    assert visit.state == VisitState.SIGNED
    return list(Finding.objects.order_by("on_the_spot", "pk"))


def put_right(row: Finding, school: Visitor, photo: Path) -> None:
    """The school plans it where five parts are asked for, reports it with a photo, and cannot pass it itself."""
    here = f"/rectify/findings/{row.public_id}/"
    school.visit(here)
    school.is_sound()
    if row.severity >= Severity.GENERAL:
        school.visit(f"{here}plan/")
        school.page.fill("[name=measures]", "当天清理并复核")
        school.page.fill("[name=funds_fen]", "0")
        school.page.fill("[name=contingency]", "先停用，改用备用设备")
        if not school.page.input_value("[name=post]"):
            school.page.select_option("[name=post]", "logistics-director")
        school.send()
    school.visit(f"{here}fixed/")
    school.page.fill("[name=remark]", "已清理")
    school.page.set_input_files("[name=photo]", str(photo))
    school.send()
    row.refresh_from_db()
    assert row.state == FindingState.REPORTED
    school.visit(f"{here}pass/")
    school.page.locator(".entry-foot button").click()
    school.page.wait_for_selector("text=整改人不复查自己的整改")
    row.refresh_from_db()
    assert row.state == FindingState.REPORTED, "whoever put it right does not look again"


def test_from_a_plan_over_twelve_schools_to_the_monthly_report(
    world: World, live_server: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    load_catalogues(by=world.system)
    district_of_twelve(world)
    planner = Visitor(open_page(width=DESKTOP), live_server.url, "qu")
    visit = campaign_drawn(planner)
    org = visit.org
    zong = make_account("zong", "总务主任", "logistics_director", org)
    Grant.objects.create(account=zong, role="office_staff", org=world.district, from_on=date(2020, 1, 1))
    fixed, late, spot = inspected(visit, Phone(open_page(width=PHONE), live_server.url, "bo"))
    assert (spot.state, fixed.state, late.state) == (FindingState.CLOSED, FindingState.ORDERED, FindingState.ORDERED)

    photo = tmp_path / "after.jpg"
    photo.write_bytes(encoded(scene(), quality=80))
    put_right(fixed, Visitor(open_page(width=PHONE), live_server.url, "zong"), photo)
    planner.visit(f"/rectify/findings/{fixed.public_id}/pass/")
    planner.page.fill("[name=remark]", "现场看过，已到位")
    planner.send()
    fixed.refresh_from_db()
    assert fixed.state == FindingState.CLOSED

    Finding.objects.filter(pk=late.pk).update(due_on=working_days_ago(4 if late.severity < Severity.SERIOUS else 2))
    tell_next_levels(by=system_viewer(now=timezone.localtime().replace(hour=9, minute=0)))
    assert list(Climb.objects.values_list("level", flat=True).order_by("level")) == [1, 2]
    late.refresh_from_db()
    assert late.climbed == 2

    planner.visit("/inspections/reports/draft/")
    told = planner.page.inner_text("main")
    for words in (
        "检查1次，涉及学校1所", "12所学校中，一年内接受过检查的1所，未接受检查的11所", "发现问题3件", "整改销号2件，其中立行立改1件",
        "期末未销号1件，其中逾期1件", late.number,
    ):  # fmt: skip
        assert words in told, (words, told)
    planner.is_sound()
    with planner.page.expect_navigation():
        planner.shown("a[href*='/inspections/reports/new/']").click()
    assert planner.page.input_value("[name=month]") == f"{timezone.localdate():%Y-%m}", "the month of the draft"
    planner.is_sound()
    planner.send()
    content = Report.objects.get().content
    table = next(one for one in content["tables"] if late.number in {str(row[0]) for row in one["rows"]})
    told_on = f"{timezone.localdate():%m-%d}"
    levels = f"1. 后勤主任 {told_on}\n2. 柳河镇 {told_on}"
    assert table["rows"] == [
        [late.number, org.name, late.title, late.get_severity_display(), f"{late.due_on}", "—", levels]
    ], "exactly the one that is late, and who was told of it when"
