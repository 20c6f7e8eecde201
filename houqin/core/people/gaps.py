"""What is wrong with how posts are filled: mandatory ones without a holder, separated ones in one hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from houqin.core.orgs.models import CanteenMode, Kind, OrgUnit, SchoolFacts
from houqin.core.people.catalogue import PostKind, Threshold
from houqin.core.people.models import Countersignature, Person
from houqin.core.people.posts import holdings, post_kinds
from houqin.core.scope.models import within
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer

COOKS = (CanteenMode.OWN, CanteenMode.CONTRACTED)
FACTS = ("canteen_mode", "school_type", "enrolment", "boarders", "staff", "classes")


@dataclass(frozen=True)
class School:
    """A school as far as it says which posts it must have."""

    pk: int
    name: str
    path: str
    public_id: object


@dataclass(frozen=True)
class Vacancy:
    """A post that a school must have and nobody holds; ``deputy``: somebody stands in for it."""

    school: School
    kind: PostKind
    deputy: bool


@dataclass(frozen=True)
class Asked:
    """A kind of post, at how many schools it must be held, and where nobody does."""

    kind: PostKind
    schools: int
    vacancies: list[Vacancy]

    @property
    def held(self) -> int:
        """At how many schools somebody holds it."""
        return self.schools - len(self.vacancies)


@dataclass(frozen=True)
class Conflict:
    """Somebody who holds posts that belong in several hands, and who answers for it."""

    org: OrgUnit
    person: Person
    kinds: tuple[PostKind, ...]
    countersigned: Countersignature | None


def mandatory_posts(viewer: Viewer, *, under: str = "") -> list[Asked]:
    """Every kind of post that schools within reach must have, with its vacancies. A fixed number of queries."""
    kinds = [kind for kind in post_kinds(viewer.today).values() if kind.mandatory or (kind.supervisory and kind.region)]
    if not kinds:
        return []
    asking = _asking(viewer, under)
    main, deputies = _held({kind.code for kind in kinds}, asking.paths, viewer.today)
    regions = frozenset(kind.region for kind in kinds) | {one.region for kind in kinds for one in kind.mandatory_from}
    within_region = _paths_named(regions - {""})
    found = []
    for kind in kinds:
        schools = asking.of(kind.mandatory or "canteen", within_region.get(kind.region))
        if kind.mandatory_from:
            schools = [one for one in schools if asking.reaches(one, kind.mandatory_from, within_region)]
        gaps = [
            Vacancy(school, kind, (school.pk, kind.code) in deputies)
            for school in schools
            if (school.pk, kind.code) not in main
        ]
        found.append(Asked(kind, len(schools), gaps))
    return found


def vacancies(viewer: Viewer, *, under: str = "") -> list[Vacancy]:
    """Posts that schools within reach must have and nobody holds."""
    return [gap for asked in mandatory_posts(viewer, under=under) for gap in asked.vacancies]


@dataclass(frozen=True)
class _Asking:
    paths: tuple[str, ...]
    all: list[School]
    canteen: frozenset[int]
    boarding: frozenset[int]
    bus: frozenset[int]
    facts: dict[int, dict[str, Any]]

    def of(self, what: str, region: list[str] | None) -> list[School]:
        """The schools that must have a post of this kind."""
        some = None if what == "all" else getattr(self, what)
        rows = self.all if some is None else [school for school in self.all if school.pk in some]
        return rows if region is None else [one for one in rows if one.path.startswith(tuple(region))]

    def reaches(self, school: School, figures: Iterable[Threshold], regions: dict[str, list[str]]) -> bool:
        """Whether the school has so many of one of these that it must have the post."""
        facts = self.facts.get(school.pk)
        return facts is not None and any(
            facts[one.fact] >= one.at_least
            and (not one.types or facts["school_type"] in one.types)
            and (not one.region or school.path.startswith(tuple(regions[one.region])))
            for one in figures
        )


def _asking(viewer: Viewer, under: str) -> _Asking:
    paths = (under,) if under else viewer.paths_for("people.view")
    rows = OrgUnit.objects.visible_to(viewer, "people.view").schools().filter(closed_on__isnull=True).under(under)
    schools = [School(*row) for row in rows.order_by("path").values_list("pk", "name", "path", "public_id")]
    facts = SchoolFacts.objects.in_force(viewer.today).filter(_at(paths, "org__path"))
    has = {row["org_id"]: row for row in facts.values("org_id", *FACTS)}
    fleets = OrgUnit.objects.filter(_at(paths, "path"), kind=Kind.FLEET, closed_on__isnull=True)
    return _Asking(
        paths,
        schools,
        canteen=frozenset(org for org, row in has.items() if row["canteen_mode"] in COOKS),
        boarding=frozenset(org for org, row in has.items() if row["boarders"]),
        bus=frozenset(fleets.values_list("parent_id", flat=True)),
        facts=has,
    )


def _at(paths: tuple[str, ...], scope: str) -> Q:
    return Q() if "" in paths else within(scope, paths)


def _held(
    codes: Collection[str], paths: tuple[str, ...], day: date
) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    rows = holdings(day).filter(_at(paths, "post__org__path"), post__kind__in=codes).order_by()
    main: set[tuple[int, str]] = set()
    deputies: set[tuple[int, str]] = set()
    for org, kind, is_deputy in rows.values_list("post__org_id", "post__kind", "is_deputy").distinct():
        (deputies if is_deputy else main).add((org, kind))
    return main, deputies


@remembered
def _paths_named(names: frozenset[str]) -> dict[str, list[str]]:
    """Where the units of these names stand; of a name that no unit has a path that none has. One query."""
    found = {name: ["-"] for name in names}
    rows = OrgUnit.objects.filter(name__in=names).values_list("name", "path") if names else ()
    for name, path in rows:
        found[name].append(path)
    return found


def conflicts(viewer: Viewer, *, under: str = "") -> list[Conflict]:
    """People within reach who hold posts that belong in several hands today. A fixed number of queries."""
    kinds = post_kinds(viewer.today)
    separated = {code for code, kind in kinds.items() if kind.separated_from}
    held = holdings(viewer.today).visible_to(viewer).under(under).filter(post__kind__in=separated)
    several = (
        held.order_by().values("person", "post__org").annotate(n=Count("post__kind", distinct=True)).filter(n__gt=1)
    )
    pairs = {(row["person"], row["post__org"]) for row in several}
    rows = held.filter(person__in={person for person, _org in pairs}).select_related("person", "post__org")
    hands: dict[tuple[int, int], tuple[Person, OrgUnit, set[str]]] = {}
    for row in rows.order_by("post__org__path", "person__name", "pk"):
        if (row.person_id, row.post.org_id) in pairs:
            hands.setdefault((row.person_id, row.post.org_id), (row.person, row.post.org, set()))[2].add(row.post.kind)
    signed = _countersigned(hands)
    found = []
    for person, org, codes in hands.values():
        if clash := _clashing(codes, kinds):
            answered = signed.get((person.pk, org.pk, joined(clash)))
            found.append(Conflict(org, person, tuple(kind for code, kind in kinds.items() if code in clash), answered))
    return found


def kinds_in_one_hand(person: Person, org: OrgUnit, day: date) -> frozenset[str]:
    """The kinds of posts of a person at a unit that belong in several hands; empty when all is well."""
    held = holdings(day).filter(person=person, post__org=org).values_list("post__kind", flat=True)
    return _clashing(set(held), post_kinds(day))


def joined(codes: Iterable[str]) -> str:
    """Codes as a countersignature keeps them."""
    return ",".join(sorted(codes))


def _clashing(codes: set[str], kinds: dict[str, PostKind]) -> frozenset[str]:
    """Those of them that must not lie in one hand with another of them."""
    against: dict[str, set[str]] = defaultdict(set)
    for code in codes & kinds.keys():
        for other in kinds[code].separated_from:
            against[code].add(other)
            against[other].add(code)
    return frozenset(code for code in codes if against[code] & codes)


def _countersigned(hands: Collection[tuple[int, int]]) -> dict[tuple[int, int, str], Countersignature]:
    rows = Countersignature.objects.filter(
        person__in={person for person, _org in hands}, taken_back_at__isnull=True
    ).select_related("account")
    return {(row.person_id, row.org_id, row.kinds): row for row in rows}
