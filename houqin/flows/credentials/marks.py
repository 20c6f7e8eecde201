"""Why a place is not to be used, by its papers: an inspection by law has ended, its life is over, a report is missing."""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, DateField, Exists, Min, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext

from houqin.core.orgs.models import Kind
from houqin.core.places.marks import Reason, reason
from houqin.core.places.queries import plan_of, uses_on
from houqin.flows.credentials.kinds import good_for, kinds_on, title
from houqin.flows.credentials.models import Credential
from houqin.lib.dates import add_months
from houqin.ui import formats


def _inspection_ended(day: date) -> Subquery:
    """Since when an inspection or permit by law has ended (R-093)."""
    stopping = [code for code, kind in kinds_on(day).items() if kind.gate == "use"]
    ended = Credential.objects.standing().filter(holder=OuterRef("subject"), kind__in=stopping, expires_on__lt=day)
    return Subquery(ended.order_by().values("holder").annotate(first=Min("expires_on")).values("first"))


def _life_over(day: date) -> Case:
    """The day on which it was made, where it has to be scrapped by now (R-092)."""
    worn = [
        When(use=code, made_on__lte=add_months(day, -months), then="made_on") for code, months in _lives(day).items()
    ]
    return Case(*worn, default=None, output_field=DateField())


def _lives(day: date) -> dict[str, int]:
    """Use → months after which a thing of it has to be scrapped."""
    plans = {code: plan_of(use) for code, use in uses_on(day).items()}
    return {code: plan.scrap_months for code, plan in plans.items() if plan and plan.scrap_months}


def _wanted(day: date) -> list[tuple[str, str]]:
    """Uses, each with a kind of report that it needs."""
    kinds = kinds_on(day)
    return [(code, need) for code, use in uses_on(day).items() for need in use.needs if need in kinds]


def _paper_missing(day: date) -> Case:
    """The report that a thing of its use needs and that neither it, nor its school, nor a supplier has (R-065)."""
    kinds, wanted = kinds_on(day), _wanted(day)
    good = good_for({need for _code, need in wanted}, day)
    lacking = [
        When(Q(use=code) & ~Exists(_held(good[need], day)), then=Value(title(kinds[need]))) for code, need in wanted
    ]
    return Case(*lacking, default=None, output_field=CharField())


def _held(kinds: frozenset[str], day: date) -> Any:
    """What is valid for a place: its own, of its school, or of a firm that its school or the office above knows."""
    school = OuterRef("org__parent")
    own = Q(holder=OuterRef("subject")) | Q(org=OuterRef("org"), holder__kind__in=("unit", "party"))
    above = Q(org=school, holder__kind="party") | Q(org=school, org__kind=Kind.SCHOOL, holder__kind="unit")
    return Credential.objects.valid_on(day).filter(own | above, kind__in=kinds)


reason(
    Reason(
        "inspection",
        _inspection_ended,
        lambda ended: gettext("the inspection ended on %(day)s") % {"day": formats.day(ended)},
    )
)
reason(
    Reason(
        "scrap",
        _life_over,
        lambda made: gettext("to be scrapped, made on %(day)s") % {"day": formats.day(made)},
        possible=lambda where, day: not where.uses.isdisjoint(_lives(day)),
    )
)
reason(
    Reason(
        "paper",
        _paper_missing,
        lambda paper: gettext("“%(paper)s” is missing or has ended") % {"paper": paper},
        alert=True,
        possible=lambda where, day: not where.uses.isdisjoint({code for code, _need in _wanted(day)}),
    )
)
