"""What a recall would touch, as figures for programs and for the telephone."""

from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from houqin.core.merging.models import Mergeable
from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.modules.canteen.models import Meal, MealKind, Product
from houqin.modules.canteen.queries.trace import Trace, trace_goods
from houqin.modules.canteen.queries.whereto import gone

MEAL_NAMES = {MealKind.BREAKFAST: "早餐", MealKind.LUNCH: "午餐", MealKind.DINNER: "晚餐"}  # as ledgers write them
M = TypeVar("M", bound=Mergeable)


def preview_recall(viewer: Viewer, *, supplier: str, product: str, produced: date, under: OrgUnit) -> dict[str, Any]:
    """`recall_preview` for names as somebody says them: any name that was ever recorded for the same thing."""
    require(viewer, "canteen.trace", at=under)
    return recall_preview(
        under,
        supplier=_named(Party, supplier, viewer, under),
        product=_named(Product, product, viewer, under),
        produced_on=produced,
        by=viewer,
    )


def recall_preview(org: OrgUnit, *, supplier: Party, product: Product, produced_on: date, by: Viewer) -> dict[str, Any]:
    """Schools, deliveries, kilograms, meals with dishes and eaters, under one unit. Changes nothing.

    ``eaters`` counts everybody once a meal, ``children`` the pupils of each school's fullest meal; ``estimated`` says that some meals were not counted: lunch then counts the
    school's pupils, breakfast and dinner its boarders.
    """
    require(by, "canteen.trace", at=org)
    trace = trace_goods(by, supplier=supplier, product=product, produced_on=produced_on, under_path=org.path)
    sure, doubtful = trace.concerned, trace.to_rule_out
    return {
        "supplier": _usual_name(supplier, org, by),
        "product": _usual_name(product, org, by),
        "produced": produced_on.isoformat(),
        "deliveries": _deliveries(sure),
        "schools": [school.name for school in sure.schools],
        "kg": sure.received_grams / 1000,
        "meals": _meals(sure),
        "eaters": sure.portions,
        "estimated": sure.estimated,
        "children": sure.children,
        "left_in_store_kg": sure.left_grams / 1000,
        "gone": [
            {
                "school": row.entry.school.name,
                "date": row.entry.entry.day.isoformat(),
                "how": row.code,
                "kg": row.grams / 1000,
            }
            for row in gone(sure)
        ],
        "tiers": {
            "certain": sum(row.tier == "certain" for row in sure.meals),
            "possible": sum(row.tier == "possible" for row in sure.meals),
            "to_rule_out": len(doubtful.lots),
        },
        "to_rule_out": {"deliveries": _deliveries(doubtful), "meals": _meals(doubtful)},
        "reach_ends": trace.reach_ends,
    }


def _deliveries(trace: Trace) -> list[dict[str, Any]]:
    return [
        {
            "school": row.school.name,
            "date": row.line.delivered_on.isoformat(),
            "batch": row.lot.batch,
            "kg": row.line.quantity_grams / 1000,
        }
        for row in trace.deliveries
    ]


def _meals(trace: Trace) -> list[dict[str, Any]]:
    return [
        {
            "school": row.school.name,
            "date": row.meal.day.isoformat(),
            "meal": meal_name(row.meal),
            "dishes": list(row.dishes),
            "eaters": row.eaters.number,
        }
        for row in trace.meals
    ]


def meal_name(meal: Meal) -> str:
    """The meal as ledgers write it, in every language."""
    return MEAL_NAMES[MealKind(meal.kind)]


def _usual_name(row: Any, org: OrgUnit, by: Viewer) -> str:
    """The name that it stands for, where the viewer may know that."""
    root = row.root
    known = root and (covers(root.org.path, org.path) or by.sees(root.org.path))
    return str(root.name if known else row.name)


def _named(model: type[M], name: str, viewer: Viewer, under: OrgUnit) -> M:
    """The row of this name nearest to the unit: its own, of the units above, or of one below."""
    rows: Any = model.objects
    found = list(rows.visible_to(viewer).filter(name=name.strip()).select_related("org", "root__org"))
    near = [row for row in found if under.path.startswith(row.org.path) or row.org.path.startswith(under.path)]
    if not near:
        raise Refused(
            _("Nothing is recorded under the name %(name)s at %(unit)s. Write it as it stands in the ledger.")
            % {"name": name, "unit": under}
        )
    best: M = min(near, key=lambda row: (not under.path.startswith(row.org.path), -len(row.org.path), row.pk))
    return best
