"""Whom a letter is for, who has to sign, and how many did."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from houqin.core.grants.models import Grant
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.models import Account
from houqin.core.people.posts import holdings, post_kinds
from houqin.core.places.owners import Area, areas_of
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer, covers
from houqin.flows.letters.models import Letter, LetterState, Pattern

KIND = "letter"
HEADS = frozenset({"principal", "office_director"})
Hands = tuple[int, int | None]
"""A unit, or a unit and a person."""


def asked_of(pattern: Pattern, org: OrgUnit, day: date) -> list[Hands]:
    """Whom a text is for at or below a unit: units of its kind, or who holds its post (no deputies). One query."""
    if pattern.unit_kind:
        units = OrgUnit.objects.under(org.path).filter(kind=pattern.unit_kind, closed_on__isnull=True)
        return [(pk, None) for pk in units.exclude(pk=pattern.org_id).order_by("path").values_list("pk", flat=True)]
    held = holdings(day).under(org.path).filter(post__kind=pattern.post, is_deputy=False)
    rows = held.order_by("post__org__path", "person__name").values_list("post__org_id", "person_id")
    return list(dict.fromkeys(rows))


def heads_at(org: OrgUnit) -> QuerySet[Any]:
    """The open accounts of who heads a unit."""
    held = Grant.objects.on(timezone.localdate()).filter(org=org, role__in=HEADS).values("account")
    accounts: QuerySet[Any] = Account.objects.filter(pk__in=held, is_active=True)
    return accounts


def is_for(letter: Letter, viewer: Viewer) -> bool:
    """Whether the viewer is whom it is for: the head of the unit itself, or the person."""
    if letter.person_id:
        return letter.person_id == viewer.person_id
    return any(reach.org_id == letter.org_id and reach.role in HEADS for reach in viewer.reaches)


def to_sign(viewer: Viewer) -> QuerySet[Any]:
    """What the viewer has to sign."""
    own = Q(person__isnull=True, org__in=[reach.org_id for reach in viewer.reaches if reach.role in HEADS])
    if viewer.person_id:
        own |= Q(person=viewer.person_id)
    rows: QuerySet[Any] = Letter.objects.visible_to(viewer).unsigned().filter(own)
    return rows.select_related("pattern__org", "org").order_by("due_on", "pk")


def with_whom(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Texts with the kind of units or of post that they are for, in the reader's language."""
    units = [When(unit_kind=code, then=Value(str(label))) for code, label in Kind.choices]
    posts = [When(post=code, then=Value(str(kind))) for code, kind in post_kinds(day).items()]
    found: QuerySet[Any] = rows.annotate(whom=Case(*units, *posts, default=F("post"), output_field=CharField()))
    return found


@dataclass(frozen=True)
class Rate:
    """How far one text has come within reach: whom it is for, how many were issued, how many are signed."""

    pattern: Pattern
    asked: int
    issued: int
    signed: int
    overdue: int
    title: str

    @property
    def missing(self) -> int:
        """Whom it is for and who has no letter yet."""
        return max(0, self.asked - self.issued)

    @property
    def unsigned(self) -> int:
        """Issued and not signed."""
        return self.issued - self.signed


def rates(viewer: Viewer, year: int, *, under: str = "") -> list[Rate]:
    """How many of each text of a year are signed within reach. A fixed number of queries."""
    texts = with_whom(Pattern.objects.visible_to(viewer).filter(year=year, ended_at__isnull=True), viewer.today)
    patterns = [
        row for row in texts.select_related("org").order_by("org__path", "title") if _meets(row.org.path, viewer, under)
    ]
    letters = Letter.objects.visible_to(viewer).under(under).standing().filter(pattern__in=patterns).order_by()
    counted = {
        row["pattern"]: row
        for row in letters.values("pattern").annotate(
            issued=Count("pk"),
            signed=Count("pk", filter=Q(state=LetterState.SIGNED)),
            overdue=Count("pk", filter=Q(state=LetterState.ISSUED, due_on__lt=viewer.today)),
        )
    }
    asked = _asked(patterns, viewer, under)
    return [
        Rate(pattern=row, asked=asked[row.pk], title=row.whom, **_counts(counted.get(row.pk, {}))) for row in patterns
    ]


def _counts(row: dict[str, int]) -> dict[str, int]:
    return {name: row.get(name, 0) for name in ("issued", "signed", "overdue")}


def _meets(path: str, viewer: Viewer, under: str) -> bool:
    """Whether a unit's text reaches the part of the tree that is looked at."""
    tops = (under,) if under else viewer.paths_for("letters.view")
    return any(covers(path, top) or covers(top, path) for top in tops)


def _asked(patterns: Iterable[Pattern], viewer: Viewer, under: str) -> Counter[int]:
    """For how many units or holders each text is, within reach. Two queries."""
    some = list(patterns)
    tops = (under,) if under else viewer.paths_for("letters.view")
    here = Q() if "" in tops else within("path", tops)
    at = Q() if "" in tops else within("post__org__path", tops)
    kinds = {row.unit_kind for row in some if row.unit_kind}
    posts = {row.post for row in some if row.post}
    units = OrgUnit.objects.filter(here, kind__in=kinds, closed_on__isnull=True).values_list("kind", "path")
    held = holdings(viewer.today).filter(at, post__kind__in=posts, is_deputy=False).order_by()
    hands = [
        *((kind, path) for kind, path in units if kinds),
        *((kind, path) for kind, path, _who in held.values_list("post__kind", "post__org__path", "person").distinct()),
    ]
    found: Counter[int] = Counter()
    for row in some:
        code = row.unit_kind or row.post
        found[row.pk] = sum(
            1 for kind, path in hands
            if kind == code and covers(row.org.path, path) and not (row.unit_kind and path == row.org.path)
        )  # fmt: skip
    return found


def years(viewer: Viewer) -> list[int]:
    """The years for which there are texts, the newest first."""
    rows = Pattern.objects.visible_to(viewer).filter(ended_at__isnull=True).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def areas(letter: Letter, day: date) -> list[Area]:
    """The places for which the signer of a letter answers: by name or by the post of the text; the head for all of the unit."""
    return areas_of(letter.org, day, person=letter.person, posts=[letter.pattern.post])


def told(moment: datetime) -> str:
    """A moment as sealed content tells it."""
    return moment.astimezone(UTC).isoformat()
