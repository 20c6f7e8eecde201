"""The office previews and opens a recall by two persons, the schools answer, the report is printed; strangers see nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.grants.viewers import viewer_for
from houqin.modules.canteen.actions.recalls import launch_recall, propose_recall
from houqin.modules.canteen.models import Lot, Recall, RecallAnswer
from houqin.modules.canteen.tests.recall_scene import REASON, Scene, make_scene
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """The bad batch, as of today."""
    return make_scene(make_world(), today=timezone.localdate())


@pytest.mark.parametrize(("width", "language"), [(DESKTOP, "zh-CN"), (PHONE, "zh-CN"), (DESKTOP, "en"), (PHONE, "en")])
def test_a_bad_batch_is_traced_frozen_answered_and_reported(
    scene: Scene, live_server: Any, open_page: OpenPage, width: int, language: str
) -> None:
    def signed_in(name: str) -> Visitor:
        return Visitor(open_page(width=width, language=language), live_server.url, name)

    first = signed_in("bo")
    _preview_and_prepare(first, scene)
    recall = Recall.objects.get()
    assert recall.state == Recall.State.PROPOSED
    assert not Lot.objects.filter(frozen_by__isnull=False).exists()

    second = signed_in("bai")
    _launch(second, recall)
    frozen = set(Lot.objects.filter(frozen_by=recall).values_list("pk", flat=True))
    assert frozen == {scene.lot_a.pk, scene.undated_a.pk, scene.lot_b.pk}

    for name, school, found in [
        ("an", scene.world.school_a, {"store": "10", "kitchen": "4.5", "pot": "0.5", "served": "8"}),
        ("hu", scene.world.school_b, {"store": "30", "kitchen": "0", "pot": "0", "served": "0"}),
    ]:
        answer = RecallAnswer.objects.get(recall=recall, org=school)
        _answer(signed_in(name), answer, found)
    answer_a = RecallAnswer.objects.get(org=scene.world.school_a)
    assert (answer_a.store_grams, answer_a.kitchen_grams, answer_a.pot_grams) == (10_000, 4_500, 500)

    _close_and_print(first, recall)
    recall.refresh_from_db()
    assert recall.state == Recall.State.CLOSED


def _preview_and_prepare(office: Visitor, scene: Scene) -> None:
    page = office.page
    office.visit("/canteen/trace/")
    office.is_sound()
    page.fill("#ask-supplier", "宏发")
    page.fill("#ask-product", "鸡腿")
    page.fill("#ask-produced", scene.bad_day.isoformat())
    page.locator("form.ask button").click()
    page.wait_for_selector(".sentence")
    expect(page.locator(".sentence").first, "two schools of the town had it").to_contain_text("2", use_inner_text=True)
    expect(page.locator("main").first, "the trace stops at the reach of the town").not_to_contain_text(
        scene.world.school_c.name, use_inner_text=True
    )
    page.wait_for_selector("[data-chart] svg")
    office.is_sound()
    office.shown("main a[href*='/canteen/recalls/new/']").click()
    expect(page.locator("[name=produced_on]")).to_have_value(scene.bad_day.isoformat())
    page.fill("[name=reason]", REASON)
    office.is_sound()
    page.locator(".entry-foot button").click()
    page.wait_for_selector(".board-sentence")
    expect(page.locator("main a[href*='launch-recall']"), "who prepared it cannot launch it").to_have_count(0)
    office.is_sound()


def _launch(office: Visitor, recall: Recall) -> None:
    page = office.page
    office.visit("/")
    office.shown(f"a[href='/canteen/recalls/{recall.public_id}/']").click()
    page.wait_for_selector(".board-sentence")
    office.is_sound()
    office.shown("a[href*='launch-recall']").click()
    page.locator(".entry-foot button").click()
    page.wait_for_selector("#schools")
    office.is_sound()


def _answer(school: Visitor, answer: RecallAnswer, found: dict[str, str]) -> None:
    page = school.page
    school.visit("/")
    school.is_sound()
    school.shown(f"a[href='/canteen/recall-notices/{answer.pk}/']").click()
    page.wait_for_selector(".todo")
    school.is_sound()
    school.shown("form[action*='acknowledge-recall'] button").click()
    school.shown("a[href*='report-found']").click()
    for place, kilograms in found.items():
        page.fill(f"[name={place}_grams]", kilograms)
    school.is_sound()
    page.locator(".entry-foot button").click()
    page.wait_for_selector(".todo")
    answer.refresh_from_db()
    assert answer.answered_at is not None


def _close_and_print(office: Visitor, recall: Recall) -> None:
    page = office.page
    office.visit(f"/canteen/recalls/{recall.public_id}/close-recall/")
    page.fill("[name=report]", "全部封存，等待处置。")
    office.is_sound()
    page.locator(".entry-foot button").click()
    page.wait_for_selector("#schools")
    office.visit(f"/canteen/recalls/{recall.public_id}/report/")
    page.wait_for_selector("table")
    text = page.inner_text("body")
    for word in (recall.number, "柳河中心小学", "柳河初级中学", "4.5", "全部封存，等待处置。"):
        assert word in text
    office.is_sound()
    assert len(page.pdf(format="A4")) > 10_000


def test_a_strangers_school_is_invisible(scene: Scene, live_server: Any, open_page: OpenPage) -> None:
    by = {name: viewer_for(getattr(scene.world, name)) for name in ("bo", "bai")}
    recall = launch_recall(propose_recall(scene.world.town, by=by["bo"], **scene.asked()), by=by["bai"])
    answer = recall.answers.get(org=scene.world.school_a)
    meal = scene.lot_a.moves.filter(meal__isnull=False).first().meal
    hidden = [
        f"/canteen/recalls/{recall.public_id}/", f"/canteen/recalls/{recall.public_id}/report/",
        f"/canteen/recall-notices/{answer.pk}/", f"/canteen/recall-notices/{answer.pk}/report-found/",
        f"/canteen/lots/{scene.lot_a.public_id}/", f"/canteen/meals/{meal.public_id}/",
        f"/canteen/trace/?lot={scene.lot_a.public_id}", f"/canteen/trace/?meal={meal.public_id}",
    ]  # fmt: skip
    stranger = Visitor(open_page(), live_server.url, "chen")
    assert {stranger.visit(path) for path in hidden} == {404}
    stranger.is_sound()
    stranger.visit(f"/canteen/trace/?supplier=宏发&product=鸡腿&produced={scene.bad_day}")
    expect(stranger.page.locator("main").first).to_contain_text("石桥小学", use_inner_text=True)
    expect(stranger.page.locator("main").first).not_to_contain_text("柳河", use_inner_text=True)
    neighbour = Visitor(open_page(width=PHONE), live_server.url, "hu")
    assert neighbour.visit(f"/canteen/recall-notices/{answer.pk}/") == 404
    neighbour.visit("/canteen/recall-notices/")
    expect(neighbour.page.locator("main").first).not_to_contain_text("柳河中心小学", use_inner_text=True)


def test_a_drill_cannot_be_mistaken(scene: Scene, live_server: Any, open_page: OpenPage) -> None:
    by = {name: viewer_for(getattr(scene.world, name)) for name in ("bo", "bai")}
    recall = launch_recall(propose_recall(scene.world.town, by=by["bo"], **scene.asked(is_drill=True)), by=by["bai"])
    answer = recall.answers.get(org=scene.world.school_a)
    school = Visitor(open_page(width=PHONE), live_server.url, "an")
    for path in ("/", f"/canteen/recall-notices/{answer.pk}/", "/canteen/recall-notices/", "/notices/"):
        school.visit(path)
        assert "演练" in school.page.inner_text("main"), path
    office = Visitor(open_page(), live_server.url, "bo")
    for path in ("/", f"/canteen/recalls/{recall.public_id}/", f"/canteen/recalls/{recall.public_id}/report/"):
        office.visit(path)
        assert "演练" in office.page.inner_text("body"), path
    assert not Lot.objects.filter(frozen_by__isnull=False).exists()
