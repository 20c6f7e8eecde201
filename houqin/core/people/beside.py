"""What the library for signing in keeps of an account, in tables of its own: in the register, in copies, gone with what is erased.

The second factor lies enciphered there: the key of a phone, and what the codes on paper are drawn from.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models import Account
from houqin.core.scope.register import Beside, kept_beside
from houqin.core.tables.ciphers import keeps

SECOND_FACTOR = "second factor"

keeps(Authenticator, "data", use=SECOND_FACTOR, names=frozenset({"secret", "seed", "migrated_codes"}))

kept_beside(
    Beside(
        EmailAddress, Account, "user", _("E-mail address for signing in"),
        _("To send whoever forgot the password a new one, and to know that the address is theirs."),
        {"email": _("E-mail"), "verified": _("Verified"), "primary": _("First of several")},
    ),
    Beside(
        SocialAccount, Account, "user", _("Sign-in of the office's own"),
        _("To know again who signs in through the office's own system."),
        {
            "provider": _("System"), "uid": _("Name there"), "extra_data": _("What it told of them"),
            "date_joined": _("Linked at"), "last_login": _("Last used"),
        },
    ),
    Beside(
        Authenticator, Account, "user", _("Second factor"),
        _("So that a password alone does not open an account."),
        {"type": _("Kind"), "created_at": _("Set up at"), "last_used_at": _("Last used")}, (_("Key and codes"),),
    ),
)  # fmt: skip
