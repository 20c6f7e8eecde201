"""What is typed about a value out of limits."""

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.ui.screens import VerbForm


class ConfirmForm(VerbForm):
    """What was done about it."""

    remark = forms.CharField(label=_("What was done"), max_length=200)


class AnswerForm(VerbForm):
    """What was done about what stands."""

    words = forms.CharField(
        label=_("What was answered"),
        max_length=200,
        help_text=_("What was done, and what keeps it from happening again."),
    )
