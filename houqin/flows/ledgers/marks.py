"""Why a place is not to be used, by its ledgers: what is asked for was not done, or a reading is out of its limit (R-065)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Case, When
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext

from houqin.core.places.marks import Reason, Where, reason
from houqin.core.policies.registry import value_case
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.ledgers.catalogue import Ledger
from houqin.flows.ledgers.definitions import definitions
from houqin.flows.ledgers.doing import rule_of
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.ledgers.policies import STOP_AFTER_DAYS
from houqin.ui import formats

LOOK_BACK = timedelta(days=100)
"""A duty missed longer ago than a quarter says nothing about today."""


def _overdue(day: date) -> Any:
    """On which day it should have been done, and was not since."""
    return _first(day, lambda one: one.stops.overdue, lambda one: _missed(one, day), DateField())


def _breached(day: date) -> Any:
    """The value that is out of its limit by law, or the answer that says so, as long as nothing was measured since."""
    return _first(day, lambda one: one.stops.breach, lambda one: _out_of_limits(one, day), CharField())


def _first(day: date, wanted: Callable[[Ledger], bool], found: Callable[[Ledger], Any], kind: Any) -> Any:
    """Of the ledgers that stop places of some use the first that has found something."""
    parts = [
        Case(When(use__in=one.stops.uses, then=found(one)), default=None, output_field=kind)
        for one in definitions(day)
        if wanted(one)
    ]
    return Coalesce(*parts, Value(None), Value(None), output_field=kind)


def _stopping(where: Where, day: date, wanted: Callable[[Ledger], bool]) -> list[str]:
    """The ledgers that stop places of these uses."""
    return [one.code for one in definitions(day) if wanted(one) and not where.uses.isdisjoint(one.stops.uses)]


def _any_missed(where: Where, day: date) -> bool:
    """Whether any of their duties is open at these units since before today. One query."""
    rules = [rule_of(code) for code in _stopping(where, day, lambda one: one.stops.overdue)]
    rows = Duty.objects.open().filter(org__in=where.orgs, rule__in=rules, day__gte=day - LOOK_BACK, day__lt=day)
    return bool(rules) and bool(rows.exists())


def _any_breach(where: Where, day: date) -> bool:
    """Whether any value of theirs was out of its limit at these units, or above them, and not corrected. One query."""
    codes = _stopping(where, day, lambda one: one.stops.breach)
    rows = Breach.objects.filter(org__in=where.orgs | where.parents, ledger__in=codes, day__lte=day)
    return bool(codes) and bool(rows.exclude(state=Breach.State.CORRECTED).exists())


def _missed(ledger: Ledger, day: date) -> Subquery:
    since = Duty.objects.filter(
        org=OuterRef("org"), rule=OuterRef("rule"), about=OuterRef("about"), day__gte=OuterRef("day"), state=DutyState.DONE
    )  # fmt: skip
    open_ones = Duty.objects.open().filter(
        org=OuterRef("org"), about=OuterRef("subject"), rule=rule_of(ledger.code), day__gte=day - LOOK_BACK,
        day__lt=value_case(STOP_AFTER_DAYS, "org__path", lambda days: day - timedelta(days=int(days))),
    )  # fmt: skip
    return Subquery(open_ones.filter(~Exists(since)).order_by("-day").values("day")[:1])


def _out_of_limits(ledger: Ledger, day: date) -> Subquery:
    answers = [one.code for one in ledger.columns if any(choice.breach for choice in one.choices)]
    rows = Breach.objects.filter(_here(), ledger=ledger.code, day__lte=day).exclude(state=Breach.State.CORRECTED)
    rows = rows.filter(Q(by_law=True) | Q(key__in=answers), Exists(_entries(ledger, public_id=OuterRef("entry_id"))))
    later = _entries(ledger, amends__isnull=True, nothing_to_report=False, at__gt=OuterRef("found_at"))
    words = Concat(F("column"), Value(" "), F("value"))
    return Subquery(rows.filter(~Exists(later)).order_by("-day", "-pk").values(told=words)[:1])


def _here() -> Q:
    return Q(org=OuterRef("org")) | Q(org=OuterRef("org__parent"))


def _entries(ledger: Ledger, **more: Any) -> QuerySet[Any]:
    """Entries about the place itself, or about the water of the whole school."""
    about = Q(about=OuterRef(OuterRef("subject"))) | Q(about__isnull=True)
    found: QuerySet[Any] = LedgerEntry.objects.filter(
        about, ledger=ledger.code, org=OuterRef("org"), day__gte=OuterRef("day"), **more
    )
    return found


reason(
    Reason(
        "overdue",
        _overdue,
        lambda missed: gettext("was to be disinfected by %(day)s") % {"day": formats.day(missed)},
        alert=True,
        possible=_any_missed,
    )
)
reason(
    Reason(
        "reading",
        _breached,
        lambda value: gettext("out of limits: %(value)s") % {"value": value},
        alert=True,
        possible=_any_breach,
    )
)
