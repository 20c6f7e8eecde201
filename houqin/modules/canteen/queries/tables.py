"""Meals with their dishes, and menus as a week's table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import named_day
from houqin.modules.canteen.models import Meal, MealKind, Menu, MenuDish
from houqin.modules.canteen.queries.dishes import cooked_dishes, menus_of
from houqin.modules.canteen.queries.eaters import eaten_sentence, eaters_of

WEEK = timedelta(days=7)


def dishes_of(menu: Menu) -> QuerySet[Any]:
    """The dishes of a menu with what goes into them."""
    return MenuDish.objects.filter(menu=menu).prefetch_related("ingredients__product").order_by("position")


def meal_facts(meal: Meal) -> dict[str, Any]:
    """What was cooked, by which menu, and how many ate."""
    held = menus_of([meal]).get(meal.pk)
    menu = Menu.objects.filter(pk=held).first() if held else None
    return {"menu": menu, "dishes": cooked_dishes([meal])[meal.pk], "eaten": eaten_sentence(eaters_of([meal])[meal.pk])}


@dataclass
class Row:
    """One meal of the week: its menus day by day."""

    kind: MealKind
    days: list[list[Menu]] = field(default_factory=list)


def menu_week(viewer: Viewer, asked: str, org: OrgUnit | None) -> dict[str, Any]:
    """The week of a day (else the last week that has a menu), days across and meals down."""
    visible = Menu.objects.visible_to(viewer)
    if org is not None:
        visible = visible.filter(org__path__in=[*org.ancestor_paths, org.path])
    start = _monday(named_day(asked) or _latest(visible, viewer))
    days = [start + timedelta(days=step) for step in range(7)]
    menus = (
        visible.filter(day__gte=days[0], day__lte=days[-1])
        .select_related("org")
        .prefetch_related("dishes__ingredients__product")
        .order_by("org__path")
    )
    held = _by_cell(menus)
    days = [day for day in days if day.weekday() < 5 or any(held[(day, kind)] for kind in MealKind)]
    return {
        "days": days, "rows": [Row(kind, [held[(day, kind)] for day in days]) for kind in MealKind],
        "anything": bool(held), "before": start - WEEK, "after": start + WEEK, "start": start,
    }  # fmt: skip


def _by_cell(menus: Iterable[Menu]) -> dict[tuple[date, str], list[Menu]]:
    held: dict[tuple[date, str], list[Menu]] = defaultdict(list)
    for menu in menus:
        held[(menu.day, menu.kind)].append(menu)
    return held


def _latest(visible: QuerySet[Any], viewer: Viewer) -> date:
    last: date | None = visible.filter(day__lte=viewer.today + WEEK).aggregate(last=Max("day"))["last"]
    return last or viewer.today


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
