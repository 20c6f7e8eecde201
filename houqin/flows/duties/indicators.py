"""How duties are done, as figures."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.indicators.registry import PERCENT, Better, Sums, indicator

FULFILLED = "duties.fulfilled"


def in_time(day: date, units: "QuerySet[OrgUnit]", **which: Any) -> Sums:
    """Of the duties that had to be done on a day, how many were done in time. One query."""
    done = Q(state=DutyState.DONE)
    rows = Duty.objects.filter(org__in=units.values("pk"), day=day, **which).order_by().values_list("org_id")
    found: Sums = rows.annotate(
        amount=Count("pk", filter=done & Q(done_at__lte=F("due_at"))),
        all=Count("pk", filter=done | Q(state=DutyState.OPEN, due_at__lt=timezone.now())),
    )
    return found


@indicator(
    FULFILLED,
    title=_("Duties fulfilled"),
    unit=PERCENT,
    better=Better.MORE,
    source=_("Duties done within their window, of those that had to be done; excused and suspended ones do not count."),
    rows=lambda span: f"{reverse('duties:duties')}?{urlencode(span.of('day') | {'view': 'all'})}",
)
def fulfilled(day: date, units: "QuerySet[OrgUnit]") -> Sums:
    """Duties of every kind."""
    return in_time(day, units)
