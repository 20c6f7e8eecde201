"""What is asked about a place."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.places.models import Place, PlaceKind
from houqin.core.scope.viewer import Viewer
from houqin.modules.console.forms.choices import open_units
from houqin.ui.screens import DayField, RowField, VerbForm


def _places(viewer: Viewer, row: Any) -> QuerySet[Place]:
    """Where it may stand: what is in use at its unit and above, itself left out."""
    found: QuerySet[Place] = Place.objects.visible_to(viewer).in_use().select_related("org")
    return found.filter(org__path__in=[*row.org.ancestor_paths, row.org.path]).exclude(pk=row.pk) if row else found


class PlaceForm(VerbForm):
    """What a place is, what it is called and where it stands."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PlaceKind.choices)
    name = forms.CharField(label=_("Name"), max_length=60)
    within = RowField(_places, label=_("Stands in"), required=False, empty_label=_("Stands by itself"))
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)


class NewPlaceForm(PlaceForm):
    """A place of a unit."""

    org = RowField(open_units("places.change"), label=_("Unit"))
    field_order = ["org", "kind", "name", "within", "note"]


class OutOfUseForm(VerbForm):
    """From when, and why."""

    on = DayField(label=_("Out of use since"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
