"""System checks: every business table says how it hangs on the tree and what it holds."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from houqin.core.scope.models import DataClass, ScopedModel


@register
def every_table_declares_itself(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A Houqin table that is no ScopedModel, or one that leaves a declaration out, stops the start."""
    found: list[CheckMessage] = []
    for model in apps.get_models():
        if not model.__module__.startswith("houqin."):
            continue
        if not issubclass(model, ScopedModel):
            if not getattr(model, "SCOPE_EXEMPT", ""):
                found.append(
                    Error(
                        f"{model._meta.label} is no ScopedModel and names no SCOPE_EXEMPT reason",
                        id="houqin.E001",
                    )
                )
            continue
        missing = [
            name
            for name in ("SCOPE_PATH", "DATA_CLASS", "RETENTION_MONTHS", "VIEW_PERMISSION")
            if not hasattr(model, name)
        ]
        if missing:
            found.append(Error(f"{model._meta.label} declares no {', '.join(missing)}", id="houqin.E002"))
        elif not isinstance(model.DATA_CLASS, DataClass):
            found.append(Error(f"{model._meta.label}.DATA_CLASS is no DataClass", id="houqin.E003"))
        elif model.DATA_CLASS.is_personal and not model.PURPOSE:
            found.append(Error(f"{model._meta.label} holds data of persons and has no PURPOSE", id="houqin.E004"))
    return found
