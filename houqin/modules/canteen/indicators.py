"""How fast the first report was sent in drills, as a figure."""

from collections import defaultdict
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.flows.cases.models import Step
from houqin.flows.indicators.registry import Better, Sums, indicator

FIRST_REPORT = "canteen.first_report"
KIND, STEP = "food-poisoning", "first-report"


@indicator(
    FIRST_REPORT,
    title=_("Minutes to the first report in drills"),
    unit=_("min"),
    better=Better.LESS,
    source=_("Minutes from the opening of a drill of suspected food poisoning until a person sent the first report, by the day of the drill."),
    basis="《学校食品安全与营养健康管理规定》（教育部、市场监管总局、国家卫健委令第45号）：两小时内报告",
    rows=lambda span: f"{reverse('cases:cases')}?{urlencode(span.of('day') | {'kind': KIND, 'drill': '1'})}",
)  # fmt: skip
def first_report(day: date, units: "QuerySet[OrgUnit]") -> Sums:
    """Drills that came as far as the first report."""
    rows = Step.objects.filter(
        case__org__in=units.values("pk"), case__kind=KIND, case__drill=True, case__day=day, code=STEP,
        done_at__isnull=False, not_applicable=False,
    )  # fmt: skip
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for org_id, opened, done in rows.values_list("case__org_id", "case__opened_at", "done_at"):
        sums[org_id][0] += round((done - opened).total_seconds() / 60)
        sums[org_id][1] += 1
    return ((org_id, minutes, count) for org_id, (minutes, count) in sums.items())
