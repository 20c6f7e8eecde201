"""Waste from the entries of its ledger: amounts a pupil and day, the share removed the same day, what was sold (R-128).

The denominator is the enrolment: pupils on the roll on each day that was written, summed. A kind of which something was
weighed on a day had to be removed that day; it was, unless the entry says that it stayed.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from houqin.core.calendars.models import Term
from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.models import LedgerEntry
from houqin.modules.environment.rules import KINDS, Waste

LEDGER = "waste-sorting"
RULE = f"ledger:{LEDGER}"


@dataclass
class WasteBoard:
    """The waste of some schools in a span of days: by school and by day."""

    first: date
    last: date
    whole: Waste = field(default_factory=Waste)
    by_school: dict[int, Waste] = field(default_factory=dict)
    by_day: dict[date, Waste] = field(default_factory=dict)
    missed: dict[int, int] = field(default_factory=dict)


def waste_board(orgs: Collection[OrgUnit], first: date, last: date) -> WasteBoard:
    """The board of these schools: three queries, however many schools and days."""
    ids = [org.pk for org in orgs]
    found = WasteBoard(first, last, by_school={pk: Waste() for pk in ids}, missed=_missed(ids, first, last))
    on_roll = _enrolment(ids)
    rows = LedgerEntry.objects.standing().filter(org__in=ids, ledger=LEDGER, day__range=(first, last))
    of_days: dict[date, Waste] = defaultdict(Waste)
    for org_id, day, body in rows.order_by("day", "pk").values_list("org_id", "day", "body"):
        values = json.loads(body)["values"]
        one = Waste()
        one.add(
            {kind: values.get(kind) or 0 for kind in KINDS},
            _left(values),
            on_roll.at(org_id, day),
            values.get("income") or 0,
        )
        for sums in (found.whole, found.by_school[org_id], of_days[day]):
            sums.join(one)
    found.by_day = dict(of_days)
    return found


def _left(values: dict[str, Any]) -> list[str]:
    """The kinds that stayed over night; entries of before said only whether all was removed."""
    if "cleared" in values:
        return [] if values["cleared"] else [kind for kind in KINDS if values.get(kind)]
    return values.get("left") or []


@dataclass
class _OnRoll:
    """Who was on the roll when, by school: from which day on, how many."""

    days: dict[int, list[date]] = field(default_factory=lambda: defaultdict(list))
    pupils: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def at(self, org_id: int, day: date) -> int:
        """Pupils on a day: the newest facts not later, else the first."""
        if not self.days[org_id]:
            return 0
        return self.pupils[org_id][max(bisect_right(self.days[org_id], day) - 1, 0)]


def _enrolment(ids: Collection[int]) -> _OnRoll:
    found = _OnRoll()
    rows = SchoolFacts.objects.filter(org__in=ids).order_by("valid_from")
    for org_id, day, pupils in rows.values_list("org_id", "valid_from", "enrolment"):
        found.days[org_id].append(day)
        found.pupils[org_id].append(pupils)
    return found


def _missed(ids: Collection[int], first: date, last: date) -> dict[int, int]:
    """Days on which the ledger was asked for and not written, by school."""
    rows = Duty.objects.filter(org__in=ids, rule=RULE, day__range=(first, last)).order_by().values("org_id")
    return {row["org_id"]: row["open"] for row in rows.annotate(open=Count("pk", filter=Q(state=DutyState.OPEN)))}


def term_of(org: OrgUnit, day: date) -> Term | None:
    """The newest term that has begun at a unit, as the nearest unit set it."""
    paths = [*org.ancestor_paths, org.path]
    rows = Term.objects.filter(org__path__in=paths, starts_on__lte=day).order_by("-starts_on", "-org__path")
    found: Term | None = rows.first()
    return found
