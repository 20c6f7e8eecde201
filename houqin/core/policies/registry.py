"""The rules that may be set locally, as the floors above declare them, and what holds at a unit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from django.db.models import Case, When
from django.db.models import Value as SqlValue

from houqin.core.orgs.models import STEP, OrgUnit, paths_down
from houqin.core.policies.models import PolicySetting
from houqin.core.policies.rules import Kind, Value, fits, holding, loosens
from houqin.core.scope.models import within
from houqin.core.scope.remembering import remembered

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Policy:
    """A rule of local practice with the value that holds until a unit sets another.

    ``tighten`` says which way a lower unit may go: "less", "more", "earlier", "later", "on", or "" for either. A default
    that comes from a ``source`` stands above every unit; only the topmost may loosen it, and none where its confidence is A.
    """

    code: str
    label: "StrOrPromise"
    kind: Kind
    default: Value
    tighten: str = ""
    source: str = ""
    confidence: str = ""

    def binds(self, org: OrgUnit) -> bool:
        """Whether the default may not be loosened at this unit."""
        return bool(self.source) and (self.confidence == "A" or len(org.path) > STEP)


@dataclass(frozen=True)
class Standing:
    """What holds at a unit, and the setting it comes from; None: the default."""

    value: Value
    setting: PolicySetting | None = None


_declared: dict[str, Policy] = {}


def declare(*policies: Policy) -> None:
    """Make rules known; a second one of the same code, or a default that is not of its kind, is a mistake."""
    for policy in policies:
        if _declared.setdefault(policy.code, policy) != policy:
            raise ValueError(f"policy {policy.code} is declared twice")
        if not fits(policy.kind, policy.default):
            raise ValueError(f"policy {policy.code}: {policy.default!r} is no {policy.kind}")


def all_policies() -> dict[str, Policy]:
    """Every declared rule by code."""
    return dict(_declared)


def value_of(code: str, org: OrgUnit, *, at: datetime | None = None) -> Value:
    """What holds at a unit, now or at a moment. One query."""
    return values_of(code, [org], at=at)[org.pk]


def values_of(code: str, orgs: Iterable[OrgUnit], *, at: datetime | None = None) -> dict[int, Value]:
    """What holds at each of the units, by their id. One query for any number of them."""
    return {pk: found[code].value for pk, found in standing([code], orgs, at=at).items()}


def standing(
    codes: Iterable[str], orgs: Iterable[OrgUnit], *, at: datetime | None = None
) -> dict[int, dict[str, Standing]]:
    """What holds at each of the units for each of the rules, and who set it. One query."""
    policies = [_declared[code] for code in codes]
    units = list(orgs)
    settings = _settings([policy.code for policy in policies], units, at)
    return {unit.pk: {policy.code: _stands(policy, unit, settings) for policy in policies} for unit in units}


def value_case(code: str, path: str, as_value: Callable[[Value], Any]) -> Case:
    """What holds at the unit of each row, as an expression of ``as_value(value)``; ``path`` leads to the unit's path. One query."""
    units = list(OrgUnit.objects.filter(pk__in=PolicySetting.objects.filter(code=code).values("org")))
    held = values_of(code, units)
    nearest_first = sorted(units, key=lambda unit: len(unit.path), reverse=True)
    whens = [When(within(path, (unit.path,)), then=SqlValue(as_value(held[unit.pk]))) for unit in nearest_first]
    return Case(*whens, default=SqlValue(as_value(_declared[code].default)))


def above(policy: Policy, org: OrgUnit) -> Standing:
    """What the units above have set, which the unit itself may change. One query."""
    settings = _settings([policy.code], [org], None)
    settings.pop((org.path, policy.code), None)
    return _stands(policy, org, settings)


Settings = dict[tuple[str, str], PolicySetting]


def _settings(codes: list[str], units: list[OrgUnit], at: datetime | None) -> Settings:
    """The newest setting of each unit from the top down to the given ones, by path and code."""
    if not units:
        return {}
    if len(units) == 1:
        rows = [row for row in _set_above(units[0].path) if row.code in codes and (at is None or row.set_at <= at)]
    else:
        shared = commonprefix([unit.path for unit in units])  # noqa: RUF071 digits, cut to whole levels below
        shared = shared[: len(shared) // STEP * STEP]
        found = PolicySetting.objects.filter(code__in=codes).select_related("org", "account")
        found = found.filter(within("org__path", (shared,), inherited=True)) if shared else found
        rows = list((found.filter(set_at__lte=at) if at else found).order_by("set_at", "pk"))
    return {(row.org.path, row.code): row for row in rows}


@remembered
def _set_above(path: str) -> list[PolicySetting]:
    """All that was ever set at a unit and above it, whatever the rule, the newest last: a page asks for several of them."""
    rows = PolicySetting.objects.filter(org__path__in=paths_down(path)).select_related("org", "account")
    return list(rows.order_by("set_at", "pk"))


def _stands(policy: Policy, org: OrgUnit, settings: Settings) -> Standing:
    chain = [settings.get((path, policy.code)) for path in (*org.ancestor_paths, org.path)]
    values = [None if row is None or _too_loose(policy, row) else row.value for row in chain]
    found = holding(policy.tighten, values)
    value = None if found is None else values[found]
    return Standing(policy.default) if found is None or value is None else Standing(value, chain[found])


def _too_loose(policy: Policy, row: PolicySetting) -> bool:
    """Set before the default bound it, as when a published figure came later."""
    return row.value is None or (policy.binds(row.org) and loosens(policy.tighten, policy.default, row.value))
