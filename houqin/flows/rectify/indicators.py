"""How findings are put right, as figures: in time, how fast, and what comes again."""

from collections import defaultdict
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.flows.indicators.registry import PERCENT, Better, Span, Sums, indicator
from houqin.flows.rectify.models import Finding, FindingState, Look

IN_TIME, DAYS, REPEATED = "rectify.in_time", "rectify.days", "rectify.repeated"
RULE = "检查—整改—复检制度（闭环管理）"


def listing(span: Span, name: str, **more: str) -> str:
    """The findings whose day of this name lies in the span."""
    return f"{reverse('rectify:findings')}?{urlencode(span.of(name) | more)}"


REPORTED_IN_TIME = Q(state__in=(FindingState.REPORTED, FindingState.CLOSED), fixed_on__lte=F("due_on"))
"""Of findings ``with_fix_day``: reported by the day by which they were to be put right, and not sent back."""


def with_fix_day(rows: "QuerySet[Finding]") -> "QuerySet[Finding]":
    """Findings with the local day on which they were last reported as put right."""
    fixed = Look.objects.filter(finding=OuterRef("pk"), kind=Look.Kind.FIXED).order_by("-at", "-pk")
    return rows.annotate(fixed_on=Subquery(fixed.annotate(on=TruncDate("at")).values("on")[:1]))


def _standing(units: "QuerySet[OrgUnit]") -> "QuerySet[Finding]":
    rows: QuerySet[Finding] = Finding.objects.filter(org__in=units.values("pk")).exclude(state=FindingState.VOID)
    return rows.order_by()


@indicator(
    IN_TIME,
    title=_("Put right in time"),
    unit=PERCENT,
    better=Better.MORE,
    source=_(
        "Findings whose day had come: reported as put right not later than that day and not sent back. More time that was granted counts."
    ),
    basis=RULE,
    rows=lambda span: listing(span, "due_on", view="standing"),
)
def put_right_in_time(day: date, units: "QuerySet[OrgUnit]") -> Sums:
    """Of those due on the day, how many were reported by then: whoever looks again may come later."""
    rows = with_fix_day(_standing(units).filter(due_on=day))
    return rows.values_list("org_id").annotate(amount=Count("pk", filter=REPORTED_IN_TIME), all=Count("pk"))


@indicator(
    DAYS,
    title=_("Mean days to put right"),
    unit=_("days"),
    better=Better.LESS,
    source=_(
        "Calendar days from the day on which it was found until it was seen to be put right, by the day of closing."
    ),
    basis=RULE,
    rows=lambda span: listing(span, "closed_at", view="closed"),
)
def days_to_put_right(day: date, units: "QuerySet[OrgUnit]") -> Sums:
    """Of those closed on the day, their days in sum."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    closed = _standing(units).filter(state=FindingState.CLOSED, closed_at__date=day)
    for org_id, found in closed.values_list("org_id", "day"):
        sums[org_id][0] += (day - found).days
        sums[org_id][1] += 1
    return ((org_id, days, count) for org_id, (days, count) in sums.items())


@indicator(
    REPEATED,
    title=_("Found again"),
    unit=PERCENT,
    better=Better.LESS,
    source=_(
        "Findings of the same topic at the same thing within a year of the one before, of all findings, by the day they were found."
    ),
    basis=RULE,
    rows=lambda span: listing(span, "day", view="repeated"),
)
def found_again(day: date, units: "QuerySet[OrgUnit]") -> Sums:
    """Of those found on the day, how many had been found before."""
    rows = _standing(units).filter(day=day)
    return rows.values_list("org_id").annotate(amount=Count("pk", filter=Q(nth__gt=1)), all=Count("pk"))
