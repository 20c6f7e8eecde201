"""学校食堂登记: a canteen's card, how it is run, and what everybody may know of it."""

from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.lib.codes import is_food_licence
from houqin.modules.canteen.actions.registering import decide_canteen_mode
from houqin.modules.canteen.forms.cards import CardForm, DecideModeForm, register
from houqin.modules.canteen.models import CanteenCard
from houqin.modules.canteen.queries import cards
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Block, Column, Day, Facts, Family, Instant, Link, Number, Screen, Timeline

REGISTER = "canteen.register"


def _state(row: CanteenCard) -> Any:
    if row.state != CanteenCard.State.AGREED:
        return row.get_state_display()
    return _("In force") if row.in_force == row.pk else _("Earlier or later")  # type: ignore[attr-defined]


def _meals(row: CanteenCard) -> str:
    served = {_("Breakfast"): row.serves_breakfast, _("Lunch"): row.serves_lunch, _("Dinner"): row.serves_dinner}
    return "、".join(str(meal) for meal, is_served in served.items() if is_served)


def _head(row: CanteenCard, viewer: Viewer) -> dict[str, Any]:
    return {
        "eaters": cards.eaters_lately(row.org, viewer.today),
        "equipment": cards.equipment_of(row.org),
        "odd_licence": bool(row.licence_number) and not is_food_licence(row.licence_number),
        "expired": row.licence_until is not None and row.licence_until < viewer.today,
        "public": reverse("canteen:card", args=[row.org.public_id]),
    }


class CardScreen(Screen):
    """Canteens and how they are run."""

    model = CanteenCard
    slug = "cards"
    title = _("Canteen register")
    family = Family.STANDARD
    icon = "building-store"
    order = 40
    sort = "org"
    columns = [
        Link("org", sort="org__path", card="title"),
        Column("mode", sort=True, card="fact"),
        Link("caterer"),
        Column("licence_number", card="no"),
        Day("licence_until", sort=True),
        Number("seats", sort=True),
        Day("valid_from", sort=True, card="fact"),
        Badge(
            "standing", _("State"), value=_state, card="state",
            tone=lambda row: {"asked": "soon", "declined": "quiet"}.get(
                row.state, "passed" if row.in_force == row.pk else "quiet"
            ),
        ),
    ]  # fmt: skip
    filters = {"mode": "choice", "org": "choice", "nutrition_plan": "choice", "licence_until": "range"}
    search = ["org__name", "licence_number", "caterer__name"]
    views = {
        "now": (_("In force"), Q(in_force=F("pk"))),
        "asked": (_("Waits for the office"), Q(state=CanteenCard.State.ASKED)),
    }
    empty = _("Each school's canteen stands here: how it is run, its licence, its seats. Register the first.")
    create = Action(
        verb=register, name="new", label=_("Register or change"), permission=REGISTER, form=CardForm, icon="plus",
        initial=lambda row, viewer: _as_it_is(viewer),
    )  # fmt: skip
    actions = [
        Action(
            verb=decide_canteen_mode, name="decide", label=_("Decide"), permission="canteen.approve_mode",
            form=DecideModeForm, icon="gavel", shown=lambda row, viewer: row.state == CanteenCard.State.ASKED,
        )
    ]  # fmt: skip
    panels = [
        Block("canteen/card_head.html", _head),
        Facts([
            Link("org"), Column("mode"), Link("caterer"), "licence_number", Day("licence_until"), Number("area_m2"),
            Number("seats"), Column("meals", _("Meals"), value=_meals), Column("nutrition_plan"), Day("valid_from"),
            "reason", Column("asked_by"), Instant("asked_at"), Column("decided_by"), Instant("decided_at"), "answer",
        ]),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return cards.cards(viewer)


def _as_it_is(viewer: Viewer) -> dict[str, Any]:
    """What the one school of the viewer has registered, so that only what changes is typed."""
    card = cards.in_force(viewer)[:2]
    if len(card) != 1:
        return {"valid_from": viewer.today}
    names = [name for name in CardForm.base_fields if name not in {"reason", "valid_from"}]
    return {name: getattr(card[0], name) for name in names} | {"valid_from": viewer.today}


@page(public=True)
def public_card(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What everybody may know of a canteen: how it is run, by whom, with which licence (FS-21)."""
    card = cards.public_card(ref, timezone.localdate())
    if card is None:
        raise NotVisible
    return render(request, "canteen/card_public.html", {"card": card, "meals": _meals(card), "title": card.org.name})


urlpatterns = [*CardScreen.urls(), path("card/<uuid:ref>/", public_card, name="card")]
