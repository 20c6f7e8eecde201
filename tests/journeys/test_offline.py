"""The network is cut, the tab is closed and opened again: nothing is lost, nothing is done twice."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from houqin.core.audit.models import AuditEntry
from houqin.core.people.models import Person
from houqin.ui import installing, offline, today
from houqin.ui.tests import conftest as playground_fixtures
from tests.journeys.conftest import PHONE
from tests.journeys.phone import ALL_SENT, Phone, until
from tests.journeys.visitor import Visitor
from tests.world import PASSWORD, World, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("houqin.ui.tests.playground")]
OpenPage = Callable[..., Any]
only_the_playground = playground_fixtures.only_the_playground
KEPT = "async () => Promise.all((await caches.keys()).map(async (name) => [name, (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)]))"
KEPT_BY = "async (account) => Boolean(await (await caches.open('houqin-pages:' + account)).match('/offline/'))"


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def person(world: World, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody whose entry forms are on the list of what a phone keeps."""
    person = Person.objects.create(org=world.school_a, name="王小明")
    monkeypatch.setattr(offline, "_sources", [lambda viewer: [at(person), at(person, "show-person")]])
    return person


def at(person: Person, deed: str = "rename-person") -> str:
    return f"/play/persons/{person.public_id}/{deed}/"


def deeds(event: str = "test.renamed") -> int:
    return AuditEntry.objects.filter(event=event).count()


@pytest.fixture
def phone(person: Person, live_server: Any, open_page: OpenPage) -> Phone:
    phone = Phone(open_page(width=PHONE, language="en"), live_server.url, "gao")
    phone.keeps(at(person))
    phone.keeps(at(person, "show-person"))
    return phone


def test_entered_without_network_and_sent_once_when_it_is_back(phone: Phone, person: Person) -> None:
    phone.visit(at(person))
    phone.cut()
    phone.page.fill("[name=name]", "王大明")
    phone.save()
    phone.page.wait_for_url("**/waiting/")
    phone.waits_for_state("soon")
    expect(phone.shown("[data-no-network]")).to_be_visible()
    expect(phone.shown("[data-waiting-link]")).to_have_text("1 to send", use_inner_text=True)
    phone.is_sound()

    phone.reopened("/")
    expect(phone.shown("[data-no-network]")).to_contain_text("This page is as of", use_inner_text=True)
    assert deeds() == 0
    phone.restore()
    until(phone.page, ALL_SENT)
    assert deeds() == 1
    person.refresh_from_db()
    assert person.name == "王大明"
    phone.visit("/waiting/")
    phone.waits_for_state("passed")
    expect(phone.page.locator("main").first).to_contain_text("Rename: done.", use_inner_text=True)


def test_a_form_opened_without_network_keeps_a_photo_and_the_order(phone: Phone, person: Person) -> None:
    phone.cut()
    for number in (1, 2):
        phone.reopened(at(person, "show-person"))
        phone.page.fill("[name=note]", f"photo {number}")
        phone.page.set_input_files(
            "[name=photo]", {"name": "pot.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 400_000 * number}
        )
        phone.save()
        phone.page.wait_for_url("**/waiting/")
    phone.reopened("/waiting/")
    assert [one["state"] for one in phone.entries()] == ["waiting", "waiting"]
    phone.page.locator("summary", has_text="What was entered").first.click()
    expect(phone.page.locator("main").first).to_contain_text("pot.jpg (391 KB)", use_inner_text=True)
    phone.restore()
    until(phone.page, ALL_SENT)
    shown = AuditEntry.objects.filter(event="test.shown").order_by("pk")
    assert [(one.detail["note"], one.detail["size"]) for one in shown] == [("photo 1", 400_000), ("photo 2", 800_000)]


def test_an_answer_that_is_lost_leads_to_no_second_deed(phone: Phone, person: Person) -> None:
    """The server did it, the phone never heard of it: sent again under its key, it is told what it was."""

    def lose_answer(route: Any) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.visit(at(person))
    phone.page.route("**/rename-person/", lose_answer)
    phone.page.fill("[name=name]", "王大明")
    phone.save()
    phone.page.wait_for_url("**/waiting/")
    assert deeds() == 1
    phone.page.unroute("**/rename-person/")
    phone.page.evaluate("houqinShell.send()")
    phone.waits_for_state("passed")
    assert deeds() == 1


def test_a_refusal_is_shown_and_put_right(phone: Phone, person: Person) -> None:
    phone.visit(at(person))
    phone.cut()
    phone.page.fill("[name=name]", "nobody")
    phone.page.fill("[name=portion]", "2.5")
    phone.save()
    phone.page.wait_for_url("**/waiting/")
    phone.restore()
    phone.waits_for_state("danger")
    expect(phone.page.locator(".waiting-list").first).to_contain_text("No one is called so.", use_inner_text=True)
    expect(phone.shown("[data-waiting-link]")).to_have_text("1 refused", use_inner_text=True)
    phone.is_sound()

    phone.page.locator("[data-part=open]").click()
    phone.page.wait_for_selector(".reopened")
    assert (phone.page.input_value("[name=name]"), phone.page.input_value("[name=portion]")) == ("nobody", "2.5")
    phone.page.fill("[name=name]", "王大明")
    phone.save()
    phone.page.wait_for_url(f"**{at(person, '')[:-1]}")
    assert phone.entries() == []
    assert deeds() == 1


def test_a_refusal_at_the_form_stands_beside_its_field_as_ever(phone: Phone, person: Person) -> None:
    phone.visit(at(person))
    phone.page.fill("[name=name]", "nobody")
    phone.save()
    phone.page.wait_for_selector(".invalid-feedback")
    expect(phone.page.locator("[name=name]")).to_have_value("nobody")
    until(phone.page, "async () => (await houqinEntries.all()).length === 0")
    phone.page.fill("[name=name]", "王大明")
    phone.save()
    phone.page.wait_for_selector("#messages .note-success")
    assert deeds() == 1
    assert phone.entries() == []


def test_what_nobody_wants_any_more_is_discarded_only_when_asked(phone: Phone, person: Person) -> None:
    phone.visit(at(person))
    phone.cut()
    phone.page.fill("[name=name]", "王大明")
    phone.save()
    phone.page.wait_for_url("**/waiting/")
    phone.page.get_by_text("Discard…").click()
    phone.page.get_by_text("Discard for good").click()
    phone.page.wait_for_selector("[data-part=nothing]")
    assert phone.entries() == []


def test_signing_out_forgets_pages_but_not_what_waits(
    phone: Phone, person: Person, world: World, live_server: Any
) -> None:
    phone.visit(at(person))
    phone.cut()
    phone.page.fill("[name=name]", "王大明")
    phone.save()
    phone.page.wait_for_url("**/waiting/")
    phone.page.context.clear_cookies()
    phone.restore()
    phone.page.wait_for_url("**/accounts/login/**")
    expect(phone.shown("[data-entries-wait]")).to_be_visible()
    until(phone.page, "async () => (await houqinEntries.all())[0].state === 'signin'")
    assert deeds() == 0

    other = Visitor(phone.page, live_server.url, "hu")
    until(other.page, KEPT_BY, str(world.hu.public_id))
    pages = {name: set(paths) for name, paths in other.page.evaluate(KEPT) if name.startswith("houqin-pages")}
    assert pages == {f"houqin-pages:{world.hu.public_id}": {"/", "/waiting/", "/offline/"}}, "nothing of gao's is left"
    other.visit("/waiting/")
    expect(other.page.locator(".waiting-list").first).to_contain_text("It belongs to 高校长.", use_inner_text=True)
    expect(other.page.locator("main").first).not_to_contain_text("王大明", use_inner_text=True)
    other.visit("/more/")
    other.page.locator('main form[action$="/logout/"] button').click()
    other.page.wait_for_url("**/accounts/login/**")
    names = [name for name, paths in other.page.evaluate(KEPT) if paths and name.startswith("houqin-pages")]
    assert names == []

    back = Visitor(phone.page, live_server.url, "gao")
    until(back.page, ALL_SENT)
    assert deeds() == 1


def test_a_new_version_takes_over_and_an_open_form_does_not_notice(
    phone: Phone, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.visit(at(person))
    phone.page.fill("[name=name]", "王大明")
    script = installing.worker()
    monkeypatch.setattr(installing, "worker", lambda: f"{script}// a new version\n")
    phone.page.evaluate(
        """() => new Promise((done) => {
          navigator.serviceWorker.addEventListener("controllerchange", () => done());
          navigator.serviceWorker.getRegistration().then((registration) => registration.update());
        })"""
    )
    expect(phone.page.locator("[name=name]")).to_have_value("王大明")
    phone.cut()
    phone.save()
    phone.page.wait_for_url("**/waiting/")
    phone.restore()
    until(phone.page, ALL_SENT)
    assert deeds() == 1


def test_two_tabs_send_each_entry_once_and_know_the_same(phone: Phone, person: Person) -> None:
    second = phone.page.context.new_page()
    second.goto(phone.address + "/")
    phone.visit(at(person))
    phone.cut()
    phone.page.fill("[name=name]", "王大明")
    phone.save()
    phone.page.wait_for_url("**/waiting/")
    second.wait_for_selector("[data-waiting-link]:not([hidden])")
    posts: list[str] = []
    phone.page.context.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    phone.restore()
    phone.waits_for_state("passed")
    second.wait_for_selector("[data-waiting-link]", state="hidden")
    assert len(posts) == 1
    assert deeds() == 1


def test_a_row_of_today_says_that_its_entry_waits(
    phone: Phone, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "_sources", [lambda viewer: [today.TodayRow("Rename", url=at(person), button="Do it")]])
    phone.visit("/")
    until(phone.page, "async () => (await (await caches.match('/')).text()).includes('Do it')")
    phone.visit(at(person))
    phone.cut()
    phone.page.fill("[name=name]", "王大明")
    phone.save()
    phone.page.wait_for_url("**/waiting/")
    phone.page.goto(phone.address + "/")
    phone.page.wait_for_selector("[data-row-waits]")


def test_without_a_script_the_form_works_as_ever(person: Person, live_server: Any, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 844})
    visitor = Visitor(context.new_page(), live_server.url, "gao", PASSWORD)
    visitor.visit(at(person))
    visitor.page.fill("[name=name]", "王大明")
    visitor.send()
    context.close()
    assert deeds() == 1
