"""Which rows a list shows: what is visible, narrowed by scope, saved view, search, filters.

The page, its print and its export all ask here, so that what comes out is exactly what is seen.
"""

from dataclasses import dataclass
from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from houqin.core.scope.viewer import Viewer
from houqin.ui.focus import Focus, focus_of
from houqin.ui.screens.columns import fields_along
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.filters import filterset

MOST_WORDS = 6
_CHOOSES_NOTHING = frozenset({"under", "sort", "page", "per", "print", "format", "full"})


@dataclass
class Selection:
    """The rows asked for, and what was asked."""

    rows: QuerySet[Any]
    filters: df.FilterSet
    focus: Focus
    view: str
    text: str
    valid: bool


def _searched(screen: Declared, text: str) -> Q:
    """Every word must stand in one of the fields, or be found by what the screen knows of it."""
    condition = Q()
    for word in text.split()[:MOST_WORDS]:
        anywhere = screen.get_search(word)
        for name in screen.search:
            anywhere |= Q(**{f"{name}__icontains": word})
        condition &= anywhere
    return condition


def _repeats(screen: Declared) -> bool:
    """Whether one row may be found several times: by each of the many rows that belong to it and are searched as well.

    Sorting out doubles afterwards (DISTINCT) would read every row of the list before its first page.
    """
    model: Any = screen.model
    along = [field for name in screen.search for field in fields_along(model, name)]
    return any(field.one_to_many or field.many_to_many for field in along)


def _saved(screen: Declared, name: str, viewer: Viewer) -> Q:
    if name not in screen.views:
        return Q()
    condition = screen.views[name][1]
    return condition if isinstance(condition, Q) else condition(viewer)


def _steady(screen: Declared, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The screen's own order, as if its column had been chosen; with the key last so that pages never overlap."""
    given = _by_column(screen) or rows.query.order_by or rows.model._meta.ordering or ()
    return rows.order_by(*given, "-pk")


def _by_column(screen: Declared) -> list[str]:
    """The fields by which the column orders that the screen's ``sort`` names; the name itself where no column has it."""
    falls, name = screen.sort.startswith("-"), screen.sort.removeprefix("-")
    column = next((one for one in screen.columns if one.name == name), None)
    fields = (column.order_by if column else ()) or ((name,) if name else ())
    return [_turned(one) if falls else one for one in fields]


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def select(screen: Declared, request: HttpRequest) -> Selection:
    """Read the address and give the rows it names."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    focus = focus_of(request)
    model: Any = screen.model
    view = request.GET.get("view", "" if set(request.GET) - _CHOOSES_NOTHING else screen.opens_on)
    view = view if view in screen.views else ""
    text = request.GET.get("q", "").strip()
    rows = screen.rows_for(viewer).filter(focus.narrow(model.SCOPE_PATH, inherited=model.INHERITED))
    if view:
        rows = rows.filter(_saved(screen, view, viewer))
    if text and screen.search:
        found = rows.filter(_searched(screen, text))
        rows = rows.filter(pk__in=found.values("pk")) if _repeats(screen) else found
    filters = filterset(screen.filters, request.GET, rows, viewer)
    valid = filters.form.is_valid()
    chosen = filters.qs if valid else rows.none()
    return Selection(screen.with_joins(_steady(screen, chosen)), filters, focus, view, text, valid)
