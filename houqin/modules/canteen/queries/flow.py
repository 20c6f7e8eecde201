"""A trace as a sentence and as a picture: supplier → schools → meals."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.core.orgs.models import OrgUnit
from houqin.modules.canteen.models import Tier
from houqin.modules.canteen.queries.store import MEAL_ORDER
from houqin.modules.canteen.queries.trace import Trace, TracedLot, TracedMeal
from houqin.modules.canteen.queries.transfers import SURENESS
from houqin.modules.canteen.queries.whereto import gone_sentence
from houqin.ui import formats

COLOURS = {Tier.CERTAIN: "#c2410c", Tier.POSSIBLE: "#d9a106", Tier.TO_RULE_OUT: "#64748b"}
IN_STORE = "#0d9488"
MOST_MEALS = 30
MOST_SCHOOLS = 40
ROW_HEIGHT, LABEL_HEIGHT = 44, 36


def sentence(trace: Trace) -> str:
    """Schools, meals, people: what an office is asked first."""
    sure = trace.concerned
    if not sure.lots:
        return _("No school within your reach has had these goods, by what is recorded.")
    schools = ngettext("%(count)s school", "%(count)s schools", len(sure.schools)) % {"count": len(sure.schools)}
    meals = ngettext("%(count)s meal", "%(count)s meals", len(sure.meals)) % {"count": len(sure.meals)}
    told = _("%(schools)s, %(meals)s, %(people)s") % {"schools": schools, "meals": meals, "people": _people(sure)}
    whole = _("%(told)s; the number of people is an estimate.") if sure.estimated else _("%(told)s.")
    return whole % {"told": told}


def _people(trace: Trace) -> str:
    if trace.portions == trace.people:
        return ngettext("%(count)s person", "%(count)s people", trace.people) % {"count": trace.people}
    return _("%(portions)s servings to at least %(people)s people") % {
        "portions": trace.portions, "people": trace.people,
    }  # fmt: skip


def weights_sentence(trace: Trace) -> str:
    """Kilograms received, what should still be there, and what left the stores without being eaten."""
    sure = trace.concerned
    told = _("%(received)s received, %(left)s should still be in store.") % {
        "received": formats.weight(sure.received_grams), "left": formats.weight(sure.left_grams),
    }  # fmt: skip
    return f"{told} {gone_sentence(sure)}".strip()


def doubtful_sentence(trace: Trace) -> str:
    """What has to be ruled out, apart from what is counted."""
    lots = trace.to_rule_out.lots
    if not lots:
        return ""
    return ngettext(
        "Besides, %(count)s lot (%(weight)s) says neither date nor batch and has to be ruled out.",
        "Besides, %(count)s lots (%(weight)s) say neither date nor batch and have to be ruled out.",
        len(lots),
    ) % {"count": len(lots), "weight": formats.weight(trace.to_rule_out.received_grams)}


def picture(trace: Trace, supplier: str) -> dict[str, Any]:
    """The flow as ECharts draws it. Too many meals are joined, too many schools cut, and it says so."""
    drawing = _Drawing(trace, supplier)
    return {
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey", "data": drawing.nodes, "links": drawing.links, "left": 8, "right": 250, "top": 12,
                "bottom": 12, "nodeWidth": 14, "nodeGap": LABEL_HEIGHT, "layoutIterations": 0, "draggable": False,
                "emphasis": {"focus": "adjacency"}, "lineStyle": {"opacity": 0.35, "curveness": 0.5},
                "label": {"fontSize": 13, "lineHeight": 17, "overflow": "truncate", "width": 236},
            }
        ],
    }  # fmt: skip


def height(trace: Trace) -> int:
    """Pixels that let every label stand."""
    ends = len(_ends(trace.meals)) + len({row.school.pk for row in trace.lots if row.left_grams})
    rows = max(len(trace.schools) + 1, ends)
    return max(260, min(rows, 60) * ROW_HEIGHT)


def left_out(trace: Trace) -> int:
    """How many schools the picture leaves to the table."""
    return max(0, len(trace.schools) - MOST_SCHOOLS)


@dataclass
class _AtSchool:
    """What the picture tells of one school."""

    lots: list[TracedLot] = field(default_factory=list)
    meals: list[TracedMeal] = field(default_factory=list)
    delivered: int = 0


class _Drawing:
    """Nodes and links of the picture."""

    def __init__(self, trace: Trace, supplier: str) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []
        self.names: set[str] = set()
        self.trace, self.supplier = trace, supplier
        received: dict[int, int] = defaultdict(int)
        for row in trace.lots:
            received[row.school.pk] += row.received_grams
        heaviest = sorted(trace.schools, key=lambda school: -received[school.pk])[:MOST_SCHOOLS]
        self.shown = {school.pk for school in heaviest}
        self.at: dict[int, _AtSchool] = defaultdict(_AtSchool)
        for lot in trace.lots:
            self.at[lot.school.pk].lots.append(lot)
        for delivery in trace.deliveries:
            self.at[delivery.school.pk].delivered += delivery.line.quantity_grams
        for meal in trace.meals:
            self.at[meal.school.pk].meals.append(meal)
        self.keys = _told_apart(trace.schools)
        self.end_of: dict[int, str] = {}
        self._node(supplier, f"{supplier}\n{formats.weight(trace.received_grams)}", "#0f766e")
        if len(trace.meals) > MOST_MEALS:
            self._joined_meals()
        for school in trace.schools:
            if school.pk in self.shown:
                self._school(school, received[school.pk])
                self._meals(school)
                self._left(school)
        self._passed_on()

    def _node(self, name: str, label: str, colour: str, url: str = "") -> None:
        if name in self.names:
            return
        self.names.add(name)
        self.nodes.append({"name": name, "label": {"formatter": label}, "itemStyle": {"color": colour}, "url": url})

    def _link(self, source: str, target: str, grams: int, tier: Tier) -> None:
        self.links.append(
            {"source": source, "target": target, "value": grams / 1000, "lineStyle": {"color": COLOURS[tier]}}
        )

    def _school(self, school: OrgUnit, grams: int) -> None:
        there = self.at[school.pk]
        tier = min((row.tier for row in there.lots), key=SURENESS.__getitem__)
        word = "" if tier == Tier.CERTAIN else f" · {tier.label}"
        self._node(self.keys[school.pk], f"{school.name}{word}\n{formats.weight(grams)}", COLOURS[tier])
        if there.delivered:
            self._link(self.supplier, self.keys[school.pk], there.delivered, tier)

    def _passed_on(self) -> None:
        """What one school got from another, but for what went back: the picture flows one way."""
        onward: dict[str, set[str]] = defaultdict(set)
        places = {row.lot.pk: row.school for row in self.trace.lots}
        for row in self.trace.entries:
            there = places.get(row.arrival.lot_id) if row.arrival else None
            if row.arrival is None or there is None or not {row.school.pk, there.pk} <= self.shown:
                continue
            source, target = self.keys[row.school.pk], self.keys[there.pk]
            if source != target and not _leads(onward, target, source):
                onward[source].add(target)
                self._link(source, target, row.arrival.grams, row.tier)

    def _left(self, school: OrgUnit) -> None:
        """What should still be there, last under the school so that no line crosses."""
        grams = sum(row.left_grams for row in self.at[school.pk].lots)
        if grams <= 0:
            return
        here = _("%(school)s: in store") % {"school": self.keys[school.pk]}
        self._node(here, f"{_('In store')} {formats.weight(grams)}", IN_STORE)
        self.links.append(
            {"source": self.keys[school.pk], "target": here, "value": grams / 1000, "lineStyle": {"color": IN_STORE}}
        )

    def _joined_meals(self) -> None:
        """The ends of the picture when it has more meals than it can tell apart, the earliest first."""
        for rows in _ends([row for row in self.trace.meals if row.school.pk in self.shown]):
            name = _when(rows, "%Y-%m-%d")
            tier = min((row.tier for row in rows), key=SURENESS.__getitem__)
            self._node(name, _meal_label(rows, tier), COLOURS[tier])
            self.end_of |= {row.meal.pk: name for row in rows}

    def _meals(self, school: OrgUnit) -> None:
        grams: Counter[tuple[str, Tier]] = Counter()
        for row in self.at[school.pk].meals:
            name = self.end_of.get(row.meal.pk)
            if name is None:
                name = f"{self.keys[school.pk]} {_when([row], '%Y-%m-%d')}"
                url = reverse("canteen:meals-detail", args=[row.meal.public_id])
                self._node(name, _meal_label([row], row.tier, row.dishes), COLOURS[row.tier], url)
            grams[name, row.tier] += row.grams
        for (name, tier), weight in grams.items():
            self._link(self.keys[school.pk], name, weight, tier)


SPANS: tuple[Callable[[TracedMeal], Any], ...] = (
    lambda row: row.meal.pk,
    lambda row: (row.meal.day, MEAL_ORDER[row.meal.kind]),
    lambda row: row.meal.day - timedelta(days=row.meal.day.weekday()),
    lambda row: row.meal.day.replace(day=1),
)


def _ends(meals: Sequence[TracedMeal]) -> list[list[TracedMeal]]:
    """Each meal by itself; where those are too many, what all schools ate at one meal, in one week, else in one month."""
    for span in SPANS:
        ends: dict[Any, list[TracedMeal]] = defaultdict(list)
        for row in meals:
            ends[span(row)].append(row)
        if len(ends) <= MOST_MEALS:
            break
    return [ends[start] for start in sorted(ends)]


def _leads(onward: dict[str, set[str]], start: str, end: str) -> bool:
    """Whether goods that went on from one place came to the other."""
    return start == end or any(_leads(onward, place, end) for place in onward[start])


def _told_apart(schools: Iterable[OrgUnit]) -> dict[int, str]:
    """Names under which the drawing knows its schools: every town has a 中心小学, and each is a node of its own."""
    found: dict[int, str] = {}
    alike: Counter[str] = Counter()
    for school in schools:
        found[school.pk] = school.name + "\u200b" * alike[school.name]
        alike[school.name] += 1
    return found


def _at_one_meal(rows: list[TracedMeal]) -> bool:
    return len({(row.meal.day, row.meal.kind) for row in rows}) == 1


def _when(rows: list[TracedMeal], form: str) -> str:
    """The meal that they are, or the first and the last day of several."""
    days = sorted(row.meal.day for row in rows)
    if _at_one_meal(rows):
        return f"{days[0].strftime(form)} {rows[0].meal.get_kind_display()}"
    return f"{days[0].strftime(form)} – {days[-1].strftime(form)}"


def _eaters(rows: list[TracedMeal]) -> str:
    """Whoever ate at several meals is told several times: those are servings."""
    number = {"count": sum(row.eaters.number for row in rows)}
    if any(row.eaters.estimated for row in rows):
        return (_("about %(count)s ate") if _at_one_meal(rows) else _("about %(count)s servings")) % number
    return (_("%(count)s ate") if _at_one_meal(rows) else _("%(count)s servings")) % number


def _meal_label(rows: list[TracedMeal], tier: Tier, dishes: Iterable[str] = ()) -> str:
    word = "" if tier == Tier.CERTAIN else f" · {tier.label}"
    head = f"{_when(rows, '%m-%d')}{word} {'、'.join(dishes)}".strip()
    return f"{head}\n{formats.weight(sum(row.grams for row in rows))} · {_eaters(rows)}"
