"""What a unit may set about credentials."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

RENEWED_WHEN_VERIFIED = "credentials.renewed_when_verified"

declare(
    Policy(
        RENEWED_WHEN_VERIFIED,
        _("A paper counts as renewed only when a second person has looked"),
        Kind.SWITCH,
        False,
        "on",
    )
)
