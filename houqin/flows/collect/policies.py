"""What a unit may set about asking."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

ASKED_WITHIN = "collect.asked_within"
BURDEN = "《政务移动互联网应用程序规范化管理办法》（国办函〔2026〕12号）"

declare(
    Policy(ASKED_WITHIN, _("Schools are not asked again without a reason for what they were asked in the last"), Kind.DAYS, 180, "more", BURDEN, "A*")
)  # fmt: skip
