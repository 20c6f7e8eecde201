"""Boards of a unit: what is open and how old, how it is put right, whom nobody has visited, what is found again and again.

A fixed number of queries, however many schools. Nobody is ranked: units stand in the order of the tree, rates beside their
counts, and what schools are compared by is never how much was found at them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES, STEP, Kind, OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.partitions import month_after
from houqin.flows.duties.boards import may_see_rates
from houqin.flows.indicators.alike import called
from houqin.flows.indicators.reading import ALIKE, MONTH, NOTHING, Amount, figures
from houqin.flows.indicators.registry import Indicator, Span, indicators
from houqin.flows.rectify.indicators import DAYS, IN_TIME, REPEATED
from houqin.flows.rectify.models import Finding, FindingState, Severity
from houqin.flows.rectify.rules import A_YEAR
from houqin.modules.inspections.indicators import COVERED

SHOWN = (COVERED, IN_TIME, DAYS, REPEATED)
"""What lines of units and kinds of schools show."""
DRAWN = (IN_TIME, DAYS, REPEATED)
"""Of what twelve months are drawn."""
AGES = (
    (0, 7, _("up to 7 days")),
    (8, 30, _("8 to 30 days")),
    (31, 90, _("31 to 90 days")),
    (91, None, _("more than 90 days")),
)
MONTHS = 12
LATELY = timedelta(days=90)
TOPICS = 10
A_DAY = timedelta(days=1)


def listing(unit: OrgUnit, **asked: Any) -> str:
    """The findings behind a figure."""
    query = {"under": unit.path} | {name: value for name, value in asked.items() if value not in ("", None)}
    return f"{reverse('rectify:findings')}?{urlencode(query)}"


def _late(viewer: Viewer) -> Q:
    """Past the day by which it was to be put right, and not reported as put right."""
    return Q(state=FindingState.ORDERED, due_on__lt=viewer.today)


@dataclass(frozen=True)
class Cell:
    """A count and the address of its rows."""

    label: Any
    count: int
    url: str


@dataclass(frozen=True)
class OpenLine:
    """What is open of one severity, by age."""

    severity: Severity
    cells: list[Cell]
    all: Cell
    overdue: Cell


def open_lines(viewer: Viewer, unit: OrgUnit) -> list[OpenLine]:
    """Open findings by severity and age, the most serious first. One query."""
    today = viewer.today
    spans = [
        (today - timedelta(days=most) if most is not None else None, today - timedelta(days=least))
        for least, most, _name in AGES
    ]
    counted: dict[str, Any] = {
        f"age{number}": Count("pk", filter=Q(day__lte=newest) & (Q(day__gte=oldest) if oldest else Q()))
        for number, (oldest, newest) in enumerate(spans)
    }
    rows = Finding.objects.visible_to(viewer).under(unit.path).unsettled().order_by().values("severity")
    found = {
        row["severity"]: row
        for row in rows.annotate(late=Count("pk", filter=_late(viewer)), all=Count("pk"), **counted)
    }
    lines = []
    for severity in sorted(Severity, reverse=True):
        row = found.get(severity, {})
        asked = {"view": "open", "severity": int(severity)}
        cells = [
            Cell(name, row.get(f"age{number}", 0), listing(unit, day_after=oldest, day_before=newest, **asked))
            for number, ((_least, _most, name), (oldest, newest)) in enumerate(zip(AGES, spans, strict=True))
        ]
        late = Cell(_("Overdue"), row.get("late", 0), listing(unit, view="overdue", severity=int(severity)))
        lines.append(OpenLine(severity, cells, Cell(_("All"), row.get("all", 0), listing(unit, **asked)), late))
    return lines


@dataclass(frozen=True)
class UnitLine:
    """One unit below, or one kind of schools: open findings (of a unit) and the indicators."""

    name: str
    url: str
    open: Cell | None
    overdue: Cell | None
    amounts: list[tuple[Indicator, Amount, str]]


def units_below(viewer: Viewer, unit: OrgUnit) -> list[OrgUnit]:
    """The offices or schools directly below, in the order of the tree; schools only for their direct office. One query."""
    rows = OrgUnit.objects.filter(parent=unit, closed_on__isnull=True).filter(Q(kind__in=OFFICES) | Q(kind=Kind.SCHOOL))
    return [one for one in rows.order_by("path") if one.kind in OFFICES or may_see_rates(viewer, one)]


def unit_lines(viewer: Viewer, unit: OrgUnit, units: Sequence[OrgUnit], first: date, last: date) -> list[UnitLine]:
    """The units below with what is open and their indicators. Three queries."""
    step = len(unit.path) + STEP
    rows = Finding.objects.visible_to(viewer).under(unit.path).unsettled().order_by()
    counted = rows.annotate(below=Substr("org__path", 1, step)).values("below")
    still = {row["below"]: row for row in counted.annotate(all=Count("pk"), late=Count("pk", filter=_late(viewer)))}
    found = figures([one.pk for one in units], first, last, codes=SHOWN)
    lines = []
    for one in units:
        row = still.get(one.path, {})
        lines.append(
            UnitLine(
                one.name, f"{reverse('inspections:board')}?under={one.path}",
                Cell(_("Open findings"), row.get("all", 0), listing(one, view="open")),
                Cell(_("Overdue"), row.get("late", 0), listing(one, view="overdue")),
                _amounts(found.get((one.pk, None), {}), Span(one, first, last)),
            )
        )  # fmt: skip
    return lines


def alike_lines(unit: OrgUnit, first: date, last: date) -> list[UnitLine]:
    """Schools of one type, with or without boarders, each kind together. Two queries."""
    found = figures([unit.pk], first, last, by=ALIKE, codes=SHOWN)
    lines = [
        UnitLine(called(kind), "", None, None, _amounts(some, Span(unit, first, last, kind)))
        for (_pk, kind), some in found.items()
    ]
    return sorted(lines, key=lambda line: line.name)


def _amounts(found: dict[str, Amount], span: Span) -> list[tuple[Indicator, Amount, str]]:
    known = indicators()
    return [(known[code], found.get(code, NOTHING), known[code].rows(span)) for code in SHOWN]


@dataclass(frozen=True)
class Change:
    """An indicator in a span, and in the span of the same length before."""

    indicator: Indicator
    now: Amount
    before: Amount
    url: str

    @property
    def turn(self) -> int:
        """1 better than before, -1 worse, 0 as before or not to be said."""
        now, before = self.now.value(), self.before.value()
        if now is None or before is None or now == before or not self.indicator.better:
            return 0
        return 1 if (now > before) == (self.indicator.better == "more") else -1


def changes(unit: OrgUnit, first: date, last: date) -> list[Change]:
    """Every indicator now and before. Four queries."""
    span = last - first + A_DAY
    now = figures([unit.pk], first, last).get((unit.pk, None), {})
    before = figures([unit.pk], first - span, last - span).get((unit.pk, None), {})
    here = Span(unit, first, last)
    return [
        Change(one, now.get(code, NOTHING), before.get(code, NOTHING), one.rows(here))
        for code, one in indicators().items()
    ]


def months(unit: OrgUnit, last: date) -> list[tuple[date, dict[str, Amount]]]:
    """The last twelve months, the earliest first. Two queries."""
    first = month_after(last, 1 - MONTHS)
    found = figures([unit.pk], first, last, by=MONTH, codes=DRAWN)
    return [
        (month, found.get((unit.pk, month), {})) for month in (month_after(first, number) for number in range(MONTHS))
    ]


@dataclass(frozen=True)
class Topic:
    """What was found several times: its title as last written, how often, at how many schools."""

    title: str
    times: int
    schools: int
    last: date
    url: str


def topics(viewer: Viewer, unit: OrgUnit, since: date, until: date) -> list[Topic]:
    """What is found most (R-024): at a school what came again, at an office what several schools have. Two queries."""
    rows = Finding.objects.visible_to(viewer).under(unit.path).filter(day__gt=since, day__lte=until).exclude(topic="")
    counted = (
        rows.exclude(state=FindingState.VOID)
        .order_by()
        .values("topic")
        .annotate(
            times=Count("pk"), schools=Count("org", distinct=True), last=Max("day"), first=Min("day"), newest=Max("pk")
        )
    )
    most = list(counted.filter(times__gt=1).order_by("-times", "topic")[:TOPICS])
    titles = dict(Finding.objects.filter(pk__in=[row["newest"] for row in most]).values_list("pk", "title"))
    return [
        Topic(
            titles[row["newest"]], row["times"], row["schools"], row["last"],
            listing(unit, view="standing", topic=row["topic"], day_after=row["first"], day_before=row["last"]),
        )
        for row in most
    ]  # fmt: skip


@dataclass(frozen=True)
class Board:
    """All of a unit's board."""

    open: list[OpenLine]
    units: list[UnitLine] = field(default_factory=list)
    alike: list[UnitLine] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    months: list[tuple[date, dict[str, Amount]]] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)

    def total(self, which: str) -> int:
        """One count over all severities: ``all`` or ``overdue``."""
        return sum(getattr(line, which).count for line in self.open)


def board(viewer: Viewer, unit: OrgUnit, first: date, last: date) -> Board:
    """The board of a unit: sixteen queries for twenty schools and for two thousand."""
    is_office = unit.kind in OFFICES
    return Board(
        open_lines(viewer, unit),
        unit_lines(viewer, unit, units_below(viewer, unit), first, last) if is_office else [],
        alike_lines(unit, first, last) if is_office else [],
        changes(unit, first, last),
        months(unit, last),
        topics(viewer, unit, viewer.today - (LATELY if is_office else A_YEAR), viewer.today),
    )
