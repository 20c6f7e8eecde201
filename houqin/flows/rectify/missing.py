"""Missed duties that open findings: a red line at once, another when it was missed so often in seven days.

Two queries find them, however many schools there are; only what is new is opened one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.models import PolicySetting
from houqin.core.policies.registry import all_policies
from houqin.core.scope.viewer import system_viewer
from houqin.core.subjects.models import Subject
from houqin.flows.duties.models import Duty
from houqin.flows.duties.registry import Rule, rules_on
from houqin.flows.duties.reminding_readers import settings_of
from houqin.flows.ledgers.duties import ANSWER
from houqin.flows.rectify.actions.opening import Found, Source, open_finding
from houqin.flows.rectify.models import OPEN_STATES, CauseKind, Finding, FindingState, Severity
from houqin.flows.rectify.policies import MISSED_TIMES

A_WEEK = timedelta(days=7)
MOST = 2_000
"""So many are opened in one run of the job; the next run opens the rest."""
TOPIC = "duty."
Thing = tuple[int, str, int | None]


@dataclass(frozen=True)
class Missed:
    """A duty that a unit missed at a place: how often since the last finding of it, and when last."""

    org: int
    rule: str
    about: int | None
    post: str
    times: int
    red: bool
    last: datetime

    @property
    def thing(self) -> Thing:
        """What tells it from others."""
        return self.org, self.rule, self.about


def find_missed(now: datetime) -> int:
    """Open a finding for each duty that was missed too often; how many. Run again, it opens nothing more."""
    rules = rules_on(timezone.localdate(now))
    new = sorted((one for one in missed(now) if one.rule in rules), key=lambda one: (not one.red, one.last))[:MOST]
    orgs = OrgUnit.objects.in_bulk({one.org for one in new})
    abouts = Subject.objects.in_bulk({one.about for one in new if one.about})
    for one in new:
        _open(one, orgs[one.org], abouts.get(one.about or 0), rules[one.rule], now)
    return len(new)


def missed(now: datetime) -> list[Missed]:
    """What was missed often enough and has no finding: none that is open, none for the same times."""
    counted = list(_counted(Q(), now, _fewest()))
    orgs = {one.org for one in counted}
    times = {org: int(found[MISSED_TIMES]) for org, found in settings_of((MISSED_TIMES,), orgs).items()}
    known = _known(orgs, now)
    fresh = [one for one in counted if one.thing not in known]
    again = [one for one in counted if known.get(one.thing)]
    fresh += _since(again, known, now)
    return [one for one in fresh if one.red or one.times >= times[one.org]]


def _counted(which: Q, now: datetime, fewest: int) -> Iterator[Missed]:
    """Duties of seven days whose time is over, by unit, rule and place. One query."""
    rows = Duty.objects.open().filter(
        which, day__gte=timezone.localdate(now - A_WEEK - timedelta(days=1)), due_at__gt=now - A_WEEK, due_at__lte=now
    )
    figures = rows.exclude(rule=ANSWER).order_by().values("org_id", "rule", "about_id").annotate(
        times=Count("pk"), red=Count("pk", filter=Q(red_line=True)), last=Max("due_at"), whose=Max("post")
    )  # fmt: skip
    for row in figures.filter(Q(red__gt=0) | Q(times__gte=fewest)).iterator():
        yield Missed(
            row["org_id"], row["rule"], row["about_id"], row["whose"], row["times"], bool(row["red"]), row["last"]
        )


def _fewest() -> int:
    """The lowest count that any unit has set. One query."""
    values = PolicySetting.objects.filter(code=MISSED_TIMES, value__isnull=False).values_list("value", flat=True)
    return min(int(value) for value in [all_policies()[MISSED_TIMES].default, *values])


def _known(orgs: Iterable[int], now: datetime) -> dict[Thing, datetime | None]:
    """Findings of missed duties: None while one is open, else when the last was settled within seven days. One query."""
    rows = Finding.objects.filter(org__in=set(orgs), topic__startswith=TOPIC).filter(
        Q(state__in=OPEN_STATES) | Q(closed_at__gt=now - A_WEEK)
    )
    found: dict[Thing, datetime | None] = {}
    for org, topic, about, state, closed in rows.order_by("closed_at", "pk").values_list(
        "org_id", "topic", "about_id", "state", "closed_at"
    ):
        thing = (org, topic.removeprefix(TOPIC), about)
        is_settled = state in {FindingState.CLOSED, FindingState.VOID}
        found[thing] = closed if is_settled and found.get(thing, closed) is not None else None
    return found


def _since(again: Sequence[Missed], known: dict[Thing, datetime | None], now: datetime) -> Iterator[Missed]:
    """Those whose last finding is settled, counted from then on. One query."""
    if not again:
        return
    rows = Duty.objects.open().filter(
        org__in={one.org for one in again}, rule__in={one.rule for one in again}, due_at__gt=now - A_WEEK, due_at__lte=now,
        day__gte=timezone.localdate(now - A_WEEK - timedelta(days=1)),
    )  # fmt: skip
    times: dict[Thing, list[tuple[datetime, bool]]] = defaultdict(list)
    for org, rule, about, due, red in rows.values_list("org_id", "rule", "about_id", "due_at", "red_line"):
        settled = known.get((org, rule, about))
        if settled is not None and due > settled:
            times[org, rule, about].append((due, red))
    for one in again:
        some = times.get(one.thing, [])
        if some:
            last = max(due for due, _red in some)
            yield Missed(one.org, one.rule, one.about, one.post, len(some), any(red for _due, red in some), last)


def _open(one: Missed, org: OrgUnit, about: Subject | None, rule: Rule, now: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        often = ngettext("missed %(times)s time", "missed %(times)s times", one.times) % {"times": one.times}
        found = Found(
            title=f"{rule} · {often}", standard=rule.source, severity=Severity.GENERAL, red_line=one.red,
            detail=gettext("Red line") if one.red else "", topic=f"{TOPIC}{one.rule}", post=one.post,
        )  # fmt: skip
        label = f"{rule} {timezone.localtime(one.last):%Y-%m-%d %H:%M}"
    key = f"{TOPIC}{one.rule}:{one.about or 0}:{one.last:%Y%m%d%H%M}"
    open_finding(
        org, by=system_viewer(now=now), found=found, source=Source(CauseKind.DUTY, key, one.last, label), about=about,
        place=about.label if about else "", ordered=True,
    )  # fmt: skip
