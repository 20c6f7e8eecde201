"""The book of a unit: which ledgers are kept there, what is due, when each was written last, what was out of limits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import CanteenMode, OrgUnit, SchoolFacts
from houqin.core.places.models import Place
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty
from houqin.flows.duties.planning import applies
from houqin.flows.duties.schedule import Applies
from houqin.flows.ledgers.catalogue import Family, Ledger
from houqin.flows.ledgers.definitions import Resolved, every
from houqin.flows.ledgers.models import Breach, LedgerEntry

VIEW = "ledgers.view"
RULE = "ledger:"
BREACH_DAYS = 30
FAMILIES: dict[str, Promise] = {
    Family.CANTEEN: _("Canteen"),
    Family.WATER: _("Drinking water"),
    Family.DORMITORY: _("Dormitories"),
    Family.PUPILS: _("Pupils"),
    Family.FIRE: _("Fire safety"),
    Family.POWER: _("Power and plant"),
    Family.EQUIPMENT: _("Equipment"),
    Family.GATE: _("Gate"),
    Family.BUS: _("School buses"),
    Family.ENVIRONMENT: _("Environment"),
    Family.DRILLS: _("Drills"),
}
Found = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """One ledger of a unit: what waits, what stands there."""

    resolved: Resolved
    open: int = 0
    due_at: Any = None
    overdue: int = 0
    last: date | None = None
    month: int = 0
    breaches: int = 0

    @property
    def code(self) -> str:
        """The code of the ledger."""
        return self.resolved.code


@dataclass(frozen=True)
class Book:
    """All ledgers of a unit: kept ones by family, those whose places are not registered, those it may take up."""

    families: list[tuple[Promise, list[Kept]]] = field(default_factory=list)
    without_places: list[Resolved] = field(default_factory=list)
    of_choice: list[Resolved] = field(default_factory=list)

    @property
    def kept(self) -> list[Kept]:
        """All that are kept."""
        return [one for _family, ledgers in self.families for one in ledgers]


def book(org: OrgUnit, viewer: Viewer) -> Book:
    """The book of a school today; the same number of queries however many ledgers it keeps."""
    ledgers = every(org, viewer.today)
    facts = facts_of(org, viewer.today)
    uses = set(Place.objects.in_use().filter(within("org__path", (org.path,))).values_list("use", flat=True))
    due, written, breached = _due(org, viewer), _written(org, viewer.today), _breached(org, viewer.today)
    families: dict[str, list[Kept]] = defaultdict(list)
    found = Book()
    for one in ledgers:
        wanted = places_of(one.ledger)
        if not one.is_kept:
            found.of_choice.append(one)
        elif one.code not in written and not concerns(one.ledger, facts):
            continue
        elif one.code not in written and wanted and not wanted & uses:
            found.without_places.append(one)
        else:
            told = due.get(one.code, {}) | written.get(one.code, {}) | breached.get(one.code, {})
            families[one.ledger.family].append(Kept(one, **told))
    found.families.extend((FAMILIES[family], families[family]) for family in FAMILIES if families[family])
    return found


def places_of(ledger: Ledger) -> set[str]:
    """The uses of places without which there is nothing to write; empty: it is about the unit."""
    return set(ledger.uses) | set(ledger.lines.uses if ledger.lines else ())


def facts_of(org: OrgUnit, today: date) -> SchoolFacts | None:
    """The school's facts that hold on a day."""
    found: SchoolFacts | None = SchoolFacts.objects.in_force(today).filter(org=org).first()
    return found


def concerns(ledger: Ledger, facts: SchoolFacts | None) -> bool:
    """Whether a school of these facts is among those that it is for."""
    asked = Applies(ledger.applies.canteen, ledger.applies.boarders, tuple(ledger.applies.types))
    if facts is None:
        return asked == Applies()
    return applies(asked, facts.canteen_mode or CanteenMode.NONE, facts.boarders, facts.school_type)


def _by_code(rows: Iterable[Found], name: str = "ledger") -> dict[str, Found]:
    return {str(row.pop(name)).removeprefix(RULE): row for row in rows}


def _due(org: OrgUnit, viewer: Viewer) -> dict[str, Found]:
    """Open duties by ledger: how many have begun, how many of these are late, until when the next."""
    rows = Duty.objects.visible_to(viewer).open().filter(org=org, rule__startswith=RULE, opens_at__lte=viewer.now)
    return _by_code(
        rows.values("rule").order_by("rule").annotate(
            open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=viewer.now)), due_at=Min("due_at"),
        ),
        "rule",
    )  # fmt: skip


def _written(org: OrgUnit, today: date) -> dict[str, Found]:
    """Entries by ledger: the last day, and how many this month."""
    rows = LedgerEntry.objects.filter(org=org, amends__isnull=True).values("ledger").order_by("ledger")
    return _by_code(rows.annotate(last=Max("day"), month=Count("pk", filter=Q(day__gte=today.replace(day=1)))))


def _breached(org: OrgUnit, today: date) -> dict[str, Found]:
    """Values out of limits of the last thirty days that were no slips."""
    rows = Breach.objects.filter(org=org, day__gte=today - timedelta(days=BREACH_DAYS))
    standing = rows.exclude(state=Breach.State.CORRECTED).values("ledger").order_by("ledger")
    return _by_code(standing.annotate(breaches=Count("pk")))
