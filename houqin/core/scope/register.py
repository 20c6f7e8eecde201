"""The register of what is kept: each table, what it holds, why, how long, and who sees it, from what its model declares.

What a library keeps of our rows in tables of its own is declared beside them.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.scope.permissions import all_permissions
from houqin.core.tables.ciphers import EncipheredField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Kept:
    """One table. ``fields`` are those with a name: keys, digests and the like are left out."""

    model: Any
    label: str
    name: "StrOrPromise"
    area: "StrOrPromise"
    why: "StrOrPromise"
    data_class: DataClass
    months: int | None
    ends_from: "StrOrPromise"
    seen_by: "StrOrPromise"
    fields: tuple["StrOrPromise", ...]
    enciphered: tuple["StrOrPromise", ...]
    hashed: tuple["StrOrPromise", ...]


@dataclass(frozen=True)
class Beside:
    """A library's table of what belongs to one row of ours, to which ``key`` points: as long, and seen by as many, as that row.

    ``fields`` are the columns that may be handed out, with their names; ``enciphered`` names what may not.
    """

    model: Any
    owner: type[ScopedModel]
    key: str
    name: "StrOrPromise"
    why: "StrOrPromise"
    fields: Mapping[str, "StrOrPromise"]
    enciphered: tuple["StrOrPromise", ...] = ()

    def of(self, row: ScopedModel) -> Any:
        """Its rows that belong to this one of ours."""
        return self.model._base_manager.filter(**{self.key: row})


_beside: list[Beside] = []


def kept_beside(*tables: Beside) -> None:
    """Register tables of a library."""
    _beside.extend(tables)


def beside(owner: type[ScopedModel]) -> list[Beside]:
    """The libraries' tables of what belongs to rows of this table."""
    return [one for one in _beside if one.owner is owner]


def register() -> list[Kept]:
    """Every business table, those of persons first, children's before all."""
    order = [DataClass.MINOR, DataClass.PERSONAL, DataClass.OPERATIONAL, DataClass.PUBLIC]
    tables = [model for model in apps.get_models() if issubclass(model, ScopedModel) and not model._meta.proxy]
    found = [_kept(model) for model in tables if not model.__module__.endswith("playground")]
    found += [_kept_beside(one) for one in _beside]
    return sorted(found, key=lambda one: (order.index(one.data_class), one.label))


def _kept(model: Any) -> Kept:
    permission = all_permissions().get(model.VIEW_PERMISSION)
    columns = model._meta.concrete_fields
    named = (name_of(one) for one in columns if not one.primary_key)
    return Kept(
        model=model,
        label=model._meta.label_lower,
        name=model._meta.verbose_name,
        area=apps.get_app_config(model._meta.app_label).verbose_name,
        why=model.PURPOSE or (inspect.getdoc(model) or "").split("\n\n")[0].replace("\n", " "),
        data_class=DataClass(model.DATA_CLASS),
        months=model.RETENTION_MONTHS,
        ends_from=_end(model),
        seen_by=permission.label if permission else model.VIEW_PERMISSION,
        fields=tuple(name for name in named if name),
        enciphered=tuple(one.verbose_name for one in columns if isinstance(one, EncipheredField)),
        hashed=tuple(one.verbose_name for one in columns if one.name in {"password", "pin"} and issubclass(model, AbstractBaseUser)),
    )  # fmt: skip


def _kept_beside(one: Beside) -> Kept:
    return replace(
        _kept(one.owner), model=one.model, label=one.model._meta.label_lower, name=one.name, why=one.why,
        fields=(*one.fields.values(), *one.enciphered), enciphered=one.enciphered, hashed=(),
    )  # fmt: skip


def name_of(field: Any) -> "StrOrPromise":
    """What a field is called on pages: by its own name, or by what it points to; empty when it stands on none."""
    given: StrOrPromise | None = getattr(field, "_verbose_name", None)
    if given is None and field.related_model is not None:
        given = field.related_model._meta.original_attrs.get("verbose_name")
    return given or ""


def _end(model: Any) -> "StrOrPromise":
    """The day from which the months count, where a table names one."""
    field = None
    for step in model.RETENTION_FROM.split("__") if model.RETENTION_FROM else ():
        field = model._meta.get_field(step)
        model = field.related_model
    return name_of(field) if field else ""
