"""今日上岗: who holds posts that ask for papers on a day, who may work there, who may not and who could stand in (R-155)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.catalogue import PostKind
from houqin.core.people.gates import Lack, lacking
from houqin.core.people.models import Person, PostHolding
from houqin.core.people.posts import holdings, post_kinds

MOST_NAMED = 8


@dataclass(frozen=True)
class Place:
    """Somebody in a post on the day, and what is lacking."""

    holding: PostHolding
    lacks: Sequence[Lack]

    @property
    def is_off(self) -> bool:
        """Whether law keeps this person from the work of the post."""
        return any(lack.blocks for lack in self.lacks)


@dataclass
class Group:
    """One kind of post: its holders and, where one of them may not work, who could stand in."""

    kind: PostKind
    places: list[Place] = field(default_factory=list)
    relief: list[Person] = field(default_factory=list)

    @property
    def off(self) -> list[Place]:
        """Who may not work."""
        return [place for place in self.places if place.is_off]


def roster_of(org: OrgUnit, day: date) -> list[Group]:
    """The posts of a school that ask for papers, those with somebody who may not work first. A fixed number of queries.

    Posts that handle food have a roster of their own, which knows the morning check too.
    """
    kinds = {code: kind for code, kind in post_kinds(day).items() if kind.requires and not kind.handles_food}
    rows = holdings(day).filter(post__kind__in=kinds).under(org.path).select_related("post", "person")
    held = list(rows.order_by("is_deputy", "person__name", "pk"))
    staff = list(Person.objects.under(org.path).filter(left_on__isnull=True).order_by("name", "pk"))
    asked = {row.post.kind for row in held}
    lacks = lacking({row.person_id for row in held} | {one.pk for one in staff}, asked, day) if held else {}
    groups: dict[str, Group] = {}
    at_work = defaultdict(set)
    for row in held:
        group = groups.setdefault(row.post.kind, Group(kinds[row.post.kind]))
        group.places.append(Place(row, lacks.get((row.person_id, row.post.kind), ())))
        at_work[row.post.kind].add(row.person_id)
    for code, group in groups.items():
        if group.off:
            may = [one for one in staff if not any(lack.blocks for lack in lacks.get((one.pk, code), ()))]
            others = [one for one in may if one.pk not in at_work[code]]
            group.relief = sorted(others, key=lambda one, code=code: (one.pk, code) in lacks)[:MOST_NAMED]  # type: ignore[misc]
    order = list(kinds)
    return sorted(groups.values(), key=lambda group: (not group.off, order.index(group.kind.code)))
