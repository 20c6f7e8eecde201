"""Credentials read across holders: what holds on a day, what ends when, what is missing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.models import within
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.catalogue import CredentialKind
from houqin.flows.credentials.kinds import good_for, kinds_on, title_case
from houqin.flows.credentials.models import Credential

SOON_DAYS = 60


class Standing(TextChoices):
    """How a credential stands."""

    REVOKED = "revoked", _("Revoked")
    RENEWED = "renewed", _("Renewed")
    EXPIRED = "expired", _("Expired")
    SOON = "soon", _("Expires soon")
    BATCH = "batch", _("For its batch")
    UNVERIFIED = "unverified", _("Not verified yet")
    VALID = "valid", _("Valid")


def valid_on(subjects: Iterable[int], kinds: Collection[str], day: date) -> dict[tuple[int, str], Credential]:
    """For each subject and kind asked for, the credential that holds longest on a day; none: left out. Two queries."""
    accepted = good_for(kinds, day)
    rows = Credential.objects.valid_on(day).filter(
        holder__in=set(subjects), kind__in={code for codes in accepted.values() for code in codes}
    )
    found: dict[tuple[int, str], Credential] = {}
    for row in sorted(rows, key=lambda row: row.expires_on or date.max):
        for kind, codes in accepted.items():
            if row.kind in codes:
                found[row.holder_id, kind] = row
    return found


def of_persons(persons: Iterable[int], kinds: Collection[str], day: date) -> dict[tuple[int, str], list[Credential]]:
    """What people hold of each kind asked for, the one that lasts longest first, ended ones too. Two queries."""
    accepted = good_for(kinds, day)
    rows = Credential.objects.filter(
        holder__person__in=set(persons), kind__in={code for codes in accepted.values() for code in codes}
    )
    found: dict[tuple[int, str], list[Credential]] = defaultdict(list)
    ordered = sorted(rows.select_related("holder"), key=lambda row: (row.expires_on or date.max, row.pk), reverse=True)
    for row in ordered:
        for kind, codes in accepted.items():
            if row.kind in codes:
                found[row.holder.person_id, kind].append(row)
    return dict(found)


def recorded(viewer: Viewer, permission: str | None = None) -> QuerySet[Any]:
    """Credentials within reach, each with what it is called, how it stands and whether it waits for a second look."""
    rows = Credential.objects.visible_to(viewer, permission)
    kinds = kinds_on(viewer.today)
    waits = Case(When(unverified(kinds), then=Value(True)), default=Value(False), output_field=BooleanField())
    known: QuerySet[Any] = rows.annotate(
        kind_title=title_case(kinds), standing=_standing(kinds, viewer.today), is_waiting=waits
    )
    return known


def unverified(kinds: Mapping[str, CredentialKind]) -> Q:
    """What nobody has compared with the paper, of kinds that a second person looks at."""
    return Q(verified_at__isnull=True, kind__in=[code for code, kind in kinds.items() if kind.verified])


def of_batches(kinds: Mapping[str, CredentialKind]) -> Q:
    """Papers shown with goods that have no last day: they hold for what they were shown with, and never end."""
    return Q(expires_on__isnull=True, kind__in=[code for code, kind in kinds.items() if kind.goods])


def _standing(kinds: Mapping[str, CredentialKind], day: date) -> Case:
    renewed = Exists(Credential.objects.filter(renews=OuterRef("pk")))
    return Case(
        When(revoked_at__isnull=False, then=Value(Standing.REVOKED.value)),
        When(renewed, then=Value(Standing.RENEWED.value)),
        When(expires_on__lt=day, then=Value(Standing.EXPIRED.value)),
        When(expires_on__lte=day + timedelta(days=SOON_DAYS), then=Value(Standing.SOON.value)),
        When(of_batches(kinds), then=Value(Standing.BATCH.value)),
        When(unverified(kinds), then=Value(Standing.UNVERIFIED.value)),
        default=Value(Standing.VALID.value),
    )


def of_person(person: int, viewer: Viewer) -> QuerySet[Any]:
    """What one person holds, the newest of each chain first."""
    return recorded(viewer).filter(holder__person=person).order_by("-expires_on", "-pk")


def of_subject(subject: int, viewer: Viewer) -> QuerySet[Any]:
    """What one thing holds."""
    return recorded(viewer).filter(holder=subject).order_by("-expires_on", "-pk")


def own_ending(viewer: Viewer) -> QuerySet[Any]:
    """What the viewer's own person holds and has to renew."""
    rows: QuerySet[Any] = Credential.objects.none()
    if viewer.person_id is not None:
        rows = Credential.objects.ending(viewer.today, SOON_DAYS).filter(
            holder__person=viewer.person_id, holder__person__left_on__isnull=True
        )
    return rows


def still_there() -> Q:
    """Of holders that are still there: nobody renews the certificate of who has left."""
    return Q(holder__person__isnull=True) | Q(holder__person__left_on__isnull=True)


def counted_by_kind(
    viewer: Viewer, unit: OrgUnit | None, spans: Sequence[tuple[date | None, date | None]]
) -> dict[str, dict[str, int]]:
    """Of each kind what stands within reach below a unit: ``standing``, ``soon``, ``unverified`` without papers of one batch, which
    never end, and how many end in each span of days (``0``, ``1`` …). One query.
    """
    kinds, soon = kinds_on(viewer.today), viewer.today + timedelta(days=SOON_DAYS)
    rows = Credential.objects.visible_to(viewer).standing().filter(still_there())
    rows = rows.under(unit.path) if unit else rows
    counted = {
        "standing": Count("pk", filter=~of_batches(kinds)),
        "soon": Count("pk", filter=Q(expires_on__gte=viewer.today, expires_on__lte=soon)),
        "unverified": Count("pk", filter=unverified(kinds) & ~of_batches(kinds)),
    }
    for number, (first, last) in enumerate(spans):
        within_it = {"expires_on__gte": first} if first else {}
        within_it |= {"expires_on__lte": last} if last else {}
        counted[str(number)] = Count("pk", filter=Q(**within_it))
    return {row.pop("kind"): row for row in rows.order_by().values("kind").annotate(**counted)}


def to_verify(viewer: Viewer) -> QuerySet[Any]:
    """What somebody else recorded and nobody has verified, of kinds that a second person looks at."""
    rows = Credential.objects.visible_to(viewer, "credentials.verify").standing()
    waiting = rows.filter(still_there() & unverified(kinds_on(viewer.today)))
    found: QuerySet[Any] = waiting.exclude(account=viewer.account_id)
    return found


def within_own_schools(viewer: Viewer, permission: str) -> Q | None:
    """The schools at which the viewer works, not those that an office looks after; None when there is none. One query."""
    paths = viewer.paths_for(permission)
    if viewer.is_system or not paths:
        return None
    schools = _schools_among(paths)
    return within("org__path", schools) if schools else None


@remembered
def _schools_among(paths: tuple[str, ...]) -> tuple[str, ...]:
    own = OrgUnit.objects.filter(path__in=paths, kind__in=(Kind.SCHOOL, Kind.CAMPUS))
    return tuple(own.values_list("path", flat=True))
