"""Meals: what was cooked, from which lots, for whom."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Meal
from houqin.modules.canteen.queries import costs, heads_story, ledgers, tables
from houqin.modules.canteen.queries.kitchen import meal_url
from houqin.modules.canteen.queries.samples import missing_after_work
from houqin.modules.canteen.sample_words import PASSED, SAMPLE_STATE, celsius
from houqin.ui.screens import (
    Block,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Money,
    Number,
    Rows,
    Screen,
    Timeline,
    Weight,
    mask_name,
)


def _head(row: Meal, viewer: Viewer) -> dict[str, Any]:
    address = reverse("canteen:trace") + f"?meal={row.public_id}"
    return tables.meal_facts(row) | {
        "trace": address if viewer.may("canteen.trace", row.org.path) else "",
        "kitchen": meal_url(row.org, row.day, row.kind), "missing": missing_after_work(row),
    }  # fmt: skip


def _cost(row: Meal, viewer: Viewer) -> dict[str, Any] | None:
    cost = costs.costs_of([row])[row.pk]
    return {"cost": cost} if cost.grams_of else None


def _changes(row: Meal, viewer: Viewer) -> dict[str, Any] | None:
    changes = heads_story.late_changes(row)
    return {"changes": changes} if changes else None


class MealScreen(Screen):
    """One meal of one day in one school."""

    model = Meal
    slug = "meals"
    title = _("Meals")
    family = Family.SAFE
    icon = "bowl-spoon"
    order = 40
    sort = "-day"
    columns = [
        Column("meal", _("Meal"), value=str, sort=["day", "kind"], card="title"),
        Day("day", sort=True, card="no"),
        Column("kind", card="no"),
        Link("org", sort="org__path", card="fact"),
        Weight("issued_grams", _("Issued"), sort=True, card="fact"),
        Number("eaters", _("Eaters counted"), sort=True, card="fact"),
        Money(
            "cost", _("Cost a head"), value=lambda row: costs.share(costs.worth_of(row.taken), row.eaters),
            prefetch=[Prefetch("moves", queryset=costs.taken_moves(), to_attr="taken")],
        ),
    ]  # fmt: skip
    filters = {"day": "range", "kind": "choice", "org": "choice"}
    search = ["org__name", "menu__dishes__name", "extra_dishes__name"]
    empty = _("Meals will stand here as soon as something is issued for them.")
    panels = [
        Block("canteen/meal_head.html", _head),
        Block("canteen/heads_changes.html", _changes),
        Facts([Day("day"), Column("kind"), Link("org")]),
        Rows(
            lambda row, viewer: row.issues.filter(reversed_at__isnull=True).order_by("id"),
            [Column("product"), Weight("quantity_grams"), Column("named_batch"), Column("taken_by"), Column("origin")],
            title=_("Taken from the store"), limit=60,
        ),
        Rows(
            lambda row, viewer: row.moves.order_by("lot_id", "id"),
            [
                Link("lot", related=["lot__product", "lot__supplier"]),
                Column("supplier", _("Supplier"), value=lambda move: move.lot.supplier),
                Weight("grams", value=lambda move: -move.grams),
                Column("is_certain", _("Which lot"), value=ledgers.how_known),
            ],
            title=_("Lots behind it"), limit=80, link=False,
        ),
        Block("canteen/meal_cost.html", _cost),
        Rows(
            "changes",
            [
                Column("dropped"), Column("added"), Column("why"), Column("note"), Instant("at"), Column("account"),
            ],
            title=_("Menu changes"), limit=20, link=False, keep_empty=False,
        ),
        Rows(
            "checks",
            [
                Column("kind"), Column("dish"), Column("tenths", value=celsius), Instant("at"), Column("account"),
                Column("note"), PASSED,
            ],
            title=_("Checks"), limit=60, link=False, keep_empty=False,
        ),
        Rows(
            "samples",
            [Column("dish"), Number("grams", unit=_("g")), Instant("taken_at"), Instant("keep_until"), SAMPLE_STATE],
            title=_("Samples"), limit=30, keep_empty=False,
        ),
        Rows(
            "headcounts",
            [
                Column("class_group", _("Class"), value=lambda row: row.class_group or row.get_kind_display()), Number("eaters"),
                Number("on_roll"), Number("sick"), Number("leave"), Number("away"), Instant("reported_at"), Column("account"),
            ],
            title=_("Who reported and who was counted"), limit=60, link=False,
            empty=_("Nobody counted. A trace then counts pupils at lunch, boarders at breakfast and dinner."),
        ),
        Rows(
            heads_story.absent_from,
            [
                Column("pupil__name", _("Pupil"), mask=mask_name, unmask="people.view_pupil_names"),
                Column("pupil__class_group", _("Class")), Column("kind"), Day("first_on"), Day("last_on"),
            ],
            title=_("Who was away"), limit=60, link=False, keep_empty=False,
        ),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return ledgers.meals(viewer)


urlpatterns = MealScreen.urls()
