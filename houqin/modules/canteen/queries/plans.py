"""From menu and heads to the store: what a meal needs, which lots give it first, and what is short."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.modules.canteen.models import Issue, Lot, Meal, Product
from houqin.modules.canteen.policies import SIGNATURE_FIRST
from houqin.modules.canteen.queries.dishes import CookedDish, dishes_cooked, ingredients_of
from houqin.modules.canteen.queries.heads import Heads, heads_for
from houqin.modules.canteen.queries.signing import unsigned_lots
from houqin.modules.canteen.queries.stock import lots_of_groups
from houqin.modules.canteen.rules.issuing import Bar, bar_of, first_produced, split

PLANNED = -1  # the key of a meal for which nothing has been done yet


@dataclass(frozen=True)
class PlanLine:
    """One product of a meal. ``lots`` would give what is still to be issued; ``left_out`` are lots that may not be taken.

    ``unweighed``: a dish of the day names the product and nobody has weighed it.
    """

    product: Product
    dishes: tuple[str, ...]
    need_grams: int
    issued_grams: int
    usable: tuple[Lot, ...]
    left_out: Mapping[Bar, tuple[Lot, ...]]
    lots: tuple[tuple[Lot, int], ...]
    unweighed: bool = False

    @property
    def grams(self) -> int:
        """Still to be issued."""
        return max(0, self.need_grams - self.issued_grams)

    @property
    def at_hand_grams(self) -> int:
        """As much of that as the store can give."""
        return sum(grams for _lot, grams in self.lots)

    @property
    def short_grams(self) -> int:
        """Still to be issued, and not there."""
        return self.grams - self.at_hand_grams

    @property
    def on_hand_grams(self) -> int:
        """All that may be used."""
        return sum(lot.on_hand_grams for lot in self.usable)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be issued."""
        return self.grams > 0 or (self.unweighed and not self.issued_grams)

    @property
    def awaits_signature(self) -> bool:
        """Whether goods that nobody has countersigned would be needed."""
        return self.short_grams > 0 and bool(self.left_out.get(Bar.UNSIGNED))


@dataclass(frozen=True)
class Plan:
    """What a meal needs from the store. ``issued`` are the standing issues to it, ``seen`` counts those taken back too."""

    meal: Meal
    heads: Heads
    dishes: tuple[CookedDish, ...]
    lines: tuple[PlanLine, ...]
    issued: tuple[Issue, ...]
    seen: int

    @property
    def open_lines(self) -> list[PlanLine]:
        """Products of which something is still to be issued."""
        return [line for line in self.lines if line.is_open]

    @property
    def short(self) -> list[PlanLine]:
        """Products of which there is too little."""
        return [line for line in self.lines if line.short_grams]


@dataclass
class _Need:
    """One product group over all dishes."""

    product: Product
    grams: int = 0
    dishes: list[str] = field(default_factory=list)
    unweighed: bool = False


def planned_meal(org: OrgUnit, day: date, kind: str) -> Meal:
    """The meal, or what stands for it while nothing has been done for it."""
    found: Meal | None = Meal.objects.filter(org=org, day=day, kind=kind).select_related("org").first()
    return found or Meal(pk=PLANNED, org=org, day=day, kind=kind)


def plan_for(org: OrgUnit, day: date, kind: str) -> Plan:
    """The plan of one meal, by grams a head and heads, less what was issued. The same queries for a dish and for twenty."""
    meal = planned_meal(org, day, kind)
    dishes = dishes_cooked([meal])[meal.pk]
    heads = heads_for((org, day, kind))
    needs = _needs(dishes, heads.total)
    recorded = list(Issue.objects.filter(meal=meal.pk).select_related("product").order_by("pk"))
    issued = tuple(issue for issue in recorded if issue.reversed_at is None)
    taken: dict[int, int] = defaultdict(int)
    for issue in issued:
        taken[issue.product.canonical_id] += issue.quantity_grams
    store = _store(org, needs, day)
    barred = _barred(org, store)
    lines = tuple(_line(need, taken[group], store[group], barred, day) for group, need in needs.items())
    return Plan(meal, heads, tuple(dishes), lines, issued, len(recorded))


def _needs(dishes: Iterable[CookedDish], heads: int) -> dict[int, _Need]:
    """What the dishes take for so many heads, by product group, the heaviest first."""
    found: dict[int, _Need] = {}
    for name, parts in ingredients_of(dishes).items():
        for product, grams in parts:
            need = found.setdefault(product.canonical_id, _Need(product))
            need.grams += (grams or 0) * heads
            need.unweighed |= grams is None
            need.dishes.append(name)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].grams, pair[1].product.name)))


def _store(org: OrgUnit, groups: Collection[int], day: date) -> dict[int, list[Lot]]:
    """What is there of these product groups, under all their names, first produced first."""
    found: dict[int, list[Lot]] = defaultdict(list)
    rows = lots_of_groups(org, groups).filter(received_on__lte=day)
    for lot in first_produced(rows.select_related("product", "supplier", "frozen_by")):
        found[lot.product.canonical_id].append(lot)
    return found


def _barred(org: OrgUnit, store: Mapping[int, Iterable[Lot]]) -> set[int]:
    """Lots that wait for a second signature, where the school wants one first."""
    if not value_of(SIGNATURE_FIRST, org):
        return set()
    return unsigned_lots([lot.pk for lots in store.values() for lot in lots])


def _line(need: _Need, issued: int, lots: Iterable[Lot], unsigned: Collection[int], day: date) -> PlanLine:
    by_bar: dict[Bar | None, list[Lot]] = defaultdict(list)
    for lot in lots:
        by_bar[bar_of(lot, day, unsigned)].append(lot)
    usable = by_bar.pop(None, [])
    parts = split(usable, max(0, need.grams - issued), {lot.pk: lot.on_hand_grams for lot in usable})
    left_out = {bar: tuple(rows) for bar, rows in by_bar.items() if bar}
    return PlanLine(
        need.product, tuple(dict.fromkeys(need.dishes)), need.grams, issued, tuple(usable), left_out, tuple(parts),
        need.unweighed,
    )  # fmt: skip
