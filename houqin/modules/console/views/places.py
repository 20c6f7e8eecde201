"""Campus, building, room, store, refrigerator, equipment, each with its label."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.places import actions as deeds
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.modules.console.forms import places as forms
from houqin.modules.console.forms.choices import today
from houqin.ui.screens import Action, Badge, Column, Facts, Family, Link, Rows, Screen, Timeline


def in_use(row: Place, viewer: Viewer) -> bool:
    """What is out of use changes no more."""
    return row.closed_on is None


class PlaceScreen(Screen):
    """Where things stand."""

    model = Place
    slug = "places"
    title = _("Places")
    family = Family.STANDARD
    icon = "map-pin"
    order = 40
    labelled = True
    columns = [
        Column("name", sort=True, card="title"),
        Column("kind", sort=True, card="fact"),
        Link("within", sort="within__name", card="fact"),
        Link("org", sort="org__path", card="fact"),
        Column("note"),
        Badge(
            "closed_on", _("State"), value=lambda row: _("Out of use") if row.closed_on else _("In use"),
            tone=lambda row: "quiet" if row.closed_on else "plain",
        ),
    ]  # fmt: skip
    filters = {"kind": "choice", "within": "choice", "org": "choice"}
    search = ["name", "note", "org__name", "within__name"]
    views = {
        "now": (_("In use"), Q(closed_on__isnull=True)),
        "past": (_("Out of use"), Q(closed_on__isnull=False)),
    }
    panels = [
        Facts(["kind", Link("within"), Link("org"), "note", "closed_on"]),
        Rows("parts", [Column("name"), Column("kind"), Column("note")], title=_("What stands in it"), keep_empty=False),
        Timeline(),
    ]
    actions = [
        Action(
            verb=deeds.change_place, label=_("Change"), permission="places.change", form=forms.PlaceForm, icon="pencil",
            shown=in_use, aside=True,
            initial=lambda row, viewer: {n: getattr(row, n) for n in ("kind", "name", "within", "note")},
        ),
        Action(
            verb=deeds.take_out_of_use, label=_("Take out of use"), permission="places.change", form=forms.OutOfUseForm,
            icon="circle-minus", shown=in_use, initial=today, danger=True, bulk=True,
        ),
        Action(
            verb=deeds.back_in_use, label=_("Back in use"), permission="places.change", icon="arrow-back-up",
            shown=lambda row, viewer: row.closed_on is not None,
        ),
    ]  # fmt: skip
    create = Action(
        verb=deeds.record_place, label=_("Record a place"), permission="places.change", form=forms.NewPlaceForm,
        icon="plus", done=lambda place: _("%(place)s recorded. Print its label and stick it on.") % {"place": place},
    )  # fmt: skip
    empty = _("No place recorded yet. Record stores, refrigerators and rooms, and print their labels.")


urlpatterns = PlaceScreen.urls()
