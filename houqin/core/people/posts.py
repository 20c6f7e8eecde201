"""Kinds of posts and who holds them: what everything above asks when it looks for "the cook of this school"."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from houqin.core.catalogues.loading import COMMON, newest_entries, read
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.catalogue import AREA, PostKind
from houqin.core.people.models import Account, Person, PostHolding
from houqin.core.people.models.staff import HoldingQuerySet
from houqin.core.scope.remembering import remembered
from houqin.core.scope.viewer import Viewer

OTHER = "other"
"""A post whose title names no kind of the catalogue."""
NONE = "none"
"""A post of which somebody said that it is of no kind of the catalogue: its title is not asked again."""
_BESIDE = re.compile(r"[(\uff08][^)\uff09]*[)\uff09]|[\s·、/\d]+|^(学校|食堂|本校)|(兼|岗)$")


def post_kinds(day: date) -> dict[str, PostKind]:
    """The kinds of posts in force on a day, by code, in the catalogue's order. One query."""
    items = sorted(newest_entries(AREA, day), key=lambda item: item.pk)
    return {item.code: _typed(item) for item in items} if items else dict(_from_files())


_typed_once: dict[tuple[str, str], PostKind] = {}


def _typed(item: CatalogueItem) -> PostKind:
    """An entry as it was loaded, typed once for each version."""
    key = (item.code, item.digest)
    if key not in _typed_once:
        common = {name: getattr(item, name) for name in COMMON if name != "code"}
        _typed_once[key] = PostKind.model_validate({"code": item.code, **common, **item.body})
    return _typed_once[key]


@cache
def _from_files() -> dict[str, PostKind]:
    """The files themselves, where none has been loaded yet."""
    root = settings.ROOT / "catalogues"
    return {entry.code: entry for _area, entry in read(root, only=AREA) if isinstance(entry, PostKind)}


def kind_of_title(
    title: str, kinds: dict[str, PostKind] | None = None, *, on: date | None = None, canteen: bool = False
) -> str:
    """The kind that a title of a roster names; "other" when none does. "副校长" is no "校长": names are taken whole.

    In the roster of a ``canteen`` 保洁 means 食堂保洁, who touches what food is served in.
    """
    known = post_kinds(on or timezone.localdate()) if kinds is None else kinds
    names = {name: kind.code for kind in reversed(known.values()) for name in (kind.title_zh, *kind.names)}
    whole, bare = title.strip(), _BESIDE.sub("", title.strip())
    told = [f"食堂{bare}", whole, bare] if canteen else [whole, bare]
    return next((names[name] for name in told if name in names), OTHER)


def kinds_handling_food(on: date | None = None) -> frozenset[str]:
    """The kinds whose holders touch food."""
    return frozenset(code for code, kind in post_kinds(on or timezone.localdate()).items() if kind.handles_food)


def holdings(day: date) -> HoldingQuerySet:
    """Who holds what on a day, without those who had left by then."""
    rows: HoldingQuerySet = PostHolding.objects.on(day)
    return rows.filter(Q(person__left_on__isnull=True) | Q(person__left_on__gte=day))


def holders(
    orgs: Iterable[OrgUnit | int], kinds: Collection[str], day: date
) -> dict[tuple[int, str], list[PostHolding]]:
    """Who holds posts of these kinds at these units: main holders first, then deputies. One query for any number."""
    ids = {org if isinstance(org, int) else org.pk for org in orgs}
    rows = holdings(day).filter(post__org__in=ids, post__kind__in=kinds).select_related("post", "person")
    found: dict[tuple[int, str], list[PostHolding]] = defaultdict(list)
    for row in rows.order_by("is_deputy", "from_on", "pk"):
        found[row.post.org_id, row.post.kind].append(row)
    return dict(found)


@remembered
def own_posts(viewer: Viewer) -> dict[int, frozenset[str]]:
    """The kinds of posts whose duties are the viewer's today, by unit.

    What the viewer's person holds, as deputy too; and what the viewer's roles at that very unit do wherever nobody who
    can sign in is appointed: a duty always reaches somebody. At most three queries.
    """
    found: dict[int, set[str]] = defaultdict(set)
    if viewer.person_id is not None:
        held = holdings(viewer.today).filter(person=viewer.person_id)
        for org_id, kind in held.values_list("post__org_id", "post__kind"):
            found[org_id].add(kind)
    by_role = _by_roles(viewer)
    taken = appointed([org_id for org_id, _kind in by_role], viewer.today) if by_role else frozenset()
    for org_id, kind in by_role - taken:
        found[org_id].add(kind)
    return {org_id: frozenset(kinds) for org_id, kinds in found.items()}


def _by_roles(viewer: Viewer) -> set[tuple[int, str]]:
    if not viewer.reaches:
        return set()
    kinds = post_kinds(viewer.today)
    return {
        (reach.org_id, code) for reach in viewer.reaches for code, kind in kinds.items() if reach.role in kind.roles
    }


def appointed(org_ids: Iterable[int], day: date) -> frozenset[tuple[int, str]]:
    """At which unit which kind of post is held by somebody who can sign in. One query."""
    rows = holdings(day).filter(post__org__in=set(org_ids), person__account__is_active=True)
    return frozenset(rows.values_list("post__org_id", "post__kind").distinct())


def accounts_of(found: Iterable[PostHolding]) -> dict[int, Account]:
    """The open account of each of these holders, by person. One query."""
    people = {row.person_id for row in found}
    return {row.person_id: row for row in Account.objects.filter(person__in=people, is_active=True) if row.person_id}


def staff_of(org: OrgUnit, kinds: Collection[str], day: date) -> list[Person]:
    """The people of a unit who hold a post of these kinds, each once, by name."""
    held = holdings(day).filter(post__org=org, post__kind__in=kinds).values("person")
    return list(Person.objects.filter(pk__in=held).order_by("name", "pk"))
