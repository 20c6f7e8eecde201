"""Papers that were missing when goods came, as they are typed or photographed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.ui.screens import DayField, PhotoField, VerbForm


class HandInForm(VerbForm):
    """A paper that was missing when the goods were accepted."""

    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    photo = PhotoField(
        label=_("Photo"), required=False, help_text=_("The number or a photo; one photo may show several papers.")
    )
    valid_until = DayField(label=_("Valid until"), required=False)

    def setup(self) -> None:
        self.fields["number"].help_text = self.row.condition
