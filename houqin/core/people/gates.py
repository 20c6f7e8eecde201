"""What a kind of post asks of whoever holds it, as the rooms above know it, and who has all of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person


@dataclass(frozen=True)
class Lack:
    """Something that a post asks for and somebody has not. ``blocks``: nobody may work there without; else it warns."""

    code: str
    title_zh: str
    title_en: str
    blocks: bool
    by_law: bool
    source: str
    ended_on: date | None = None

    def __str__(self) -> str:
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en


Lacks = dict[tuple[int, str], list[Lack]]
Source = Callable[[Collection[int], Collection[str], date], Lacks]
_sources: list[Source] = []


def gate(source: Source) -> Source:
    """Register who knows what people lack: (persons, kinds of posts, day) → by person and kind, only where something is."""
    _sources.append(source)
    return source


def lacking(persons: Collection[int], kinds: Collection[str], day: date) -> Lacks:
    """What each of these people lacks on a day for each of these kinds of posts. A fixed number of queries."""
    found: Lacks = {}
    for source in _sources:
        for key, lacks in source(persons, kinds, day).items():
            found.setdefault(key, []).extend(lacks)
    return found


def relief(org: OrgUnit, kind: str, day: date) -> list[Person]:
    """People of a unit who may work in a post of this kind on a day, those who lack nothing first."""
    staff = list(Person.objects.filter(org=org, left_on__isnull=True).order_by("name", "pk"))
    lacks = lacking([one.pk for one in staff], [kind], day)
    may = [one for one in staff if not any(lack.blocks for lack in lacks.get((one.pk, kind), ()))]
    return sorted(may, key=lambda one: (one.pk, kind) in lacks)
