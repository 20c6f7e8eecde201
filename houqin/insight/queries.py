"""What came in, what was served and who has not answered, for the units below one unit.

Everything is counted in sets: the number of queries does not depend on the number of schools. Counts, never a ranking:
the order is that of the tree, with units where a recall waits for an answer first.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.urls import reverse

from houqin.core.orgs.models import STEP, Kind, OrgUnit
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import DeliveryLine, Lot, Meal, RecallAnswer

DAYS = 7


@dataclass
class UnitRow:
    """One unit below: its schools and what they recorded in the period."""

    unit: OrgUnit
    schools: int = 0
    recorded: int = 0
    received_grams: int = 0
    amount_fen: int = 0
    meals: int = 0
    servings: int = 0
    pending: int = 0
    frozen: int = 0
    last_on: date | None = None
    urls: dict[str, str] = field(default_factory=dict)


@dataclass
class Overview:
    """The board of one unit over a period of days, both included."""

    first: date
    last: date
    rows: list[UnitRow]

    @property
    def of_schools(self) -> bool:
        """Whether each row is one school: then counting schools in it says nothing."""
        return bool(self.rows) and all(row.unit.kind == Kind.SCHOOL for row in self.rows)

    def total(self, name: str) -> int:
        """The sum of a figure over all units."""
        return sum(getattr(row, name) for row in self.rows)


def _grouped(rows: QuerySet[Any], path: str, width: int, **figures: Any) -> dict[str, dict[str, Any]]:
    """Figures by the unit below: the first ``width`` characters of the row's path."""
    cut = rows.order_by().annotate(unit_path=Substr(path, 1, width)).values("unit_path").annotate(**figures)
    return {row["unit_path"]: row for row in cut}


def _units(viewer: Viewer, path: str) -> list[OrgUnit]:
    """The open units one step below, or the tops of the viewer's reach."""
    units = OrgUnit.objects.visible_to(viewer).filter(closed_on__isnull=True)
    units = units.exclude(kind__in=[Kind.CANTEEN, Kind.DORMITORY, Kind.FLEET, Kind.CAMPUS])
    if path:
        return list(units.filter(parent__path=path)) or list(units.filter(path=path))
    tops = viewer.paths_for("canteen.view")
    return list(units.filter(parent__isnull=True) if tops == ("",) else units.filter(path__in=tops))


def start_path(viewer: Viewer, focus: str) -> str:
    """Where to begin: the focus, else the one top of the viewer's reach when it is an office."""
    if focus:
        return focus
    tops = viewer.paths_for("canteen.view")
    return tops[0] if len(tops) == 1 and tops[0] else ""


def overview(viewer: Viewer, focus: str = "", *, last: date | None = None, days: int = DAYS) -> Overview:
    """The board below a unit: seven queries, whatever its size."""
    last = last or viewer.today
    first = last - timedelta(days=days - 1)
    path = start_path(viewer, focus)
    units = _units(viewer, path)
    rows = {unit.path: UnitRow(unit) for unit in units}
    widths = {len(unit.path) for unit in units}
    width = widths.pop() if len(widths) == 1 else len(path) + STEP
    inside = within("org__path", (path,)) if path else Q()
    _count_schools(viewer, rows, path, width)
    _count_food(viewer, rows, inside, width, (first, last))
    _count_recalls(viewer, rows, inside, width)
    for row in rows.values():
        row.urls = urls_of(row.unit, first, last)
    return Overview(first, last, sorted(rows.values(), key=lambda row: (not row.pending, row.unit.path)))


def _count_schools(viewer: Viewer, rows: dict[str, UnitRow], path: str, width: int) -> None:
    schools = OrgUnit.objects.visible_to(viewer).schools().filter(closed_on__isnull=True)
    if path:
        schools = schools.filter(within("path", (path,)))
    for key, found in _grouped(schools, "path", width, count=Count("pk")).items():
        if key in rows:
            rows[key].schools = found["count"]


def _count_food(viewer: Viewer, rows: dict[str, UnitRow], inside: Q, width: int, period: tuple[date, date]) -> None:
    lines = DeliveryLine.objects.visible_to(viewer).standing().filter(inside, delivered_on__range=period)
    figures = _grouped(
        lines,
        "org__path",
        width,
        grams=Sum("quantity_grams"),
        fen=Sum("amount_fen"),
        recorded=Count("org", distinct=True),
        last=Max("delivered_on"),
    )
    for key, found in figures.items():
        if key in rows:
            row = rows[key]
            row.received_grams, row.amount_fen = found["grams"], found["fen"]
            row.recorded, row.last_on = found["recorded"], found["last"]
    meals = Meal.objects.visible_to(viewer).filter(inside, day__range=period)
    for key, found in _grouped(meals, "org__path", width, count=Count("pk")).items():
        if key in rows:
            rows[key].meals = found["count"]
    counted = _grouped(meals.filter(headcounts__isnull=False), "org__path", width, eaters=Sum("headcounts__eaters"))
    for key, found in counted.items():
        if key in rows:
            rows[key].servings = found["eaters"]


def _count_recalls(viewer: Viewer, rows: dict[str, UnitRow], inside: Q, width: int) -> None:
    waiting = RecallAnswer.objects.visible_to(viewer).filter(inside, acknowledged_at__isnull=True, recall__state="open")
    for key, found in _grouped(waiting, "org__path", width, count=Count("pk")).items():
        if key in rows:
            rows[key].pending = found["count"]
    frozen = Lot.objects.visible_to(viewer).filter(inside, frozen_by__isnull=False)
    for key, found in _grouped(frozen, "org__path", width, count=Count("pk")).items():
        if key in rows:
            rows[key].frozen = found["count"]


def urls_of(unit: OrgUnit | None, first: date, last: date) -> dict[str, str]:
    """Where each figure's rows are listed: below a unit, or below the one looked at."""

    def rows(name: str, **given: str) -> str:
        scope = {"under": str(unit.public_id)} if unit else {}
        return f"{reverse(name)}?{urlencode({**scope, **given})}"

    days = {"_min": first.isoformat(), "_max": last.isoformat()}
    return {
        "unit": rows("insight:overview"),
        "deliveries": rows("canteen:deliveries", **{f"delivered_on{end}": day for end, day in days.items()}),
        "meals": rows("canteen:meals", **{f"day{end}": day for end, day in days.items()}),
        "recalls": rows("canteen:recall-notices"),
        "lots": rows("canteen:lots", view="frozen"),
        "schools": rows("console:schools"),
    }


def daily(viewer: Viewer, focus: str = "", *, last: date | None = None, days: int = DAYS) -> list[tuple[date, int]]:
    """Grams received on each day of the period, days without a delivery included."""
    last = last or viewer.today
    first = last - timedelta(days=days - 1)
    path = start_path(viewer, focus)
    lines = DeliveryLine.objects.visible_to(viewer).standing().filter(delivered_on__range=(first, last))
    if path:
        lines = lines.filter(within("org__path", (path,)))
    found = dict(lines.order_by().values_list("delivered_on").annotate(grams=Sum("quantity_grams")))
    return [(day, found.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]
