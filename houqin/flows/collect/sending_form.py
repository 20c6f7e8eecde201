"""The one entry before a notice goes out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.ui.screens import VerbForm


class SendForm(VerbForm):
    """Why schools are asked again: only where they are."""

    again_because = forms.CharField(
        label=_("Why it is asked again"), max_length=300, required=False, help_text=_("Schools read this.")
    )

    def setup(self) -> None:
        if not self.row:
            del self.fields["again_because"]
