"""What is asked before an account or a role is given."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.roles import ROLE_CHOICES, ROLES
from houqin.core.people.models import Account
from houqin.modules.console.forms.choices import at_work, open_units
from houqin.ui.screens import RowField, VerbForm


class AccountForm(VerbForm):
    """A new account."""

    home = RowField(open_units("people.manage_accounts"), label=_("Unit"))
    username = forms.CharField(label=_("User name"), max_length=60)
    display_name = forms.CharField(label=_("Full name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class PersonForm(VerbForm):
    """Whose account it is."""

    person = RowField(
        at_work(lambda row: row.home), label=_("Person"),
        help_text=_("What the person is named for, as a class to teach, the account may then do."),
    )  # fmt: skip


class GrantForm(VerbForm):
    """A role over a unit for an account."""

    account = RowField(
        lambda viewer, row: Account.objects.visible_to(viewer).filter(is_active=True), label=_("Account")
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)
    org = RowField(open_units("grants.change"), label=_("Over unit"))

    def clean(self) -> dict[str, Any]:
        """A role stands at the kinds of unit it is made for."""
        given = super().clean() or self.cleaned_data
        role, org = ROLES.get(given.get("role", "")), given.get("org")
        if role and org and org.kind not in role.kinds:
            self.add_error("role", _("This role cannot be given at a unit of this kind."))
        return given
