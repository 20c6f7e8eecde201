"""Whom others have inspected, as a figure."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.flows.indicators.registry import PERCENT, Better, Sums, indicator
from houqin.flows.rectify.rules import A_YEAR
from houqin.modules.inspections.candidates import BEEN
from houqin.modules.inspections.models import CampaignKind, Visit

COVERED = "inspections.covered"


def year_before(day: date) -> date:
    """The first day of the year that ends on a day."""
    return day - A_YEAR + timedelta(days=1)


@indicator(
    COVERED,
    title=_("Inspected within a year"),
    unit=PERCENT,
    better=Better.MORE,
    source=_("Schools that an office or another school has inspected within a year, of all schools, at the end of the day. Self-checks do not count."),
    rows=lambda span: f"{reverse('inspections:visits')}?{urlencode(span.of('day', year_before(span.last)) | {'view': 'others'})}",
    stands=True,
)  # fmt: skip
def covered(day: date, units: "QuerySet[OrgUnit]") -> Sums:
    """Only what has begun counts: an unannounced visit that is planned shows nowhere."""
    schools = units.filter(kind=Kind.SCHOOL)
    been = Visit.objects.filter(state__in=BEEN, day__gte=year_before(day), day__lte=day).exclude(kind=CampaignKind.SELF)
    seen = set(been.values_list("org_id", flat=True))
    return [(pk, int(pk in seen), 1) for pk in schools.values_list("pk", flat=True)]
