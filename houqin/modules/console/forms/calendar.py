"""What is asked about terms and marked days."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.calendars.models import DayKind
from houqin.modules.console.forms.choices import open_units
from houqin.ui.screens import DayField, RowField, VerbForm

UNIT: Any = {"label": _("Unit"), "help_text": _("Holds for all below it, as far as they set nothing of their own.")}


class TermForm(VerbForm):
    """The name and the days of a term."""

    name = forms.CharField(label=_("Term"), max_length=40, help_text=_("such as “First term” or “第一学期”"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))


class NewTermForm(TermForm):
    """A term of a unit."""

    org = RowField(open_units("calendars.change"), **UNIT)
    field_order = ["org", "name", "starts_on", "ends_on"]


class MarkForm(VerbForm):
    """Days that are not as the national calendar has them."""

    org = RowField(open_units("calendars.change"), **UNIT)
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices)
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("empty: one day only"))
    label = forms.CharField(
        label=_("Reason"), max_length=60, required=False, help_text=_("such as “sports day” or “typhoon”")
    )
