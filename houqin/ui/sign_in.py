"""The forms of signing in, in our words."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from houqin.core.people.sign_in import asked_of


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """User name (or e-mail) and password; labels above the entries, no words inside them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail")
        self.fields["password"].help_text = ""
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")

    def clean(self) -> Any:
        """A password does not suffice where the office asks for its own sign-in."""
        cleaned = super().clean()
        user = getattr(self, "user", None)
        if not self.errors and user is not None and asked_of(user).own_sign_in:
            raise ValidationError(_("Your office asks you to sign in through its own sign-in. Use its button below."))
        return cleaned


def _in_our_words(form: Any, help_text: Any) -> None:
    field = form.fields["code"]
    field.label, field.help_text = _("One-time code"), help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, _("The six digits on your phone, or one of your recovery codes."))


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The same before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, _("The six digits on your phone, or one of your recovery codes."))


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a phone proves that it has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, _("The six digits that the phone shows now."))
