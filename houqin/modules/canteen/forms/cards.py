"""The canteen's card as typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import CanteenMode, OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.registering import register_canteen
from houqin.modules.canteen.models import CanteenCard
from houqin.ui.screens import CountField, DayField, RowField, VerbForm


def register(*, by: Viewer, org: OrgUnit, **particulars: Any) -> CanteenCard:
    """The registering verb, with the school chosen in the form."""
    return register_canteen(org, by=by, **particulars)


class CardForm(VerbForm):
    """What the canteen is; filled in with what it was."""

    org = RowField(
        lambda viewer, row: OrgUnit.objects.visible_to(viewer, "canteen.register").schools().order_by("path"),
        label=_("School"),
    )  # fmt: skip
    valid_from = DayField(label=_("Holds from"))
    mode = forms.ChoiceField(label=_("How it is run"), choices=CanteenMode.choices)
    caterer = RowField(
        lambda viewer, row: Party.objects.visible_to(viewer).canonical(), label=_("Contractor or caterer"),
        required=False, help_text=_("Where it is contracted out or meals are ordered."),
    )  # fmt: skip
    licence_number = forms.CharField(
        label=_("Food business licence"), max_length=20, required=False, help_text=_("JY and 14 digits.")
    )
    licence_until = DayField(label=_("Licence valid until"), required=False)
    area_m2 = CountField(label=_("Floor area"), unit="m²", required=False)
    seats = CountField(label=_("Seats"), required=False)
    serves_breakfast = forms.BooleanField(label=_("Breakfast"), required=False)
    serves_lunch = forms.BooleanField(label=_("Lunch"), required=False, initial=True)
    serves_dinner = forms.BooleanField(label=_("Dinner"), required=False)
    nutrition_plan = forms.BooleanField(label=_("Nutrition Improvement Programme"), required=False)
    reason = forms.CharField(
        label=_("Why it changes"), max_length=200, required=False,
        help_text=_("Another way of running it, or another firm, is agreed to by the office first."),
    )  # fmt: skip


class DecideModeForm(VerbForm):
    """The office's answer."""

    agreed = forms.TypedChoiceField(
        label=_("Decision"), coerce=lambda text: text == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("Agreed")), ("no", _("Declined"))],
    )  # fmt: skip
    answer = forms.CharField(label=_("Answer"), max_length=200, required=False)
