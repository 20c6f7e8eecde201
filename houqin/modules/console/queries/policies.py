"""The rules that hold at a unit, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.models import PolicySetting
from houqin.core.policies.registry import Policy, Standing, all_policies, standing
from houqin.core.policies.words import in_words

DIRECTIONS = {
    "": _("Every unit may set its own."),
    "less": _("A unit below may only set it lower."),
    "more": _("A unit below may only set it higher."),
    "earlier": _("A unit below may only set an earlier time."),
    "later": _("A unit below may only set a later time."),
    "on": _("Once on, it stays on below."),
}
SHARED = {"sign_in": _("Sign in")}
CONFIDENCE = {"A": "", "A*": "", "B": _("figure not compared with the original text"), "C": _("to be verified")}


@dataclass(frozen=True)
class RuleRow:
    """One rule at one unit."""

    policy: Policy
    stands: Standing
    org: OrgUnit

    @property
    def value(self) -> str:
        """What holds, in words."""
        return in_words(self.policy.kind, self.stands.value)

    @property
    def default(self) -> str:
        """What holds where no unit set anything, in words."""
        return in_words(self.policy.kind, self.policy.default)

    @property
    def direction(self) -> Any:
        """Which way a unit below may go."""
        return DIRECTIONS[self.policy.tighten]

    @property
    def doubt(self) -> Any:
        """How sure the published figure is, where it is not."""
        return CONFIDENCE.get(self.policy.confidence, "")

    @property
    def is_own(self) -> bool:
        """Whether the unit itself set what holds."""
        return self.stands.setting is not None and self.stands.setting.org_id == self.org.pk


def rule_at(org: OrgUnit, code: str) -> RuleRow | None:
    """One rule at a unit; None when there is no such rule."""
    policy = all_policies().get(code)
    return RuleRow(policy, standing([code], [org])[org.pk][code], org) if policy else None


def rules_at(org: OrgUnit) -> list[tuple[Any, list[RuleRow]]]:
    """Every rule at a unit, by the app that declares it. One query."""
    policies = all_policies()
    found = standing(policies, [org])[org.pk]
    groups: dict[str, list[RuleRow]] = {}
    for code, policy in policies.items():
        groups.setdefault(code.partition(".")[0], []).append(RuleRow(policy, found[code], org))
    return [(_title_of(label), rows) for label, rows in groups.items()]


def _title_of(group: str) -> Any:
    """What rules of one prefix are about: the name of their app, or of the group that several apps share."""
    return SHARED.get(group) or apps.get_app_config(group).verbose_name


def set_words(row: PolicySetting) -> Any:
    """What a setting said."""
    policy = all_policies().get(row.code)
    if row.value is None:
        return _("taken back")
    return in_words(policy.kind, row.value) if policy else row.value


def rule_words(row: PolicySetting) -> Any:
    """What the rule of a setting is called."""
    policy = all_policies().get(row.code)
    return policy.label if policy else row.code


def rule_choices() -> Iterable[tuple[str, Any]]:
    """Every rule, to filter by."""
    return [(code, policy.label) for code, policy in all_policies().items()]
