"""The meals of a trace as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from houqin.modules.canteen.queries.eaters import Eaters
from houqin.modules.canteen.queries.trace import TracedMeal
from houqin.ui import formats


@dataclass(frozen=True)
class MealRow:
    """A meal that got something of the goods, in words."""

    url: str
    school: str
    meal: str
    dishes: str
    tier: str
    weight: str
    number: str
    classes: str
    eaters: Eaters


def meal_rows(meals: Sequence[TracedMeal]) -> list[MealRow]:
    """In the order of the trace."""
    about = _("about %(count)s")
    return [
        MealRow(
            url=reverse("canteen:meals-detail", args=[row.meal.public_id]), school=row.school.name,
            meal=f"{formats.day(row.meal.day)} {row.meal.get_kind_display()}", dishes="、".join(row.dishes) or "—",
            tier=row.tier, weight=formats.weight(row.grams), number=_number(row.eaters, about),
            classes="、".join(f"{group.name or '—'} {group.eaters}" for group in row.eaters.classes) or "—",
            eaters=row.eaters,
        )
        for row in meals
    ]  # fmt: skip


def _number(eaters: Eaters, about: str) -> str:
    return about % {"count": eaters.number} if eaters.estimated else str(eaters.number)
