"""The day as a sentence, as a picture for a desk, as blocks for a phone, and as a table for everybody."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.core.orgs.models import OrgUnit
from houqin.modules.canteen.models import EntryKind, Meal
from houqin.modules.canteen.queries.school_day.goods import DayGoods, Place, Stage
from houqin.ui import formats

COLOURS = {
    Stage.SUPPLIER: "#0f766e", Stage.BEFORE: "#64748b", Stage.OTHER_IN: "#64748b", Stage.PRODUCT: "#4f6bd8",
    Stage.MEAL: "#c2410c", Stage.STAYS: "#64748b", Stage.OTHER_OUT: "#b4437a", Stage.EATERS: "#5b8c2a",
}  # fmt: skip
DEPTH = {Stage.SUPPLIER: 0, Stage.BEFORE: 0, Stage.OTHER_IN: 0, Stage.PRODUCT: 1, Stage.EATERS: 3}
NOT_EATEN = 2
ROW_HEIGHT = 40


def sentence(goods: DayGoods) -> str:
    """What came, what went into the pots and for how many: the day in one sentence."""
    came, cooked = goods.out_of(Stage.SUPPLIER), goods.into(Stage.MEAL)
    if not came and not cooked:
        return _("Nothing came in and nothing was cooked on this day, by what is recorded.")
    told = []
    if came:
        firms = ngettext("%(count)s supplier brought %(weight)s", "%(count)s suppliers brought %(weight)s", len(came))
        told.append(firms % {"count": len(came), "weight": formats.weight(sum(came.values()))})
    if cooked:
        meals = ngettext(
            "%(weight)s went into %(count)s meal", "%(weight)s went into %(count)s meals", len(cooked)
        )  # fmt: skip
        told.append(meals % {"count": len(cooked), "weight": formats.weight(sum(cooked.values()))})
    ate = [
        f"{meal.get_kind_display()} {people_words(goods, meal)}" for meal in goods.meals if goods.people.get(meal.pk)
    ]
    if ate:
        told.append(formats.listed(ate))
    return _("%(told)s.") % {"told": formats.listed(told)}


def people_words(goods: DayGoods, meal: Meal) -> str:
    """How many eat a meal, and whether that is known."""
    heads = goods.heads[meal.pk]
    text = _("%(count)s people") if heads.confirmed else _("about %(count)s people")
    return text % {"count": heads.total}


def picture(goods: DayGoods, org: OrgUnit) -> dict[str, Any]:
    """The flow as ECharts draws it. Classes have the share of a pot's kilograms that their heads are of all heads."""
    links = [
        {"source": _key(source), "target": _key(target), "value": grams / 1000}
        for (source, target), grams in goods.grams.items()
    ]  # fmt: skip
    cooked = goods.into(Stage.MEAL)
    for meal in goods.meals:
        people, grams = goods.people.get(meal.pk, {}), cooked.get(meal, 0)
        links += [
            {
                "source": _key((Stage.MEAL, meal)), "target": _key((Stage.EATERS, name)),
                "value": grams / 1000 * count / sum(people.values()),
            }
            for name, count in people.items() if grams
        ]  # fmt: skip
    return {
        "series": [
            {
                "type": "sankey", "data": _nodes(goods, org), "links": links, "left": 8, "right": 220, "top": 12, "bottom": 12,
                "nodeWidth": 14, "nodeGap": 20, "layoutIterations": 0, "draggable": False,
                "emphasis": {"focus": "adjacency"}, "lineStyle": {"opacity": 0.35, "curveness": 0.5},
                "label": {"fontSize": 13, "lineHeight": 17, "overflow": "truncate", "width": 206},
            }
        ],
    }  # fmt: skip


def height(goods: DayGoods) -> int:
    """Pixels that let every label stand."""
    columns = (
        len(goods.out_of(Stage.SUPPLIER)) + 2, len(goods.into(Stage.PRODUCT)), len(goods.meals) + 2,
        len({name for people in goods.people.values() for name in people}),
    )  # fmt: skip
    return max(300, max(columns) * ROW_HEIGHT)


def _key(place: Place) -> str:
    stage, what = place
    return f"{stage}:{getattr(what, 'pk', what)}"


def _nodes(goods: DayGoods, org: OrgUnit) -> list[dict[str, Any]]:
    """Every place with its label, in the order in which it is drawn from above."""
    nodes = []
    for stage in Stage:
        if stage == Stage.EATERS:
            nodes += [_node((stage, name), f"{eaters_name(name)}　{_served(goods, name)}") for name in _eaters(goods)]
            continue
        for what, grams in (goods.out_of(stage) if DEPTH.get(stage) == 0 else goods.into(stage)).items():
            words = [place_name((stage, what)), formats.weight(grams)]
            if isinstance(what, Meal):
                words[1] = f"{words[1]} · {people_words(goods, what)}"
            between = "　" if stage == Stage.PRODUCT else "\n"
            nodes.append(_node((stage, what), between.join(words), url_of((stage, what), goods, org)))
    return nodes


def _node(place: Place, label: str, url: str = "") -> dict[str, Any]:
    return {
        "name": _key(place), "label": {"formatter": label}, "itemStyle": {"color": COLOURS[place[0]]}, "url": url,
        "depth": DEPTH.get(place[0], NOT_EATEN),
    }  # fmt: skip


def place_name(place: Place) -> str:
    """A place as people call it."""
    stage, what = place
    if stage == Stage.BEFORE:
        return _("In store before")
    if stage == Stage.STAYS:
        return _("Stays in store")
    if stage in (Stage.OTHER_IN, Stage.OTHER_OUT):
        return str(EntryKind(what).label)
    if isinstance(what, Meal):
        return str(what.get_kind_display())
    return eaters_name(what) if stage == Stage.EATERS else str(what)


def eaters_name(name: str) -> str:
    """A class or grade, or those who are none."""
    return {"": _("Pupils of no class list"), "staff": _("Staff"), "guests": _("Guests")}.get(name, name)


def url_of(place: Place, goods: DayGoods, org: OrgUnit) -> str:
    """The rows behind a place."""
    stage, what = place
    day = {"under": org.path, "delivered_on_min": goods.day.isoformat(), "delivered_on_max": goods.day.isoformat()}
    if isinstance(what, Meal):
        return reverse("canteen:meals-detail", args=[what.public_id])
    if stage == Stage.SUPPLIER:
        return f"{reverse('canteen:deliveries')}?{urlencode(day | {'supplier': what.pk})}"
    if stage == Stage.PRODUCT:
        return f"{reverse('canteen:lots')}?{urlencode({'under': org.path, 'product': what.pk})}"
    return ""


def _eaters(goods: DayGoods) -> list[str]:
    """Classes and groups of the meals that something was cooked for, each once."""
    cooked = goods.into(Stage.MEAL)
    names = (name for meal in goods.meals if meal in cooked for name in goods.people.get(meal.pk, {}))
    order = dict.fromkeys(names)
    last = [name for name in ("", "staff", "guests") if name in order]
    return [name for name in order if name not in last] + last


def _served(goods: DayGoods, name: str) -> str:
    """How many of a class eat, meal by meal where that differs."""
    counts = {meal: goods.people.get(meal.pk, {}).get(name, 0) for meal in goods.meals}
    told = {meal: count for meal, count in counts.items() if count}
    if len(set(told.values())) == 1:
        return _("%(count)s people") % {"count": next(iter(told.values()))}
    return " ".join(f"{str(meal.get_kind_display())[:1]} {count}" for meal, count in told.items())


def table(goods: DayGoods) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Every link of the picture: from, to, how much."""
    rows = [
        (place_name(source), place_name(target), formats.weight(grams))
        for (source, target), grams in goods.grams.items()
    ]  # fmt: skip
    rows += [
        (place_name((Stage.MEAL, meal)), eaters_name(name), _("%(count)s people") % {"count": count})
        for meal in goods.meals
        for name, count in goods.people.get(meal.pk, {}).items()
    ]  # fmt: skip
    return [_("Coming from"), _("Going to"), _("How much")], rows


Step = tuple[str, str, Sequence[tuple[str, str]]]


def steps(goods: DayGoods) -> list[Step]:
    """The same from above to below: title, sum, and its lines."""
    came = _named(Stage.SUPPLIER, goods.out_of(Stage.SUPPLIER)) + _named(Stage.OTHER_IN, goods.out_of(Stage.OTHER_IN))
    store = _named(Stage.BEFORE, goods.out_of(Stage.BEFORE)) + _named(Stage.STAYS, goods.into(Stage.STAYS))
    store += _named(Stage.OTHER_OUT, goods.into(Stage.OTHER_OUT))
    pots = _named(Stage.MEAL, goods.into(Stage.MEAL))
    eaters = [(eaters_name(name), _served(goods, name)) for name in _eaters(goods)]
    return [
        (_("Deliveries"), _total(goods.out_of(Stage.SUPPLIER)), came), (_("Store"), "", store),
        (_("Pots"), _total(goods.into(Stage.MEAL)), pots), (_("Classes"), "", eaters),
    ]  # fmt: skip


def _named(stage: Stage, sums: Mapping[Any, int]) -> list[tuple[str, str]]:
    return [(place_name((stage, what)), formats.weight(grams)) for what, grams in sums.items()]


def _total(sums: Mapping[Any, int]) -> str:
    return formats.weight(sum(sums.values())) if sums else ""


def is_empty(goods: DayGoods) -> bool:
    """Nothing moved."""
    return not any(goods.grams.values())
