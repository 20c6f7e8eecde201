"""Slogan frameworks: what they name, and what shows each member at a school. Nothing is scored."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.orgs.schools import WHOLE, school_of
from houqin.core.scope.refusals import NotVisible, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.inspections.actions.frameworks import name_members
from houqin.modules.inspections.catalogue import Framework
from houqin.modules.inspections.evidence import own_names, shown_at
from houqin.modules.inspections.list_forms import NamesForm
from houqin.modules.inspections.lists import frameworks_on
from houqin.modules.inspections.models import OwnFramework
from houqin.ui import nav
from houqin.ui.choosing import choose_school
from houqin.ui.focus import focus_of, unit_of
from houqin.ui.keys import Outcome, key_of
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens import Action
from houqin.ui.screens.acting import carry_out

VIEW, SET = "inspections.view", "inspections.set_rounds"
TITLE = _("Frameworks")
LEVELS = {
    "province": _("Province"), "city": _("City"), "district": _("District"), "town": _("Town"), "school": _("School"),
}  # fmt: skip
MARKS = dict(CatalogueItem.Confidence.choices)
NAME = Action(
    verb=name_members, label=_("Name the members"), permission=SET, icon="pencil", form=NamesForm,
    help=_("It holds for this unit and all below it. What the founding document spells out stays as it is."),
)  # fmt: skip


@page(permission=VIEW)
def frameworks(request: HttpRequest) -> HttpResponse:
    """Every framework with its members, its document, and whether that document spells them out."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    org, language = unit_of(request), get_language() or ""
    called = own_names(org)
    rows = [
        {
            "one": one,
            "title": one.title(language),
            "level": LEVELS[one.level],
            "members": _members(one, called[one.code]),
        }
        for one in frameworks_on(viewer.today).values()
    ]
    return render(request, "inspections/frameworks.html", {"title": TITLE, "rows": rows, "org": org})


@page(permission=VIEW)
def framework(request: HttpRequest, code: str) -> HttpResponse:
    """What shows each member at a school: when it was last looked at or written, with the way there."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    held, language = _held(code, viewer), get_language() or ""
    school = school_of(viewer, focus_of(request).org, VIEW, WHOLE)
    if school is None:
        return choose_school(request, held.title(language), VIEW, WHOLE)
    require(viewer, VIEW, at=school)
    context = {
        "title": held.title(language), "held": held, "school": school, "shown": shown_at(held, school, viewer),
        "level": LEVELS[held.level], "mark": MARKS[held.confidence],
        "about": held.about_zh if language.startswith("zh") else held.about_en,
        "may_name": not held.spelled_out and viewer.may(SET, school.path),
    }  # fmt: skip
    return render(request, "inspections/framework.html", context)


@page(permission=SET)
def names(request: HttpRequest, code: str) -> HttpResponse:
    """What the members are called at the unit looked at, by which document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    held, org, language = _held(code, viewer), unit_of(request), get_language() or ""
    require(viewer, SET, at=org)
    if held.spelled_out:
        raise NotVisible
    own = OwnFramework.objects.visible_to(viewer).filter(org=org, framework=code, ended_at__isnull=True).first()
    initial = {f"name-{key}": name for key, name in own.names.items()} | {"source": own.source} if own else {}
    form = NamesForm(request.POST or None, viewer=viewer, framework=held, initial=initial)
    back = f"{reverse('inspections:frameworks')}?under={org.path}"

    def run() -> Outcome:
        name_members(org, by=viewer, framework=code, **form.arguments())
        return back, gettext("The members are named.")

    if request.method == "POST" and (answer := carry_out(request, run, form=form)):
        return answer
    context: dict[str, Any] = {
        "screen": {"title": TITLE}, "list_url": back, "back": back, "action": NAME, "form": form,
        "title": held.title(language), "words": NAME.label, "key": key_of(request), "facts": [(_("Unit"), org.name)],
    }  # fmt: skip
    return render(request, "ui/form.html", context, status=422 if request.method == "POST" else 200)


def _held(code: str, viewer: Viewer) -> Framework:
    found = frameworks_on(viewer.today).get(code)
    if found is None:
        raise NotVisible
    return found


def _members(one: Framework, called: dict[str, str]) -> list[tuple[str, bool, bool]]:
    """What each member is called here, whether the document spells it out, and whether a unit named it."""
    language = get_language() or ""
    return [
        (
            member.title(language) if member.spelled_out else called.get(member.code, member.title(language)),
            member.spelled_out, not member.spelled_out and member.code in called,
        )
        for member in one.members
    ]  # fmt: skip


nav.register(
    nav.NavItem(
        family=Family.STANDARD,
        title=TITLE,
        url_name="inspections:frameworks",
        permission=VIEW,
        icon="sitemap",
        order=70,
    )
)
urlpatterns = [
    path("frameworks/", frameworks, name="frameworks"),
    path("frameworks/<slug:code>/", framework, name="framework"),
    path("frameworks/<slug:code>/members/", names, name="framework-names"),
]
