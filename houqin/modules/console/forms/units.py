"""What is asked before a unit changes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.actions import CHILDREN_OF
from houqin.core.orgs.models import CanteenMode, Kind, OrgUnit
from houqin.ui.screens import CountField, DayField, RowsField, VerbForm


class OpenUnitForm(VerbForm):
    """A new unit below the one on the page."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(
        label=_("School code"), max_length=18, required=False, help_text=_("10 digits, schools only")
    )
    opened_on = DayField(label=_("Opened on"), required=False)

    def setup(self) -> None:
        """Offer only the kinds that can stand there."""
        allowed = CHILDREN_OF.get(self.row.kind, frozenset()) if self.row else frozenset()
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in Kind if kind in allowed]


class RenameForm(VerbForm):
    """A new name or code."""

    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("School code"), max_length=18, required=False)


class CloseForm(VerbForm):
    """From when it no longer exists, and why."""

    on = DayField(label=_("Closed on"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class MergeForm(VerbForm):
    """Which units go on in the one on the page."""

    units = RowsField(
        lambda viewer, row: (
            OrgUnit.objects.visible_to(viewer, "orgs.change")
            .filter(parent=row.parent, kind=row.kind, closed_on__isnull=True)
            .exclude(pk=row.pk)
        ),
        label=_("Units that end and go on in this one"),
    )
    on = DayField(label=_("On"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class SplitForm(VerbForm):
    """The units that are split off."""

    names = forms.CharField(label=_("Names of the new units, one a line"), widget=forms.Textarea(attrs={"rows": 3}))
    on = DayField(label=_("On"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    close = forms.BooleanField(label=_("The old unit ends with this"), required=False)

    def clean_names(self) -> list[str]:
        """One name a line."""
        return str(self.cleaned_data["names"]).splitlines()


class FactsForm(VerbForm):
    """A school's basic facts from a day on."""

    valid_from = DayField(label=_("Holds from"))
    school_type = forms.CharField(label=_("Type of school"), max_length=20, required=False)
    classes = CountField(label=_("Classes"), unit=_("classes"))
    enrolment = CountField(label=_("Pupils"), unit=_("people"))
    boarders = CountField(label=_("Boarders"), unit=_("people"))
    staff = CountField(label=_("Staff"), unit=_("people"))
    canteen_mode = forms.ChoiceField(label=_("Canteen"), choices=CanteenMode.choices)
    principal_name = forms.CharField(label=_("Head of school"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
