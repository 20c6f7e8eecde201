"""What is asked before a local rule is set: a value of its kind, and why."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy
from houqin.core.policies.rules import RANGES, Kind, Value
from houqin.core.policies.words import KILOGRAM, KIND_WORDS, bounds
from houqin.core.scope.viewer import Viewer
from houqin.ui.screens import CountField, TemperatureField, VerbForm, WeightField


class PolicyForm(VerbForm):
    """The new value of one rule."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Who decided it, and where that is written")
    )
    field_order = ["value", "reason"]

    def __init__(self, *args: Any, viewer: Viewer, policy: Policy, **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(*args, viewer=viewer, **kwargs)

    def setup(self) -> None:
        """Ask for a value of the rule's kind."""
        self.fields["value"] = _value_field(self.policy)
        self.order_fields(self.field_order)

    def clean_value(self) -> Value:
        """As the rule keeps it."""
        given: Any = self.cleaned_data["value"]
        if isinstance(given, time):
            return given.strftime("%H:%M")
        return given == "on" if self.policy.kind == Kind.SWITCH else int(given)


def _value_field(policy: Policy) -> forms.Field:
    label, kind = _("New value"), policy.kind
    if kind == Kind.GRAMS and int(policy.default) >= KILOGRAM:
        return WeightField(label=label)
    if kind == Kind.SWITCH:
        return forms.ChoiceField(label=label, choices=[("on", _("on")), ("off", _("off"))])
    if kind == Kind.CLOCK:
        return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    if kind == Kind.TEMPERATURE:
        return TemperatureField(label=label)
    least, most = RANGES[kind]
    return CountField(label=label, unit=KIND_WORDS[kind], min_value=least, max_value=most, help_text=bounds(kind))
