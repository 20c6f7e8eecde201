"""A screen: the list, the page, the deeds and the export of one model, declared in a few lines."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path

from houqin.core.scope.viewer import covers
from houqin.ui import nav
from houqin.ui.pages import page
from houqin.ui.screens import acting, bulk, detail, export, labelling, listing
from houqin.ui.screens.actions import Action
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.further import offered
from houqin.ui.screens.links import LOCATORS
from houqin.ui.screens.look import Look, follow


class Screen(Declared):
    """Declare attributes, put ``*MyScreen.urls()`` into the app's urlpatterns, done."""

    @classmethod
    def urls(cls) -> list[URLPattern]:
        """The screen's addresses; asking for them also puts it into the navigation."""
        cls._announce()
        if cls.has_detail:
            more = offered(cls.model)
            cls.actions = [*cls.actions, *more.actions]
            cls.panels = [*cls.panels[:-1], *more.panels, *cls.panels[-1:]]
        here = cls()
        ref = "<uuid:ref>" if cls.veiled or hasattr(cls.model, "public_id") else "<int:ref>"
        found = [
            cls._path("", "", lambda request: listing.list_page(here, request)),
            cls._path("export/", "export", lambda request: export.export(here, request)),
        ]
        if cls.create is not None:
            found.append(cls._path("new/", "new", _deed(here, cls.create), cls.create.permission))
        if cls.labelled:
            labelling.announce(here)
            found.append(cls._path("labels/", "labels", lambda request: labelling.label_sheet(here, request)))
        if cls.has_detail:
            found.append(cls._path(f"{ref}/", "detail", lambda request, ref: detail.detail_page(here, request, ref)))
        for action in cls.actions:
            found.append(cls._path(f"{ref}/{action.slug}/", action.slug, _deed(here, action)))
            if action.bulk:
                route = f"many/{action.slug}/"
                found.append(cls._path(route, action.many, _deed_on_many(here, action), action.permission))
        return found

    @classmethod
    def _path(cls, route: str, what: str, view: Callable[..., HttpResponseBase], permission: str = "") -> URLPattern:
        guarded = page(permission=permission or cls.view_permission)(_named(view, f"{cls.__name__}.{what}"))
        name = f"{cls.slug}-{what}" if what else cls.slug
        return path(f"{cls.slug}/{route}", guarded, name=name)

    @classmethod
    def _announce(cls) -> None:
        """Into the navigation, and among the pages that links find."""
        if cls.family is not None:
            nav.register(
                nav.NavItem(
                    family=cls.family, title=cls.title, url_name=f"{cls.namespace}:{cls.slug}",
                    permission=cls.view_permission, icon=cls.icon, order=cls.order, phone=cls.phone,
                )
            )  # fmt: skip
        if cls.has_detail:
            LOCATORS.setdefault(cls.model, cls._locate)

    @classmethod
    def _locate(cls, row: Any, look: Look) -> str:
        """The row's page, for those within whose reach it lies: a link never leads to a 404."""
        model: Any = cls.model
        path = follow(row, model.SCOPE_PATH) or ""
        reach = look.reach(cls.view_permission)
        below = any(covers(upper, path) for upper in reach)
        above = model.INHERITED and any(covers(path, upper) for upper in reach)
        return cls.row_url(row) if below or above else ""


def _deed(screen: Screen, action: Action) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, ref: Any = None) -> HttpResponse:
        return acting.act(screen, action, request, ref)

    return view


def _deed_on_many(screen: Screen, action: Action) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        return bulk.act_on_many(screen, action, request)

    return view


def _named(view: Callable[..., HttpResponseBase], name: str) -> Callable[..., HttpResponseBase]:
    view.__name__ = view.__qualname__ = name
    return view
