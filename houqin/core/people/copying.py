"""Everything that is kept of one person, found by what points at them: for whoever asks what a school knows of them (PIPL 45)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from houqin.core.people.models import Account, Person, Pupil
from houqin.core.scope.models import ScopedModel
from houqin.core.scope.register import Beside, beside
from houqin.core.scope.viewer import Viewer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_ROWS = 5_000
SECRET = frozenset({"password", "pin", "signed_out_at"})
"""Columns of an account that say nothing of its owner and open it to others."""


@dataclass(frozen=True)
class Copied:
    """The rows of one table that are about the person, with the names of its columns."""

    label: str
    name: "StrOrPromise"
    heads: list[str]
    rows: list[list[str]]


def copy_of(subject: Person | Pupil, viewer: Viewer) -> list[Copied]:
    """The row itself and every row within the viewer's reach that points at it, table by table; one query a table."""
    found = [_copied(type(subject), [subject])]
    account = Account.objects.filter(person=subject).first() if isinstance(subject, Person) else None
    if account is not None:
        found.append(_copied(Account, [account]))
        found += [_copied_beside(one, rows) for one in beside(Account) if (rows := list(one.of(account)))]
    for model in apps.get_models():
        condition = _about(model, subject, account)
        if condition is not None:
            rows = list(model._base_manager.filter(condition & Q(pk__in=_visible(model, viewer)))[:MOST_ROWS])
            if rows:
                found.append(_copied(model, rows))
    return found


def _visible(model: Any, viewer: Viewer) -> Any:
    return model.objects.visible_to(viewer).values("pk")


def _about(model: Any, subject: Any, account: Account | None) -> Q | None:
    """Which rows are about the person. What an account wrote down is about its subject, not about its writer, but for roles and notices."""
    if not issubclass(model, ScopedModel) or model in {Person, Pupil, Account}:
        return None
    names = [one.name for one in _keys(model) if one.related_model is type(subject)]
    about = Q(pk__in=[])
    for name in names:
        about |= Q(**{name: subject})
    if account is not None and model._meta.label_lower in {"grants.grant", "people.guardianship"}:
        return about | Q(account=account)
    return about if names else None


def _keys(model: Any) -> Iterator[Any]:
    return (one for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey))


def _copied(model: Any, rows: list[Any]) -> Copied:
    fields = [one for one in model._meta.concrete_fields if one.name not in SECRET and not one.primary_key]
    told = [[_told(row, field) for field in fields] for row in rows]
    return Copied(model._meta.label_lower, model._meta.verbose_name, [str(one.verbose_name) for one in fields], told)


def _copied_beside(table: Beside, rows: list[Any]) -> Copied:
    fields = [table.model._meta.get_field(name) for name in table.fields]
    told = [[_told(row, field) for field in fields] for row in rows]
    return Copied(table.model._meta.label_lower, table.name, [str(head) for head in table.fields.values()], told)


def _told(row: Any, field: Any) -> str:
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    value = getattr(row, field.name)
    return "" if value is None or isinstance(value, bytes | memoryview) else str(value)
