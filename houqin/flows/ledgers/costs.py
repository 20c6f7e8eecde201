"""What a unit's wish costs those below it, in minutes, before it is set (PR-20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from houqin.core.orgs.models import CanteenMode, Kind, OrgUnit, SchoolFacts
from houqin.core.places.models import Place
from houqin.core.scope.models import within
from houqin.flows.duties.planning import applies
from houqin.flows.duties.schedule import Applies
from houqin.flows.ledgers.catalogue import Ledger
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.definitions import above, adopted
from houqin.flows.ledgers.rules.asking import a_day, cost_of
from houqin.ui import formats

MEALS = 3


@dataclass(frozen=True)
class Cost:
    """Tenths of a minute of one entry, entries a school day, and at how many schools. ``is_new``: not kept there so far."""

    each_tenths: int
    times: Decimal
    schools: int
    is_new: bool

    @property
    def minutes(self) -> Decimal:
        """More minutes a school and school day."""
        return self.each_tenths * self.times / 10

    @property
    def total_minutes(self) -> Decimal:
        """More minutes a school day of all schools together."""
        return self.minutes * self.schools

    def in_words(self) -> str:
        """Every school: 1.5 minutes more a school day; 120 schools together: 3 hours."""
        if not self.schools:
            return gettext("No school below has this ledger: it costs nobody anything.")
        if not self.each_tenths:
            return gettext("It takes no minute more.")
        words = {"minutes": formats.number(self.minutes, 2), "count": self.schools, "total": _long(self.total_minutes)}
        if not self.times:
            words["minutes"] = formats.number(Decimal(self.each_tenths) / 10, 1)
            return gettext("%(minutes)s minutes more each time it happens.") % words
        return ngettext(
            "%(minutes)s minutes more each school day.",
            "%(minutes)s minutes more each school day at every school; %(count)s schools together: %(total)s.",
            self.schools,
        ) % words  # fmt: skip


def cost_at(org: OrgUnit, ledger: str, columns: Sequence[Column], of_lines: Sequence[Column], day: date) -> Cost:
    """What asking for a ledger with these columns costs the schools at and below a unit. Four queries."""
    held = above(ledger, org, day)
    is_new = not held.is_kept
    schools = _concerned(org, held.ledger, day)
    keep_it = {row.org.path for row in adopted(day).get(ledger, []) if row.org_id != org.pk} if is_new else set()
    base = held.tenth_minutes if is_new else 0
    added = cost_of(columns, of_lines, by_exception=bool(held.lines and held.lines.by_exception))
    fresh = [unit for unit in schools if not any(unit.path.startswith(path) for path in keep_it)]
    times = sum((a_day(one.every, len(one.meals) or MEALS, 1) for one in held.ledger.schedules), Decimal(0))
    if held.ledger.uses and schools:
        places = Place.objects.in_use().filter(within("org__path", (org.path,)), use__in=held.ledger.uses).count()
        times = times * places / len(schools)
    return Cost(base + added, times, len(fresh if base and not added else schools), is_new)


def _concerned(org: OrgUnit, ledger: Ledger, day: date) -> list[OrgUnit]:
    """Schools in use at and below a unit that the ledger is for, by their facts."""
    units = OrgUnit.objects.under(org.path).filter(kind=Kind.SCHOOL, closed_on__isnull=True)
    asked = Applies(ledger.applies.canteen, ledger.applies.boarders, tuple(ledger.applies.types))
    if asked == Applies():
        return list(units)
    facts = {row.org_id: row for row in SchoolFacts.objects.in_force(day).filter(within("org__path", (org.path,)))}
    return [unit for unit in units if _is_for(asked, facts.get(unit.pk))]


def _is_for(asked: Applies, facts: SchoolFacts | None) -> bool:
    if facts is None:
        return False
    return applies(asked, facts.canteen_mode or CanteenMode.NONE, facts.boarders, facts.school_type)


def _long(minutes: Decimal) -> str:
    if minutes < 60:
        return gettext("%(minutes)s minutes") % {"minutes": formats.number(minutes, 1)}
    return gettext("%(hours)s hours") % {"hours": formats.number(minutes / 60, 1)}
