"""The second signature by PIN."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.people.actions.pins import DIGITS, check_pin
from houqin.core.scope.refusals import Refused
from houqin.modules.canteen.queries.signing import seconds_at, signers_of
from houqin.ui.screens import RowField, VerbForm

TYPED = {"inputmode": "numeric", "maxlength": DIGITS, "autocomplete": "off"}


class SignedForm(VerbForm):
    """The base of forms that a second person signs by PIN."""

    def clean(self) -> dict[str, Any]:
        """A wrong PIN counts here, before the deed begins: what the deed writes is taken back when it is refused."""
        given = super().clean() or {}
        if given.get("signer") and given.get("pin"):
            try:
                check_pin(given["signer"], given["pin"])
            except Refused as refusal:
                self.add_error("pin", str(refusal.message))
        return given


class PinForm(SignedForm):
    """Who signs, and their PIN: handed over with the phone."""

    signer = RowField(
        lambda viewer, row: signers_of(row), label=_("Who signs"),
        help_text=_("Colleagues who may sign and have set a PIN under their own name."),
    )  # fmt: skip
    pin = forms.CharField(label=_("Their PIN"), max_length=DIGITS, widget=forms.PasswordInput(attrs=TYPED))


class AtTheDoorForm(SignedForm):
    """The second person may stand at the door as well, and sign with the first. ``row`` knows its school as ``org``."""

    signer = RowField(
        lambda viewer, row: seconds_at(row.org, viewer.account_id, viewer.person_id), label=_("Second person"),
        required=False, empty_label=_("Signs later"),
    )  # fmt: skip
    pin = forms.CharField(
        label=_("Their PIN"), max_length=DIGITS, required=False, widget=forms.PasswordInput(attrs=TYPED)
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("signer") and not given.get("pin") and "pin" not in self.errors:
            self.add_error("pin", _("%(name)s types the PIN here, or signs later.") % {"name": given["signer"]})
        return given
