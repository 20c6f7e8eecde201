"""Weighed menus: the list, and the week as a table of days and meals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Menu
from houqin.modules.canteen.queries import tables
from houqin.ui import nav
from houqin.ui.focus import focus_of
from houqin.ui.pages import page
from houqin.ui.screens import Block, Column, Day, Facts, Family, Link, Screen, Timeline


class MenuScreen(Screen):
    """The menu of one meal."""

    model = Menu
    slug = "menus"
    title = _("Weighed menus")
    icon = "tools-kitchen"
    columns = [
        Column("menu", _("Meal"), value=str, sort=["day", "kind"], card="title"),
        Day("day", sort=True, card="no"),
        Column("kind", card="no"),
        Column(
            "dishes", _("Dishes"), value=lambda row: "、".join(str(dish) for dish in row.dishes.all()), prefetch=["dishes"],
            card="fact",
        ),
        Link("org", _("Made by"), sort="org__path", card="fact"),
    ]  # fmt: skip
    filters = {"day": "range", "kind": "choice", "org": "choice"}
    search = ["dishes__name"]
    panels = [
        Facts([Day("day"), Column("kind"), Link("org")]),
        Block("canteen/menu_dishes.html", lambda row, viewer: {"dishes": tables.dishes_of(row)}),
        Timeline(),
    ]


@page(permission="canteen.view")
def week(request: HttpRequest) -> HttpResponse:
    """A week's menus: days across, meals down."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    found = tables.menu_week(viewer, request.GET.get("day", ""), focus.org)
    return render(request, "canteen/menu_week.html", found | {"title": _("Weighed menus"), "chain": focus.chain})


nav.register(
    nav.NavItem(
        family=Family.SAFE, title=_("Weighed menus"), url_name="canteen:menu-week", permission="canteen.view",
        icon="tools-kitchen", order=50,
    )
)  # fmt: skip
urlpatterns = [path("menus/week/", week, name="menu-week"), *MenuScreen.urls()]
