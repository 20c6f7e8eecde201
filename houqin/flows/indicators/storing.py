"""Computing whole days anew: run twice, a day stands as after the first time."""

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from houqin.core.orgs.models import OFFICES, STEP, Kind, OrgUnit
from houqin.core.orgs.schools import AT_WORK
from houqin.core.tables.inserting import insert_rows
from houqin.flows.indicators.alike import alike_of
from houqin.flows.indicators.models import DailyFact
from houqin.flows.indicators.registry import indicators

A_DAY = timedelta(days=1)


def fill(first: date, last: date) -> int:
    """Compute the days from the first to the last anew; how many rows they have."""
    days = (last - first).days + 1
    return sum(fill_day(first + A_DAY * number) for number in range(days))


@transaction.atomic
def fill_day(day: date) -> int:
    """Compute one day anew, of all units: a fixed number of queries, and the rows inserted in batches."""
    units = OrgUnit.objects.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))
    kept = units.filter(Q(kind__in=OFFICES) | Q(kind=Kind.SCHOOL))
    ids = {path: pk for pk, path in kept.values_list("pk", "path")}
    scope = units.filter(kind__in=AT_WORK)
    paths = dict(scope.values_list("pk", "path"))
    alike = alike_of(scope.values("pk"), day)
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for code, one in indicators().items():
        for org_id, amount, of in one.compute(day, scope):
            for path, kind in _counted_for(paths[org_id], ids, alike):
                both = sums[path, code, kind]
                both[0] += amount
                both[1] += of
    DailyFact.objects.filter(day=day).delete()
    rows = [
        DailyFact(day=day, org_id=ids[path], org_path=path, indicator=code, alike=kind, amount=amount, of=of)
        for (path, code, kind), (amount, of) in sums.items()
    ]
    return len(insert_rows(rows))


def _counted_for(path: str, ids: dict[str, int], alike: dict[int, str]) -> list[tuple[str, str]]:
    """The school of a unit and every office above it, with the school's kind."""
    above = [path[:end] for end in range(STEP, len(path) + 1, STEP) if path[:end] in ids]
    kind = alike.get(ids[above[-1]], "") if above else ""
    return [(one, kind) for one in above]
