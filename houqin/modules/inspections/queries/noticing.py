"""What a person of the office should look at: unlike strictness, self-checks without a fault, photos that were used again.

Each kind takes a fixed number of queries. Only visits that are signed and photos that are kept count; nothing here is a verdict.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localdate

from houqin.core.files.likeness import pairs_alike
from houqin.core.orgs.models import OFFICES
from houqin.flows.indicators.alike import alike_of
from houqin.flows.rectify.models import Look, LookPhoto
from houqin.flows.rectify.rules import A_YEAR
from houqin.modules.inspections.models import (
    Answer,
    AnswerPhoto,
    CampaignKind,
    Flag,
    Visit,
    VisitInspector,
    VisitState,
)
from houqin.modules.inspections.rules import FULL
from houqin.modules.inspections.strictness import FEWEST_VISITS, Seen, compared

BEFORE = timedelta(days=30)
LATELY = timedelta(days=14)
NEW = timedelta(days=2)
SEVERAL = 3
FAILED = Answer.Outcome.FAILED


def noticed(now: datetime) -> list[Flag]:
    """Everything that stands out at the moment; what was noticed before is among it."""
    return [*strictness(now), *perfect(now), *photos(now)]


def strictness(now: datetime) -> Iterator[Flag]:
    """Inspectors of an office who see half or twice as much as the others at schools of the same kinds. Four queries."""
    today = localdate(now)
    visits = Visit.objects.filter(state=VisitState.SIGNED, day__gt=today - A_YEAR, office__kind__in=OFFICES)
    visits = visits.exclude(kind=CampaignKind.SELF)
    where = {pk: (office, org) for pk, office, org in visits.values_list("pk", "office_id", "org_id")}
    kinds = alike_of({org for _office, org in where.values()}, today)
    rows = (
        Answer.objects.filter(visit__in=visits.values("pk")).exclude(outcome=Answer.Outcome.NOT_APPLICABLE).order_by()
    )
    seen = {
        pk: Seen(items, failed)
        for pk, items, failed in rows.values_list("visit_id").annotate(
            items=Count("pk"), failed=Count("pk", filter=Q(outcome=FAILED))
        )
    }
    everybody: dict[int, dict[str, Seen]] = defaultdict(lambda: defaultdict(Seen))
    for pk, one in seen.items():
        office, org = where[pk]
        everybody[office][kinds.get(org, "")] += one
    own: dict[tuple[int, int], dict[str, Seen]] = defaultdict(lambda: defaultdict(Seen))
    times: Counter[tuple[int, int]] = Counter()
    for pk, account in VisitInspector.objects.filter(visit__in=visits.values("pk")).values_list(
        "visit_id", "account_id"
    ):
        if pk in seen:
            office, org = where[pk]
            own[office, account][kinds.get(org, "")] += seen[pk]
            times[office, account] += 1
    for (office, account), some in own.items():
        found = compared(some, everybody[office]) if times[office, account] >= FEWEST_VISITS else None
        if found is not None and found.stands_out:
            facts = {
                "visits": times[office, account],
                "items": found.items,
                "failed": found.failed,
                "expected": round(found.expected),
            }
            yield Flag(
                org_id=office, kind=Flag.Kind.STRICTNESS, inspector_id=account, facts=facts, flagged_at=now,
                key=f"strictness:{office}:{account}:{today.year}-{(today.month + 2) // 3}",
                address=f"{reverse('inspections:visits')}?office={office}",
            )  # fmt: skip


def perfect(now: datetime) -> Iterator[Flag]:
    """Self-checks with full marks within a month before a visit that found several things. Three queries."""
    today = localdate(now)
    bad = Visit.objects.filter(state=VisitState.SIGNED, day__gt=today - LATELY).exclude(kind=CampaignKind.SELF)
    bad = bad.annotate(failed=Count("answers", filter=Q(answers__outcome=FAILED))).filter(
        Q(failed__gte=SEVERAL) | Q(red_lines__gt=0)
    )
    visits = list(bad)
    checks: dict[int, list[Visit]] = defaultdict(list)
    full = Visit.objects.filter(
        kind=CampaignKind.SELF, state=VisitState.SIGNED, score_hundredths=FULL, day__gt=today - LATELY - BEFORE
    )
    for one in full.filter(org__in={visit.org_id for visit in visits}).order_by("day", "pk"):
        checks[one.org_id].append(one)
    for visit in visits:
        before = [
            one
            for one in checks[visit.org_id]
            if visit.day - BEFORE <= one.day <= visit.day and one.signed_at < visit.began_at
        ]
        if before:
            facts = {
                "check": f"{before[-1].day}",
                "visit": f"{visit.day}",
                "failed": visit.failed,
                "red": visit.red_lines,
            }
            yield Flag(
                org_id=visit.org_id, kind=Flag.Kind.PERFECT, key=f"perfect:{visit.public_id}", facts=facts, flagged_at=now,
                address=reverse("inspections:visits-detail", args=[visit.public_id]),
            )  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What a photo shows: of which thing (a finding, a visit), when, and where that opens."""

    org: int
    thing: UUID
    what: str
    at: datetime
    found: bool
    address: str


def photos(now: datetime) -> Iterator[Flag]:
    """New photos of what was put right, and of self-checks, that look like an earlier photo of the same school. Six queries.

    New is what the server has kept lately, whenever it was taken: a phone may send days later. Two photos of one thing are alike by nature; of one finding only before and after are compared.
    """
    fixed = LookPhoto.objects.filter(look__kind=Look.Kind.FIXED, file__stored_at__gt=now - NEW)
    checked = AnswerPhoto.objects.filter(answer__visit__kind=CampaignKind.SELF, file__stored_at__gt=now - NEW)
    new = {*fixed.values_list("file_id", flat=True), *checked.values_list("file_id", flat=True)}
    pairs = sorted(pairs_alike(new), key=lambda pair: (pair[0], pair[2], pair[1]))
    shown = _shown({file for pair in pairs for file in pair[:2]})
    flagged: set[int] = set()
    for file, other, bits in pairs:
        mine, before = shown.get(file), shown.get(other)
        if file in flagged or mine is None or before is None or before.at >= mine.at:
            continue
        if mine.thing != before.thing or before.found:
            flagged.add(file)
            facts = {
                "bits": bits,
                "day": f"{localdate(before.at)}",
                "what": before.what,
                "same": mine.thing == before.thing,
            }
            yield Flag(
                org_id=mine.org, kind=Flag.Kind.PHOTO, key=f"photo:{file}", facts=facts, flagged_at=now, address=mine.address
            )  # fmt: skip


def _shown(files: set[int]) -> dict[int, Shown]:
    """What these photos show. Two queries."""
    looks = LookPhoto.objects.filter(file__in=files).select_related("look__finding")
    answers = AnswerPhoto.objects.filter(file__in=files).select_related("answer__visit")
    found = {
        one.file_id: Shown(
            one.answer.visit.org_id, one.answer.visit.public_id, one.answer.visit.number, one.answer.answered_at, False,
            reverse("inspections:visits-detail", args=[one.answer.visit.public_id]),
        )
        for one in answers
    }  # fmt: skip
    return found | {
        one.file_id: Shown(
            one.look.finding.org_id, one.look.finding.public_id, one.look.finding.number, one.look.at,
            one.look.kind == Look.Kind.FOUND, reverse("rectify:findings-detail", args=[one.look.finding.public_id]),
        )
        for one in looks
    }  # fmt: skip
