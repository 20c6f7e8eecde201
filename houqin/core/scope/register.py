"""The register of what is kept: each table, what it holds, why, how long, and who sees it, from what its model declares."""

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import CharField, TextField

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.core.scope.permissions import all_permissions

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERSONAL = frozenset({DataClass.PERSONAL, DataClass.MINOR})


@dataclass(frozen=True)
class Kept:
    """One table."""

    label: str
    name: "StrOrPromise"
    area: "StrOrPromise"
    why: str
    data_class: DataClass
    months: int | None
    ends_from: str
    seen_by: "StrOrPromise"
    texts: tuple["StrOrPromise", ...]

    @property
    def is_personal(self) -> bool:
        """Whether it holds data of persons."""
        return self.data_class in PERSONAL


def register() -> list[Kept]:
    """Every business table, those of persons first, children's before all."""
    order = [DataClass.MINOR, DataClass.PERSONAL, DataClass.OPERATIONAL, DataClass.PUBLIC]
    tables = [model for model in apps.get_models() if issubclass(model, ScopedModel) and not model._meta.proxy]
    found = [_kept(model) for model in tables if not model.__module__.endswith("playground")]
    return sorted(found, key=lambda one: (order.index(one.data_class), one.label))


def _kept(model: Any) -> Kept:
    permission = all_permissions().get(model.VIEW_PERMISSION)
    fields = [one for one in model._meta.concrete_fields if isinstance(one, CharField | TextField) and not one.choices]
    return Kept(
        model._meta.label_lower,
        model._meta.verbose_name,
        apps.get_app_config(model._meta.app_label).verbose_name,
        (inspect.getdoc(model) or "").split("\n\n")[0].replace("\n", " "),
        DataClass(model.DATA_CLASS),
        model.RETENTION_MONTHS,
        model.RETENTION_FROM,
        permission.label if permission else model.VIEW_PERMISSION,
        tuple(one.verbose_name for one in fields),
    )
