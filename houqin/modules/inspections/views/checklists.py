"""The checklists: the list with search, one to read, one to take along on paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.orgs.models import CanteenMode
from houqin.core.orgs.schools import WHOLE, school_of
from houqin.core.people.posts import post_kinds
from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.models import Severity
from houqin.modules.inspections.asked import known_facts
from houqin.modules.inspections.items import ForSchools, Item, Section
from houqin.modules.inspections.lists import Held, list_on, lists_on
from houqin.modules.inspections.words import FAMILIES
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.nav import Family
from houqin.ui.pages import page

VIEW = "inspections.view"
TITLE = _("Checklists")
MARKS = dict(CatalogueItem.Confidence.choices)
MODES = dict(CanteenMode.choices)


@dataclass(frozen=True)
class Row:
    """One checklist in the list: how much it asks, of whom, and how much of it in the school looked at (None: no school)."""

    held: Held
    url: str
    family: Any
    whom: str
    count: int
    red: int
    here: int | None


@dataclass(frozen=True)
class Line:
    """One item in words."""

    item: Item
    number: int
    words: str
    how: str
    good: str
    bounds: str
    whom: str
    post: str
    severity: Any
    mark: Any

    @property
    def levels(self) -> range:
        """The levels of a graded item, the worst first."""
        return range(self.item.levels)


@page(permission=VIEW)
def checklists(request: HttpRequest) -> HttpResponse:
    """Every checklist in force, by what it is about; found by a word of its name or of its items."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    school = school_of(viewer, focus_of(request).org, VIEW, WHOLE)
    facts = known_facts(school, viewer.today) if school else None
    known = lists_on(viewer.today)
    word, family = request.GET.get("q", "").strip(), request.GET.get("family", "")
    rows = [
        _row(held, facts)
        for held in known.values()
        if family in ("", held.checklist.family) and _holds(held, word.casefold())
    ]
    present = [
        (code, label) for code, label in FAMILIES.items() if code in {one.checklist.family for one in known.values()}
    ]
    context = {
        "title": TITLE, "rows": rows, "word": word, "family": family, "school": school,
        "families": [(label, "?" + urlencode({"q": word, "family": code}), code == family) for code, label in present],
        "all_url": "?" + urlencode({"q": word}),
    }  # fmt: skip
    return render(request, "inspections/checklists.html", context)


@page(permission=VIEW)
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    """One checklist to read: what is looked at, how, what good looks like, by which text."""
    return render(request, "inspections/checklist.html", _context(request, code))


@page(permission=VIEW)
def checklist_print(request: HttpRequest, code: str) -> HttpResponse:
    """The same on A4, to take along where no telephone goes: boxes to tick, lines to write on."""
    return render(request, "inspections/checklist_print.html", _context(request, code))


def _context(request: HttpRequest, code: str) -> dict[str, Any]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    held = list_on(code, viewer.today)
    school = school_of(viewer, focus_of(request).org, VIEW, WHOLE)
    facts = known_facts(school, viewer.today) if school else None
    asked = held.checklist.items if facts is None else held.checklist.for_school(*facts)
    language, one = get_language() or "", held.checklist
    return {
        "title": one.title(language), "held": held, "one": one, "school": school, "family": FAMILIES[one.family],
        "guide": one.guide_zh if language.startswith("zh") else one.guide_en, "whom": whom(one.applies),
        "sections": list(_sections(one.sections, asked, post_kinds(viewer.today))),
        "count": len(asked), "red": sum(item.red_line for item in asked), "mark": MARKS[one.confidence],
        "grades": [(grade.least, grade.zh if language.startswith("zh") else grade.en) for grade in one.grades],
        "not_here": facts is not None and not asked,
        "may_check": one.self_check and bool(asked) and viewer.may_anywhere("inspections.self_check"),
    }  # fmt: skip


def _sections(
    sections: Iterable[Section], asked: Iterable[Item], kinds: dict[str, Any]
) -> Iterator[tuple[str, list[Line]]]:
    """Sections with their items, numbered through; none of those that ask nothing here."""
    language, number = get_language() or "", 0
    wanted = {item.code for item in asked}
    for section in sections:
        lines = []
        for item in section.items:
            if item.code in wanted:
                number += 1
                lines.append(_line(item, number, language, kinds))
        if lines:
            yield section.title(language), lines


def _line(item: Item, number: int, language: str, kinds: dict[str, Any]) -> Line:
    kind = kinds.get(item.post)
    post = (kind.title_zh if language.startswith("zh") else kind.title_en) if kind else ""
    return Line(
        item, number, item.title(language), item.how(language), item.good(language), bounds_of(item), whom(item.applies), post,
        Severity(item.severity).label, MARKS[item.confidence],
    )  # fmt: skip


def bounds_of(item: Item) -> str:
    """The limits of a measured item, as they are read: 0–8 ℃."""
    found = []
    for limit in item.limits:
        if limit.min is not None and limit.max is not None:
            found.append(f"{limit.min}–{limit.max}")
        else:
            found.append(f"≥ {limit.min}" if limit.max is None else f"≤ {limit.max}")
    return f"{', '.join(found)} {item.unit}" if found else ""


def whom(applies: ForSchools) -> str:
    """For which schools, in words; empty: for all."""
    said = [gettext("Schools with boarders")] if applies.boarders else []
    if applies.canteen_modes:
        said.append(" / ".join(str(MODES[mode]) for mode in applies.canteen_modes))
    elif applies.canteen:
        said.append(gettext("Schools that serve meals"))
    if applies.types:
        said.append("、".join(applies.types))
    return " · ".join(said)


def _row(held: Held, facts: tuple[str, int, str] | None) -> Row:
    one = held.checklist
    return Row(
        held, reverse("inspections:checklist", args=[one.code]), FAMILIES[one.family], whom(one.applies), len(one.items),
        sum(item.red_line for item in one.items), None if facts is None else len(one.for_school(*facts)),
    )  # fmt: skip


def _holds(held: Held, word: str) -> bool:
    """Whether a word stands in the name of a checklist or in one of its items, in either language."""
    one = held.checklist
    texts = [one.title_zh, one.title_en, *(text for item in one.items for text in (item.zh, item.en))]
    return not word or any(word in text.casefold() for text in texts)


nav.register(
    nav.NavItem(
        family=Family.SAFE,
        title=TITLE,
        url_name="inspections:checklists",
        permission=VIEW,
        icon="clipboard-list",
        order=12,
    )
)
urlpatterns = [
    path("checklists/", checklists, name="checklists"),
    path("checklists/<slug:code>/", checklist, name="checklist"),
    path("checklists/<slug:code>/print/", checklist_print, name="checklist-print"),
]
