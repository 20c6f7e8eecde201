"""A trace as a sentence and as a picture: supplier → schools → meals."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
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
ROW_HEIGHT = 40


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
    """The flow as ECharts draws it. Too many meals are joined by day, too many schools cut, and it says so."""
    drawing = _Drawing(trace, supplier)
    return {
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey", "data": drawing.nodes, "links": drawing.links, "left": 8, "right": 250, "top": 12,
                "bottom": 12, "nodeWidth": 14, "nodeGap": 18, "layoutIterations": 0, "draggable": False,
                "emphasis": {"focus": "adjacency"}, "lineStyle": {"opacity": 0.35, "curveness": 0.5},
                "label": {"fontSize": 13, "lineHeight": 17, "overflow": "truncate", "width": 236},
            }
        ],
    }  # fmt: skip


def height(trace: Trace) -> int:
    """Pixels that let every label stand."""
    ends = min(len(trace.meals), MOST_MEALS) + len({row.school.pk for row in trace.lots if row.left_grams})
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
        self.joined = len(trace.meals) > MOST_MEALS
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
        self.by_day: dict[str, list[TracedMeal]] = defaultdict(list)
        for meal in trace.meals:
            self.by_day[_day_name(meal)].append(meal)
        self._node(supplier, f"{supplier}\n{formats.weight(trace.received_grams)}", "#0f766e")
        if self.joined:
            self._days()
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

    def _days(self) -> None:
        """Meals of one day as one, the earliest first."""
        for day, rows in sorted(
            self.by_day.items(), key=lambda pair: (pair[1][0].meal.day, MEAL_ORDER[pair[1][0].meal.kind])
        ):
            if any(row.school.pk in self.shown for row in rows):
                tier = min((row.tier for row in rows), key=SURENESS.__getitem__)
                self._node(day, _meal_label(rows, tier, joined=True), COLOURS[tier])

    def _meals(self, school: OrgUnit) -> None:
        for row in self.at[school.pk].meals:
            name = _day_name(row)
            if not self.joined:
                name = f"{self.keys[school.pk]} {name}"
                url = reverse("canteen:meals-detail", args=[row.meal.public_id])
                self._node(name, _meal_label([row], row.tier, joined=False), COLOURS[row.tier], url)
            self._link(self.keys[school.pk], name, row.grams, row.tier)


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


def _day_name(row: TracedMeal) -> str:
    return f"{row.meal.day.isoformat()} {row.meal.get_kind_display()}"


def _meal_label(rows: list[TracedMeal], tier: Tier, *, joined: bool) -> str:
    eaters = sum(row.eaters.number for row in rows)
    about = _("about %(count)s ate") if any(row.eaters.estimated for row in rows) else _("%(count)s ate")
    word = "" if tier == Tier.CERTAIN else f" · {tier.label}"
    meal = rows[0].meal
    head = f"{meal.day:%m-%d} {meal.get_kind_display()}{word}"
    dishes = "" if joined else "、".join(rows[0].dishes)
    weight = formats.weight(sum(row.grams for row in rows))
    return "\n".join(filter(None, [f"{head} {dishes}".strip(), f"{weight} · {about % {'count': eaters}}"]))
