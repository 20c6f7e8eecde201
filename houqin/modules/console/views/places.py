"""Campus, building, room, store, refrigerator, equipment, each with its label."""

from typing import Any

import django_filters as df
from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.places import actions as deeds
from houqin.core.places.models import Place, PlaceKind
from houqin.core.places.queries import use_title, uses_on
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.columns import SHORT
from houqin.flows.credentials.fitness import with_fitness
from houqin.flows.credentials.queries import of_subject
from houqin.modules.console.forms import places as forms
from houqin.modules.console.forms.choices import today
from houqin.ui.screens import Action, Badge, Column, Day, Facts, Family, Link, Rows, Screen, Timeline


def in_use(row: Place, viewer: Viewer) -> bool:
    """What is out of use changes no more."""
    return row.closed_on is None


def _state(row: Any) -> Any:
    """Out of use, or not to be used because an inspection by law has ended or it is past its service life."""
    if row.closed_on:
        return _("Out of use")
    if row.unfit_since:
        return _("Not to be used: inspection ended")
    return _("Not to be used: to be scrapped") if row.is_scrap else _("In use")


def _tone(row: Any) -> str:
    if row.closed_on:
        return "quiet"
    return "danger" if row.unfit_since or row.is_scrap else "plain"


def _uses() -> list[tuple[str, str]]:
    return [(code, use_title(use)) for code, use in uses_on(timezone.localdate()).items()]


def _recorded(made: Place | list[Place]) -> str:
    if isinstance(made, Place):
        return gettext("%(place)s recorded. Print its label and stick it on.") % {"place": made}
    return ngettext("%(count)s recorded. Print its label.", "%(count)s recorded. Print their labels.", len(made)) % {
        "count": len(made)
    }


USE = Column("use_title", _("What for"), card="fact")


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
        USE,
        Link("within", sort="within__name", card="fact"),
        Link("org", sort="org__path", card="fact"),
        Column("serial", card="no"),
        Day("made_on", sort=True, card="no"),
        Badge("closed_on", _("State"), value=_state, tone=_tone),
    ]
    filters = {
        "kind": "choice",
        "use": df.ChoiceFilter(field_name="use", label=_("What for"), choices=_uses),
        "within": "choice",
        "org": "choice",
    }
    search = ["name", "serial", "note", "org__name", "within__name"]
    views = {
        "now": (_("In use"), Q(closed_on__isnull=True)),
        "unfit": (_("Not to be used"), Q(closed_on__isnull=True) & (Q(unfit_since__isnull=False) | Q(is_scrap=True))),
        "past": (_("Out of use"), Q(closed_on__isnull=False)),
    }
    panels = [
        Facts(
            [
                USE,
                "kind",
                Link("within"),
                Link("org"),
                "serial",
                Day("made_on"),
                Day("unfit_since", _("Inspection ended")),
                "note",
                "closed_on",
            ]
        ),
        Rows(
            lambda row, viewer: of_subject(row.subject_id, viewer),
            SHORT,
            title=_("Credentials"),
            keep_empty=False,
        ),
        Rows("parts", [Column("name"), Column("kind"), Column("note")], title=_("What stands in it"), keep_empty=False),
        Timeline(),
    ]
    actions = [
        Action(
            verb=deeds.change_place, label=_("Change"), permission="places.change", form=forms.PlaceForm, icon="pencil",
            shown=in_use, aside=True,
            initial=lambda row, viewer: {name: getattr(row, name) for name in forms.PlaceForm.base_fields},
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
        verb=forms.record_new, name="new", label=_("Record a place"), permission="places.change", form=forms.NewPlaceForm,
        icon="plus", done=_recorded,
    )  # fmt: skip
    empty = _("No place recorded yet. Record stores, refrigerators and rooms, and print their labels.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """With what it is for, and whether it may be used."""
        rows = with_fitness(super().get_queryset(viewer), viewer.today)
        named = [When(use=code, then=Value(use_title(use))) for code, use in uses_on(viewer.today).items()]
        kinds = [When(use="", kind=kind, then=Value(str(kind.label))) for kind in PlaceKind]
        known: QuerySet[Any] = rows.annotate(use_title=Case(*named, *kinds, default="kind", output_field=CharField()))
        return known


urlpatterns = PlaceScreen.urls()
