"""Duties as a caretaker, a head and an office live with them, and one tap without network."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Account, Post, PostHolding
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.tests.asking import DAILY, asked
from houqin.flows.ledgers.tests.hand import appoint
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.phone import ALL_SENT, Phone, until
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
GATE = replace(DAILY, code="test:gate", title_zh="大门巡查", title_en="Gate round", post="guard")
STORE = replace(DAILY, code="test:store", title_zh="防汛物资点数", title_en="Flood store count", post="guard")
NIGHT = replace(DAILY, code="test:night", title_zh="熄灯后巡查", title_en="Round at night", post="guard")
RED = replace(DAILY, code="test:red", title_zh="留样", title_en="Samples kept", post="cook", red_line=True)
HERE, THERE = "柳河中心小学", "柳河初级中学"


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """Wu is the guard of school A, Shi his deputy; Shi cooks."""
    world = make_world()
    load_catalogues(by=world.system)
    person = appoint(world.school_a, "guard", "吴师傅", timezone.localdate())
    _is(world.wu, person)
    deputy = appoint(world.school_a, "cook", "石师傅", timezone.localdate())
    _is(world.shi, deputy)
    post = Post.objects.get(org=world.school_a, kind="guard")
    PostHolding.objects.create(post=post, person=deputy, is_deputy=True, from_on=timezone.localdate())
    with asked(GATE, STORE, NIGHT, RED):
        yield world


def _is(account: Account, person: Any) -> None:
    account.person = person
    account.save()


def due(
    org: OrgUnit, rule: str, *, days_ago: int = 0, post: str = "guard", done: bool = False, red: bool = False
) -> Duty:
    """A duty whose window is open now, or was some days ago."""
    now = timezone.now() - timedelta(days=days_ago)
    return Duty.objects.create(
        org=org, day=timezone.localdate(now), rule=rule, post=post, opens_at=now - timedelta(hours=1),
        due_at=now + timedelta(minutes=-30 if days_ago else 90), red_line=red,
        state=DutyState.DONE if done else DutyState.OPEN, done_at=now - timedelta(minutes=45) if done else None,
    )  # fmt: skip


def row(visitor: Visitor, what: str) -> Any:
    """A row of Today."""
    return visitor.page.locator(".due-list li", has_text=what).first


def test_a_caretakers_day_takes_a_tap_a_duty(world: World, live_server: Any, open_page: OpenPage) -> None:
    gate, store, night = (due(world.school_a, rule.code) for rule in (GATE, STORE, NIGHT))
    wu = Visitor(open_page(width=PHONE), live_server.url, "wu")
    wu.is_sound()
    with wu.page.expect_navigation():
        row(wu, "大门巡查").locator("button").click()
    gate.refresh_from_db()
    assert (gate.state, gate.account) == (DutyState.DONE, world.wu), "one tap"
    expect(wu.page.locator(".today").first).not_to_contain_text("大门巡查", use_inner_text=True)

    row(wu, "防汛物资点数").locator("a").first.click()
    wu.page.wait_for_url(f"**/duties/duties/{store.pk}/")
    wu.is_sound()
    wu.page.locator(".heading-actions .btn-primary").click()
    wu.page.wait_for_selector("[name=note]")
    wu.is_sound()
    wu.send()
    store.refresh_from_db()
    assert (store.state, store.note) == (DutyState.DONE, ""), "nothing to report is a record too"

    wu.visit(f"/duties/duties/{night.pk}/")
    wu.page.locator(".heading-actions .menu summary").click()
    wu.fits()
    wu.page.locator(".menu-item[href$='hand-over/']").click()
    wu.page.wait_for_selector("[name=person]")
    chosen = wu.page.locator("[name=person] option:checked")
    expect(chosen, "the deputy stands there already").to_contain_text("石师傅", use_inner_text=True)
    wu.is_sound()
    wu.send()
    night.refresh_from_db()
    assert night.person == world.shi.person

    wu.visit("/duties/duties/")
    expect(wu.page.locator(".tabs [aria-current]")).to_have_text("今日", use_inner_text=True)
    wu.shown(".row-card:has-text('大门巡查') a").click()
    wu.page.locator(".heading-actions .menu summary").click()
    with wu.page.expect_navigation():
        wu.page.locator(".menu-body form[action$='undo-duty/'] button").click()
    gate.refresh_from_db()
    assert gate.state == DutyState.OPEN
    wu.visit("/")
    expect(row(wu, "大门巡查")).to_be_visible()

    shi = Visitor(open_page(width=PHONE, language="en"), live_server.url, "shi")
    expect(row(shi, "Round at night")).to_be_visible()
    shi.is_sound()


def test_a_tap_without_network_waits_and_is_sent_once(world: World, live_server: Any, open_page: OpenPage) -> None:
    gate = due(world.school_a, GATE.code)
    phone = Phone(open_page(width=PHONE), live_server.url, "wu")
    phone.keeps("/")
    phone.cut()
    phone.reopened("/")
    row(phone, "大门巡查").locator("button").click()
    phone.page.wait_for_url("**/waiting/")
    phone.waits_for_state("soon")
    phone.is_sound()
    gate.refresh_from_db()
    assert gate.state == DutyState.OPEN
    phone.restore()
    phone.reopened("/")
    until(phone.page, ALL_SENT)
    gate.refresh_from_db()
    assert (gate.state, gate.account) == (DutyState.DONE, world.wu)


def test_a_head_excuses_with_a_reason_and_sees_team_days_and_minutes(
    world: World, live_server: Any, open_page: OpenPage
) -> None:
    for ago in range(1, 6):
        due(world.school_a, GATE.code, days_ago=ago, done=ago != 2)
    gate = due(world.school_a, GATE.code)
    gao = Visitor(open_page(width=PHONE), live_server.url, "gao")
    gao.visit(f"/duties/duties/{gate.pk}/excuse/")
    gao.page.locator(".entry-foot button").click()
    gao.page.wait_for_selector(".invalid-feedback")
    gao.is_sound()
    gao.page.fill("[name=why]", "大门今天施工，已封闭")
    gao.send()
    gate.refresh_from_db()
    assert (gate.state, gate.note) == (DutyState.EXCUSED, "大门今天施工，已封闭")
    facts = gao.page.inner_text(".facts")
    assert "大门今天施工，已封闭" in facts
    assert "高" not in facts, "who excused it is told by the story, not as who did it"
    gao.fits()

    for path in (*BOARDS, "/duties/minutes/", "/duties/posts/"):
        for width in (PHONE, DESKTOP):
            gao.page.set_viewport_size({"width": width, "height": 900})
            assert gao.visit(path) == 200
            gao.is_sound() if path in BOARDS and width == PHONE else gao.fits()
            assert not gao.page.evaluate(CUT), f"{path} at {width}"
    gao.visit("/duties/team/")
    with gao.page.expect_navigation():
        gao.page.locator("a[href*='view=missed'][href*='post=guard']:visible").first.click()
    expect(gao.page.locator("tr[data-opens]:visible"), "the figure opens its rows").to_have_count(1)
    gao.visit("/duties/days/")
    gao.page.wait_for_selector(".days-map [data-chart] svg, .days-map [data-chart] canvas")
    expect(gao.page.locator(".days-table tbody tr:visible")).to_have_count(5)


BOARDS = ("/duties/team/", "/duties/days/")
CUT = """() => [...document.querySelectorAll(".wide-table, .tabs")].filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""


def test_an_office_sees_who_needs_help_worst_first_and_announces_a_typhoon(
    world: World, live_server: Any, open_page: OpenPage
) -> None:
    for ago in (1, 2, 3):
        due(world.school_a, RED.code, days_ago=ago, post="cook", red=True, done=ago == 1)
        due(world.school_b, GATE.code, days_ago=ago, done=ago != 1)
    bo = Visitor(open_page(width=DESKTOP), live_server.url, "bo")
    bo.is_sound()
    schools = bo.page.locator(".office-home tbody tr")
    assert [HERE in schools.nth(0).inner_text(), THERE in schools.nth(1).inner_text()] == [True, True]
    expect(schools.nth(0)).to_contain_text("66.7 % (2/3)", use_inner_text=True)
    with bo.page.expect_navigation():
        schools.nth(0).locator("a[href*='view=missed']").click()
    expect(bo.page.locator("tr[data-opens]:visible")).to_have_count(2)
    bo.fits()

    bo.visit("/duties/warnings/")
    bo.fits()
    bo.shown(".btn-primary").click()
    bo.page.wait_for_selector("[name=event]")
    bo.page.select_option("[name=org]", label=world.town.name)
    bo.page.select_option("[name=event]", "typhoon")
    bo.page.fill("[name=words]", "台风橙色预警，今晚至明天中午")
    bo.page.fill("[name=until]", (timezone.localtime() + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M"))
    bo.is_sound()
    bo.send()
    bo.page.wait_for_selector(".note-success")
    assert set(Duty.objects.filter(rule="warning:typhoon").values_list("org__name", flat=True)) >= {HERE, THERE}

    gao = Visitor(open_page(width=PHONE), live_server.url, "gao")
    told = row(gao, "台风预警")
    gao.fits()
    told.locator("a").first.click()
    gao.page.wait_for_url("**/duties/duties/*/")
    expect(gao.page.locator("main").first).to_contain_text("今晚至明天中午", use_inner_text=True)
    gao.is_sound()
