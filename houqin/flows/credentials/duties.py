"""The duties that credentials ask for: one rule a kind, whose code is ``credential:<code>``, to renew it before it ends."""

import time
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.loading import after_loading
from houqin.core.people.posts import post_kinds
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import kinds_on
from houqin.flows.duties.models import Duty
from houqin.flows.duties.registry import Demand, Rule, done_at, rules_from
from houqin.flows.duties.schedule import Every, Schedule

PREFIX = "credential:"
OTHERWISE = "logistics-director"
"""Who renews what neither names a post nor is asked of one."""
TENTH_MINUTES = 100
_HOLDS_SECONDS = 60.0
_kept: dict[date, tuple[float, list[Rule]]] = {}


@rules_from
def renewal_rules(day: date) -> Iterable[Rule]:
    """A rule for each kind that is brought to mind; each process keeps them for a minute."""
    known = _kept.get(day)
    if known is None or time.monotonic() - known[0] > _HOLDS_SECONDS:
        kinds, posts = kinds_on(day), post_kinds(day)
        holders = {code: [post.superior for post in posts.values() if code in post.requires] for code in kinds}
        made = [_rule_of(kind, next(iter(holders[kind.code]), "")) for kind in kinds.values() if kind.reminders]
        known = _kept[day] = time.monotonic(), made
    return known[1]


@after_loading
def forget(by: Viewer) -> None:
    """The catalogue has changed."""
    _kept.clear()


def _rule_of(kind: CredentialKind, superior: str) -> Rule:
    return Rule(
        code=f"{PREFIX}{kind.code}",
        title_zh=f"更新{kind.title_zh}",
        title_en=f"Renew: {kind.title_en}",
        post=kind.post or superior or OTHERWISE,
        schedules=(Schedule(Every.BEFORE_END, days_before=max(kind.reminders)),),
        demand=Demand.LAW if kind.confidence in ("A", "A*") else Demand.OWN,
        source=f"{kind.source} {kind.clause}".strip(),
        tenth_minutes=TENTH_MINUTES,
        red_line=bool(kind.gate),
        family="credentials",
        since=kind.effective_from,
    )


@done_at("credential", button=_("Renew it"), lasting=True)
def where_it_is_renewed(duty: Duty) -> str:
    """The list of what ends that day of this kind."""
    asked = {"view": "standing", "kind": duty.rule.removeprefix(PREFIX)}
    asked |= {"expires_on_after": duty.slot, "expires_on_before": duty.slot}
    return f"{reverse('credentials:papers')}?{urlencode(asked)}"
