"""How many papers are valid, as a figure."""

from collections import Counter
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.flows.credentials.kinds import kinds_on
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.queries import of_batches, still_there
from houqin.flows.indicators.registry import PERCENT, Better, Sums, indicator

VALID = "credentials.valid"


@indicator(
    VALID,
    title=_("Valid certificates"),
    unit=PERCENT,
    better=Better.MORE,
    source=_("Certificates that have not ended, of all that are neither renewed nor revoked, at the end of the day."),
    rows=lambda span: f"{reverse('credentials:papers')}?{urlencode({'under': span.org.path, 'view': 'standing'})}",
    stands=True,
)
def valid(day: date, units: "QuerySet[OrgUnit]") -> Sums:
    """Those of holders who are still there."""
    rows = (
        Credential.objects.filter(still_there() & ~of_batches(kinds_on(day)), org__in=units.values("pk"))
        .standing()
        .order_by()
    )
    good = Counter(dict(rows.valid_on(day).values_list("org_id").annotate(n=Count("pk"))))
    return [(org_id, good[org_id], count) for org_id, count in rows.values_list("org_id").annotate(n=Count("pk"))]
