"""How ledgers are kept, as a figure."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.flows.duties.indicators import in_time
from houqin.flows.indicators.registry import PERCENT, Better, Sums, indicator
from houqin.flows.ledgers.duties import PREFIX

ON_TIME = "ledgers.on_time"


@indicator(
    ON_TIME,
    title=_("Ledgers on time"),
    unit=PERCENT,
    better=Better.MORE,
    source=_("Entries of ledgers written within their window, of those that had to be written."),
    rows=lambda span: f"{reverse('duties:duties')}?{urlencode(span.of('day') | {'view': 'all', 'q': PREFIX})}",
)
def on_time(day: date, units: "QuerySet[OrgUnit]") -> Sums:
    """Duties that a ledger asks for."""
    return in_time(day, units, rule__startswith=PREFIX)
