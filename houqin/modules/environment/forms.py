"""What is asked about toilets."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.words import language
from houqin.modules.environment.actions.toilets import TOILET
from houqin.modules.environment.queries.goals import goals_on, years
from houqin.ui.screens import RowField, VerbForm

RECORD = "environment.record"
MOST = 200


def _toilets(viewer: Viewer, row: Any) -> QuerySet[Place]:
    found: QuerySet[Place] = Place.objects.visible_to(viewer, RECORD).in_use().filter(use=TOILET).select_related("org")
    return found.order_by("org__path", "name")


def _schools(viewer: Viewer, row: Any) -> QuerySet[OrgUnit]:
    found: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(viewer, RECORD).schools().filter(closed_on__isnull=True)
    return found


class CountsForm(VerbForm):
    """How many of each."""

    boys_squats = forms.IntegerField(
        label=_("Squats for boys"), min_value=0, max_value=MOST, help_text=_("A trough: 1.20 m is one squat.")
    )
    boys_urinals = forms.IntegerField(
        label=_("Urinals"), min_value=0, max_value=MOST, help_text=_("A trough: 0.60 m is one urinal.")
    )
    girls_squats = forms.IntegerField(
        label=_("Squats for girls"), min_value=0, max_value=MOST, help_text=_("A trough: 1.20 m is one squat.")
    )
    basins = forms.IntegerField(
        label=_("Basins"), min_value=0, max_value=MOST, help_text=_("A trough: 0.60 m is one basin.")
    )


class FittingsForm(CountsForm):
    """Which toilet, and how many of each."""

    place = RowField(_toilets, label=_("Toilet"))
    field_order = ["place", "boys_squats", "boys_urinals", "girls_squats", "basins"]


class JudgeForm(VerbForm):
    """What is judged, how far it is reached, and why."""

    org = RowField(_schools, label=_("School"))
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    evidence = forms.ChoiceField(label=_("What is judged"))
    percent = forms.IntegerField(label=_("Reached (percent)"), min_value=0, max_value=100)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def setup(self) -> None:
        """The years that can be judged, and what cannot be computed."""
        judged = [
            (one.code, one.title(language()))
            for goal in goals_on(self.viewer.today)
            for one in goal.evidence
            if one.measure is None
        ]
        self.fields["year"].choices = [(year, str(year)) for year in years(self.viewer.today)]  # type: ignore[attr-defined]
        self.fields["evidence"].choices = judged  # type: ignore[attr-defined]
