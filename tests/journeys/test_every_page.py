"""Every page of the navigation, for each role: it fits, it is spoken in one language, and axe finds no serious fault."""

from collections.abc import Callable
from typing import Any

import pytest

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.pupils import PupilLine, enrol_pupils
from houqin.core.people.actions.staff import RosterLine, record_roster
from houqin.modules.canteen.tests.recall_scene import make_scene
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.world import TODAY, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
SHELL = ("/", "/more/", "/search/?q=柳河", "/scope/", "/notices/", "/accounts/password/change/")
# Outside data (cells, facts, what somebody wrote) a Chinese page has no run of three Latin words.
LATIN = """() => {
  const data = "script, style, template, td, dd, .row-card, .due-words, .story, option, [lang=en], .account-name, .menu-head";
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim();
    if (/[A-Za-z]{2,} +[A-Za-z]+ +[A-Za-z]{2,}/.test(words) && !walker.currentNode.parentElement.closest(data)) found.push(words);
  }
  for (const one of document.querySelectorAll("[placeholder], [aria-label], [title]"))
    for (const name of ["placeholder", "aria-label", "title"]) {
      const words = one.getAttribute(name) || "";
      if (/[A-Za-z]{2,} +[A-Za-z]+ +[A-Za-z]{2,}/.test(words)) found.push(words);
    }
  return found;
}"""
HAN = """() => [...document.querySelectorAll("h1, h2, th, label, legend, .btn, .side-link, .tabs a, .chip > summary, dt")]
  .filter((one) => !one.closest("[lang=zh-hans], .menu-head, .pick, .chip-body")).map((one) => one.textContent.trim())
  .filter((words) => /[\\u4e00-\\u9fff]/.test(words) && !/[A-Za-z]{2,}/.test(words))"""


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast with something in every list, and a recall that waits for answers."""
    world = make_world()
    load_catalogues(by=world.system)
    record_roster(world.school_a, by=world.viewer("gao"), lines=[RosterLine("王桂英", post="厨师")], from_on=TODAY)
    pupils = [PupilLine("李小红", class_name="三年级一班")]
    enrol_pupils(world.school_a, by=world.viewer("gao"), lines=pupils, enrolled_on=TODAY)
    make_scene(world).launched()
    return world


def addresses(visitor: Visitor) -> list[str]:
    """The shell's own pages and what stands in this person's navigation."""
    visitor.visit("/more/")
    links = visitor.page.eval_on_selector_all(
        "main .menu-list a", "found => found.map((one) => one.getAttribute('href'))"
    )
    return list(dict.fromkeys([*SHELL, *links]))


def listening(page: Any, wrong: list[str]) -> Any:
    """The page, with what its console complains of."""
    page.on("console", lambda message: wrong.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    return page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_is_sound_on_desk_and_phone(
    world: World, live_server: Any, open_page: OpenPage, language: str
) -> None:
    """The town's head and the operator have all pages between them; a page turns from desk to phone by its width."""
    wrong: list[str] = []
    seen: set[str] = set()
    for name in ("bo", "op"):
        page = listening(open_page(width=DESKTOP, language=language), wrong)
        visitor = Visitor(page, live_server.url, name)
        for path in [path for path in addresses(visitor) if path not in seen]:
            seen.add(path)
            page.set_viewport_size({"width": DESKTOP, "height": 900})
            assert visitor.visit(path) == 200, path
            visitor.is_sound() if language == "en" else visitor.fits()
            page.set_viewport_size({"width": PHONE, "height": 844})
            visitor.is_sound() if language != "en" else visitor.fits()
            foreign = page.evaluate(LATIN if language == "zh-CN" else HAN)
            wrong += [f"{name} {path}: {words}" for words in foreign]
    assert wrong == []


def test_every_role_opens_every_page_of_its_navigation(world: World, live_server: Any, open_page: OpenPage) -> None:
    """Today and the shell drawn for each role; the other pages drawn for the first that has them, opened by all."""
    wrong: list[str] = []
    drawn: set[str] = set()
    for name in ("gao", "an", "eve", "du", "bai"):
        page = listening(open_page(width=PHONE), wrong)
        visitor = Visitor(page, live_server.url, name)
        for path in addresses(visitor):
            if path in drawn and path not in SHELL[:2]:
                assert page.request.get(live_server.url + path).status == 200, f"{name} {path}"
                continue
            drawn.add(path)
            assert visitor.visit(path) == 200, f"{name} {path}"
            visitor.fits()
            wrong += [f"{name} {path}: {words}" for words in page.evaluate(LATIN)]
    assert wrong == []


def test_dark_pages_keep_their_contrast(world: World, live_server: Any, browser: Any, open_page: OpenPage) -> None:
    page = open_page(width=PHONE)
    page.emulate_media(color_scheme="dark")
    visitor = Visitor(page, live_server.url, "gao")
    for path in ("/", "/insight/", "/console/roles/", "/canteen/lots/"):
        assert visitor.visit(path) == 200, path
        visitor.is_sound()
