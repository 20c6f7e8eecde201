"""The operator opens a unit and an account; who got it sees exactly that; nothing typed is lost; no script is needed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.core.people.models import Account
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
SHOWN_ONCE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+|[A-Za-z0-9]{8,}")


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.mark.parametrize(("width", "language"), [(DESKTOP, "zh-CN"), (PHONE, "en")])
def test_a_school_its_facts_and_its_head(
    world: World, live_server: Any, open_page: OpenPage, width: int, language: str
) -> None:
    operator = Visitor(open_page(width=width, language=language), live_server.url, "op")
    school = _open_school(operator, world)
    _record_facts(operator, school)
    first = _open_account(operator, school)
    _give_role(operator, school)

    head = Visitor(open_page(width=width, language=language), live_server.url, "liu", first)
    head.visit("/console/schools/")
    seen = head.page.inner_text("#listing")
    assert "柳河第二小学" in seen
    assert "柳河中心小学" not in seen
    assert head.visit(f"/console/units/{world.school_a.public_id}/") == 404
    assert head.visit("/console/jobs/") == 403
    head.is_sound()


def _open_school(operator: Visitor, world: World) -> OrgUnit:
    page = operator.page
    operator.visit(f"/console/units/{world.town.public_id}/")
    operator.shown("a[href*='open-unit']").click()
    page.select_option("[name=kind]", "school")
    page.fill("[name=name]", "柳河第二小学")
    page.fill("[name=code]", "12")
    operator.send()
    expect(page.locator("[name=name]"), "a wrong code loses nothing").to_have_value("柳河第二小学")
    assert page.locator(".is-invalid, .alert").count()
    operator.is_sound()
    page.fill("[name=code]", "2142000123")
    operator.send()
    return OrgUnit.objects.get(name="柳河第二小学")


def _record_facts(operator: Visitor, school: OrgUnit) -> None:
    page = operator.page
    operator.visit(f"/console/units/{school.public_id}/")
    operator.shown("a[href*='record-school-facts']").click()
    for name, value in {"classes": "6", "enrolment": "２４０", "boarders": "300", "staff": "18"}.items():
        page.fill(f"[name={name}]", value)
    operator.send()
    expect(page.locator("[name=boarders]"), "more boarders than pupils: refused, and still there").to_have_value("300")
    page.fill("[name=boarders]", "80")
    operator.send()
    facts = SchoolFacts.objects.get(org=school)
    assert (facts.enrolment, facts.boarders) == (240, 80)


def _open_account(operator: Visitor, school: OrgUnit) -> str:
    """Open an account; answers its first password, which the page shows once and nothing keeps."""
    page = operator.page
    operator.visit("/console/accounts/new/")
    page.select_option("[name=home]", str(school.pk))
    page.fill("[name=username]", "liu")
    page.fill("[name=display_name]", "刘校长")
    operator.send()
    told = page.inner_text("#messages")
    account = Account.objects.get(username="liu")
    first = next(word for word in SHOWN_ONCE.findall(told) if account.check_password(word))
    page.reload()
    assert first not in page.content()
    return first


def _give_role(operator: Visitor, school: OrgUnit) -> None:
    page = operator.page
    operator.visit("/console/roles/new/")
    page.select_option("[name=account]", str(Account.objects.get(username="liu").pk))
    page.select_option("[name=role]", "principal")
    page.select_option("[name=org]", str(school.pk))
    operator.send()
    assert Grant.objects.filter(account__username="liu", role="principal", org=school).exists()


def test_what_is_ticked_is_done_at_once(world: World, live_server: Any, open_page: OpenPage) -> None:
    operator = Visitor(open_page(), live_server.url, "op")
    page = operator.page
    operator.visit("/console/roles/?q=柳河")
    assert page.locator("[data-bulk]").is_hidden(), "nothing is ticked, nothing is offered"
    for name in ("安师傅", "胡校长"):
        page.locator(f"tr:has-text('{name}') input[name=pick]").check()
    page.locator("[data-bulk] button").click()
    expect(page.locator(".picked").first).to_contain_text("安师傅", use_inner_text=True)
    operator.is_sound()
    operator.send()
    ended = Grant.objects.filter(to_on__isnull=False).values_list("account__username", flat=True)
    assert set(ended) == {"an", "hu"}


def test_the_language_is_switched_and_stays(world: World, live_server: Any, open_page: OpenPage) -> None:
    visitor = Visitor(open_page(width=PHONE), live_server.url, "bo")
    page = visitor.page
    visitor.visit("/more/")
    expect(page.locator("h1").first).to_have_text("更多", use_inner_text=True)
    page.locator("main button[value=en]").click()
    page.wait_for_function("document.documentElement.lang === 'en'")
    visitor.visit("/console/units/")
    expect(page.locator("h1").first).to_have_text("Units", use_inner_text=True)


def test_a_draft_stays_on_the_device(world: World, live_server: Any, open_page: OpenPage) -> None:
    visitor = Visitor(open_page(width=PHONE), live_server.url, "gao")
    visitor.visit("/console/staff/new/")
    visitor.page.fill("[name=lines-0-name]", "王桂英")
    visitor.visit("/")
    visitor.visit("/console/staff/new/")
    expect(visitor.page.locator("[name=lines-0-name]")).to_have_value("王桂英")
    expect(visitor.page.locator("[data-draft-note]")).to_be_visible()


def test_without_a_script_lists_filter_and_forms_send(
    world: World, live_server: Any, browser: Any, open_page: OpenPage
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": PHONE, "height": 844})
    try:
        visitor = Visitor(context.new_page(), live_server.url, "gao")
        page = visitor.page
        visitor.visit("/console/units/")
        page.fill("#q", "没有这个")
        page.press("#q", "Enter")
        page.wait_for_url("**q=*")
        expect(page.locator("#listing").first).not_to_contain_text("柳河中心小学", use_inner_text=True)
        visitor.visit(f"/console/units/{world.school_a.public_id}/record-school-facts/")
        page.fill("[name=enrolment]", "310")
        page.fill("[name=staff]", "20")
        page.locator(".entry-foot button").click()
        page.wait_for_url(f"**/{world.school_a.public_id}/")
        assert SchoolFacts.objects.filter(org=world.school_a, enrolment=310).exists()
    finally:
        context.close()
