"""What a unit may set about its places."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

RELEASE_BY_ANOTHER = "places.release_by_another"

declare(Policy(RELEASE_BY_ANOTHER, _("Who stopped a place does not release it"), Kind.SWITCH, True, "on"))
