"""The second signature by PIN."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.people.actions.pins import DIGITS, check_pin
from houqin.core.scope.refusals import Refused
from houqin.modules.canteen.queries.signing import signers_of
from houqin.ui.screens import RowField, VerbForm

TYPED = {"inputmode": "numeric", "maxlength": DIGITS, "autocomplete": "off"}


class PinForm(VerbForm):
    """Who signs, and their PIN: handed over with the phone."""

    signer = RowField(
        lambda viewer, row: signers_of(row), label=_("Who signs"),
        help_text=_("Colleagues who may sign and have set a PIN under their own name."),
    )  # fmt: skip
    pin = forms.CharField(label=_("Their PIN"), max_length=DIGITS, widget=forms.PasswordInput(attrs=TYPED))

    def clean(self) -> dict[str, Any]:
        """A wrong PIN counts here, before the deed begins: what the deed writes is taken back when it is refused."""
        given = super().clean() or {}
        if "signer" in given and "pin" in given:
            try:
                check_pin(given["signer"], given["pin"])
            except Refused as refusal:
                self.add_error("pin", str(refusal.message))
        return given
