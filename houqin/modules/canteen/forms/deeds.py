"""What is typed when goods leave the store, are counted, or are put right."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.modules.canteen import policies
from houqin.modules.canteen.models import Delivery
from houqin.modules.canteen.queries.entries import replacements_for
from houqin.modules.canteen.queries.transfers import schools_nearby
from houqin.ui import formats
from houqin.ui.screens import PhotoField, RowField, VerbForm, WeightField

SPOILT = (_("Spoilt or mouldy"), _("Past its date"), _("Pack broken"), _("Damp"), _("Pests"))
RETURNABLE = (_("Quality not as agreed"), _("Not what was ordered"), _("Damaged on the way"), _("Too much delivered"))
SENDABLE = (_("The other school is short"), _("Too much here before the holidays"))


class LeavingForm(VerbForm):
    """How much of a lot leaves, and why; a photo where the rules ask for one."""

    photo_rule: ClassVar[str] = ""
    reasons: ClassVar[tuple[Any, ...]] = ()

    grams = WeightField(label=_("Weight"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"list": "reasons"}))
    photo = PhotoField(label=_("Photo"), required=False)

    def setup(self) -> None:
        there = _("In store: %(weight)s.") % {"weight": formats.weight(self.row.on_hand_grams)}
        self.fields["grams"].help_text = there
        if self.photo_rule and value_of(self.photo_rule, self.row.org):
            self.fields["photo"].help_text = _("Needed: it is kept with the entry.")


class ReturnForm(LeavingForm):
    """退货 and 换货."""

    photo_rule = policies.RETURN_PHOTO
    reasons = RETURNABLE


class WriteOffForm(LeavingForm):
    """报损."""

    photo_rule = policies.WRITE_OFF_PHOTO
    reasons = SPOILT


class DisposeForm(LeavingForm):
    """What becomes of goods that a recall stopped."""

    photo_rule = policies.WRITE_OFF_PHOTO
    returned = forms.TypedChoiceField(
        label=_("What becomes of them"), coerce=lambda value: value == "returned", initial="destroyed",
        choices=[("destroyed", _("Destroyed")), ("returned", _("Returned to the supplier"))], widget=forms.RadioSelect,
    )  # fmt: skip


class SendForm(LeavingForm):
    """调拨: to which school."""

    reasons = SENDABLE
    photo = None  # type: ignore[assignment]
    to = RowField(lambda viewer, row: schools_nearby(row.org) if row else OrgUnit.objects.none(), label=_("To"))
    field_order = ("to", "grams", "reason")


class ReceiveForm(VerbForm):
    """What was found of a transfer."""

    grams = WeightField(label=_("Weight found"))
    reason = forms.CharField(
        label=_("Where a difference may come from"), max_length=200, required=False, widget=forms.TextInput()
    )

    def setup(self) -> None:
        sent = _("Sent: %(weight)s. Weigh it before you write.") % {"weight": formats.weight(self.row.weight)}
        self.fields["grams"].help_text = sent


class WhyForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class ReplacementForm(VerbForm):
    """Which delivery brought what was owed."""

    delivery = RowField(
        lambda viewer, row: replacements_for(viewer, row) if row else Delivery.objects.none(), label=_("Delivery"),
        help_text=_("Accept the replacement like any delivery, then name it here."),
    )  # fmt: skip


class CorrectionForm(VerbForm):
    """The weight as it should have been written."""

    right_grams = WeightField(label=_("Right weight"), help_text=_("0 where it never happened."))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def setup(self) -> None:
        minutes = value_of(policies.QUICK_CORRECTION, self.row.org)
        self.fields["reason"].help_text = format_lazy(
            _("One's own slip of the last {minutes} minutes needs none; anything else is asked for and waits for a second person."),
            minutes=minutes,
        )  # fmt: skip


class DecisionForm(VerbForm):
    """The second person's answer."""

    agreed = forms.TypedChoiceField(
        label=_("Your decision"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("Agreed: put it right")), ("no", _("Declined"))],
    )  # fmt: skip
    why_not = forms.CharField(label=_("Why not"), max_length=200, required=False)

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {"agreed": told["agreed"], "answer": told["why_not"]}
