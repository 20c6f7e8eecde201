"""What a unit may set about the environment."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

GOAL_YEAR = "environment.toilet_goal_year"

declare(Policy(GOAL_YEAR, _("The six goals for toilets are to be reached by the end of the year"), Kind.COUNT, 2020))
