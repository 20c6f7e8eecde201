"""Taking somebody's name and numbers out of every table: what rooms erase themselves, and a sweep through all texts."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from houqin.core.people.models import Account, Person, Pupil
from houqin.core.scope.models import ScopedModel, within
from houqin.core.scope.viewer import Viewer

SHORTEST_NUMBER = 5
OF_THEIR_OWN = frozenset({"people.person", "people.pupil", "people.account", "orgs.orgunit", "parties.party"})
"""Tables of names of their own: a namesake keeps what is theirs."""


@dataclass(frozen=True)
class Erased:
    """Whose data goes, and what stands in place of the name."""

    person: Person
    account: Account | None
    name: str
    account_name: str
    alias: str
    why: str


Eraser = Callable[[Erased, Viewer], Iterable[str]]
_erasers: list[Eraser] = []
_sealed: set[str] = set()


def erases(eraser: Eraser) -> Eraser:
    """Register how a room erases what it keeps of somebody; it returns numbers that must stand nowhere else either."""
    _erasers.append(eraser)
    return eraser


def sealed_text(label: str) -> None:
    """Name a table whose texts were sealed: its own room erases there, the sweep leaves it alone."""
    _sealed.add(label)


def erase_in_rooms(erased: Erased, by: Viewer) -> set[str]:
    """Let every room erase what it keeps; the numbers that they name."""
    return {number for eraser in _erasers for number in eraser(erased, by)}


def sweep(erased: Erased, numbers: Iterable[str]) -> int:
    """Put the alias for the name, and nothing for the numbers, in every text at, below and above the unit; how many rows.

    Longer names of others that hold the same signs stay as they are.
    """
    words = {one: "" for one in numbers if len(one) >= SHORTEST_NUMBER} | {erased.name: erased.alias}
    if erased.account_name:
        words[erased.account_name] = erased.alias
    longer = _longer_names(erased)
    parts = sorted([*longer, *words], key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, parts)))

    def clean(text: str) -> str:
        return pattern.sub(lambda found: words.get(found[0], found[0]), text)

    return sum(_sweep_table(model, erased, list(words), clean) for model in _tables())


def _tables() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        label = model._meta.label_lower
        if issubclass(model, ScopedModel) and label not in OF_THEIR_OWN | _sealed and not model._meta.proxy:
            yield model


def _sweep_table(model: Any, erased: Erased, needles: list[str], clean: Callable[[str], str]) -> int:
    fields = [one for one in model._meta.concrete_fields if _is_text(one)]
    rows = model._base_manager.filter(_near(model, erased.person.org.path))
    if any(one.name == "person" for one in model._meta.concrete_fields):
        rows = rows.filter(Q(person__isnull=True) | Q(person=erased.person.pk))
    changed = 0
    for field in fields:
        name, told = field.name, rows
        if isinstance(field, models.JSONField):
            name, told = "as_text", rows.annotate(as_text=Cast(field.name, models.TextField()))
        named = Q(pk__in=[])
        for needle in needles:
            named |= Q(**{f"{name}__contains": needle}) | Q(**{f"{name}__contains": _escaped(needle)})
        for row in list(told.filter(named)):
            value = _cleaned(getattr(row, field.name), clean)
            if value != getattr(row, field.name):
                changed += model._base_manager.filter(pk=row.pk).update(**{field.name: value})
    return changed


def _is_text(field: Any) -> bool:
    if field.primary_key or field.choices or field.unique:
        return False
    return isinstance(field, models.CharField | models.TextField | models.JSONField)


def _near(model: Any, path: str) -> Q:
    """Rows of the unit, of those below and above it, and of none."""
    scope = model.SCOPE_PATH
    near = within(scope, (path,), inherited=True)
    return near | Q(**{scope: ""}) if "__" not in scope else near


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one, clean) for one in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(inner, clean) for key, inner in value.items()}
    return value


def _escaped(text: str) -> str:
    """As JSON may hold it on SQLite."""
    return text.encode("unicode_escape").decode("ascii")


def _longer_names(erased: Erased) -> set[str]:
    """Names of others that hold this one: 王一鸣 stays when 王一 goes."""
    found: set[str] = set()
    for model, name in ((Person, "name"), (Pupil, "name"), (Account, "display_name")):
        rows = model._base_manager.filter(**{f"{name}__contains": erased.name}).exclude(**{name: erased.name})
        found |= set(rows.values_list(name, flat=True))
    return found
