"""An office lets a program in and locks it out; another system is told and, when it failed, told again; a probe is connected."""

import json
import re
from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.places.actions import record_place
from houqin.edge.api.jobs import tell_again
from houqin.edge.api.tests.devices import Probe
from houqin.edge.api.tests.receiver import Receiver, listening
from houqin.flows.rectify.actions.opening import Found, report_finding
from tests.jobs import run_jobs
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
BOTH = pytest.mark.parametrize(("width", "language"), [(DESKTOP, "zh-CN"), (PHONE, "en")])


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def receiver() -> Generator[Receiver, None, None]:
    with listening() as found:
        yield found


def asked(server: str, key: str) -> int:
    """The status of the answer to a program that shows this key."""
    request = Request(f"{server}/api/v1/units", headers={"Authorization": f"Bearer {key}"})
    try:
        with urlopen(request, timeout=30) as answer:
            assert json.load(answer)["items"]
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def begin(visitor: Visitor, path: str) -> Any:
    """Open a list and press its one button; the form's first fields filled in."""
    visitor.visit(path)
    visitor.fits()
    visitor.shown("a[href$='/new/']").click()
    visitor.page.wait_for_selector("form.entry")
    visitor.page.select_option("[name=grant]", index=1)
    return visitor.page


def until(page: Any) -> None:
    page.fill("[name=expires_on]", (timezone.localdate() + timedelta(days=365)).isoformat())


@BOTH
def test_a_key_is_made_copied_used_and_locked_out(
    world: World, live_server: Any, open_page: OpenPage, width: int, language: str
) -> None:
    bo = Visitor(open_page(width=width, language=language), live_server.url, "bo")
    bo.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = begin(bo, "/api/keys/")
    page.fill("[name=label]", "区平台对接")
    page.check("[name=scopes][value='orgs.view']")
    until(page)
    bo.is_sound()
    bo.send()
    expect(page.locator(".to-copy")).to_contain_text("hq_")
    key = page.locator(".to-copy").inner_text()
    bo.is_sound()
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy]")).to_have_text(re.compile("已复制|Copied"))
    assert page.evaluate("navigator.clipboard.readText()") == key
    assert asked(live_server.url, key) == 200
    page.reload()
    bo.is_sound()
    expect(page.locator("body"), "shown once").not_to_contain_text(key)
    bo.shown("details.menu:has(a[href$='/revoke-token/']) > summary").click()
    bo.shown("a[href$='/revoke-token/']").click()
    page.fill("[name=reason]", "平台停用")
    bo.is_sound()
    bo.send()
    expect(page.locator(".note-success")).to_be_visible()
    expect(page.locator("main").first).to_contain_text("平台停用")
    expect(page.locator("main").first).to_contain_text(re.compile("已停用|Locked out"), use_inner_text=True)
    bo.is_sound()
    assert asked(live_server.url, key) == 401


@BOTH
def test_another_system_is_told_and_told_again_by_the_button(
    world: World, live_server: Any, open_page: OpenPage, receiver: Receiver, width: int, language: str
) -> None:
    bo = Visitor(open_page(width=width, language=language), live_server.url, "bo")
    page = begin(bo, "/api/receivers/")
    page.fill("[name=label]", "区监管平台")
    page.fill("[name=url]", receiver.url)
    page.check("[name=events][value='rectify.opened']")
    bo.is_sound()
    bo.send()
    expect(page.locator(".to-copy")).to_contain_text("whsec_")
    bo.is_sound()
    here = page.url

    for answers, what in ((200, "冰箱门关不严"), (500, "排烟罩积油")):
        receiver.answers = answers
        report_finding(world.school_a, by=world.viewer("an", now=timezone.now()), found=Found(what))
        run_jobs()
    assert [json.loads(body)["type"] for _headers, body in receiver.got] == ["rectify.opened"] * 2

    page.goto(here)
    panel = page.locator("main").first
    expect(panel).to_contain_text("HTTP 500", use_inner_text=True)
    bo.is_sound()
    bo.visit("/api/messages/")
    bo.is_sound()
    page.goto(here)
    bo.shown("main a[href^='/api/messages/']").click()
    page.wait_for_selector("form[action$='/send-again/'] button")
    bo.is_sound()
    receiver.answers = 200
    page.locator("form[action$='/send-again/'] button").click()
    expect(page.locator(".note-success")).to_be_visible()
    tell_again.call()
    page.reload()
    expect(
        page.locator("form[action$='/send-again/'] button"), "it has it; who lost it may ask once more"
    ).to_be_visible()
    ids = [headers["webhook-id"] for headers, _body in receiver.got]
    assert (len(ids), ids[1] == ids[2]) == (3, True), "the receiver can tell that it is the same"


@BOTH
def test_a_probe_is_connected_and_what_it_sends_is_seen(
    world: World, live_server: Any, open_page: OpenPage, width: int, language: str
) -> None:
    load_catalogues(by=world.system)
    fridge = record_place(world.school_a, by=world.system, kind="refrigerator", use="refrigerator", name="一号冷藏柜")
    gao = Visitor(open_page(width=width, language=language), live_server.url, "gao")
    page = begin(gao, "/api/devices/")
    page.fill("[name=label]", "一号探头")
    page.select_option("[name=kind]", "probe")
    page.select_option("[name=place]", str(fridge.pk))
    until(page)
    gao.is_sound()
    gao.send()
    probe = Probe(live_server.url, page.locator(".to-copy").inner_text())
    now = timezone.now()
    for minutes, tenths in ((15, 42), (10, 45), (5, 96)):
        probe.measure(now - timedelta(minutes=minutes), tenths=tenths)
    assert [one["is_out"] for one in probe.send()] == [False, False, True]
    page.reload()
    expect(page.locator("main").first).to_contain_text("9.6 °C", use_inner_text=True)
    gao.is_sound()
    gao.visit("/rectify/findings/")
    expect(page.locator("main").first).to_contain_text("9.6 °C", use_inner_text=True)
