"""What has been kept as long as it may be: rows whose months are over, as far as nothing open or evident still needs them.

Leaf tables lose whole months (``core.tables``); here go single rows, by what their tables declare (``RETENTION_MONTHS`` from
``RETENTION_FROM``). A row that another one holds fast stays until that one goes, and nothing goes of a unit with an open matter.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, override

from houqin.core.people.models import Person
from houqin.core.scope.holds import held
from houqin.core.scope.models import ScopedModel
from houqin.lib.dates import add_months

Rows = Callable[[date], QuerySet[Any]]
LetGo = Callable[[list[Any]], None]


@dataclass(frozen=True)
class Ending:
    """How the rows of a table are found that were kept until a day, and what lets go of them first."""

    model: Any
    rows: Rows
    let_go: LetGo | None = None

    def over(self, today: date) -> QuerySet[Any]:
        """The rows to be taken away: past their months, held by no row, of no unit with an open matter."""
        last = add_months(today, -self.model.RETENTION_MONTHS)
        found = self.rows(last)
        for condition in _held_fast(self.model) if self.let_go is None else ():
            found = found.exclude(condition)
        return found.exclude(held(self.model))


_own: dict[Any, Ending] = {}


def ends(model: Any, rows: Rows, let_go: LetGo | None = None) -> None:
    """Register how the rows of a table end that has no day of its own."""
    _own[model] = Ending(model, rows, let_go)


def endings() -> list[Ending]:
    """Every table whose single rows end, those first that others hold fast."""
    found = [_by_day(model) for model in apps.get_models() if issubclass(model, ScopedModel) and model.RETENTION_FROM]
    return [*found, *_own.values()]


def _by_day(model: Any) -> Ending:
    name = model.RETENTION_FROM
    if isinstance(_field(model, name), models.DateTimeField):
        return Ending(model, lambda last: model._base_manager.filter(**{f"{name}__lt": _midnight(last)}))
    return Ending(model, lambda last: model._base_manager.filter(**{f"{name}__lt": last}))


def _field(model: Any, path: str) -> Any:
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model
    return field


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _held_fast(model: Any) -> Iterable[Exists]:
    """That some row of another table may not lose it."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and getattr(relation, "on_delete", None) is models.PROTECT:
            rows = relation.related_model._base_manager
            yield Exists(rows.filter(**{relation.field.name: OuterRef("pk")}))


def persons_over(today: date) -> QuerySet[Person]:
    """Who left so long ago that their names go as well; the rows stay, with an alias."""
    last = add_months(today, -(Person.RETENTION_MONTHS or 0))
    with override(settings.LANGUAGE_CODE):
        alias = gettext("Erased %(number)s") % {"number": ""}
    found: QuerySet[Person] = Person.objects.filter(left_on__lt=last).exclude(name__startswith=alias.strip())
    return found.exclude(held(Person)).order_by("left_on", "pk")
