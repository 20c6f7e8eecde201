"""Removing the demo and nothing else: every row below its province, and its accounts."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.models import ScopedModel, within
from houqin.core.scope.refusals import Refused

Report = Callable[[int, int, str], None]


def _tables() -> list[type[ScopedModel]]:
    return [model for model in apps.get_models() if issubclass(model, ScopedModel)]


def _rows(model: type[ScopedModel], paths: tuple[str, ...]) -> Any:
    return model._base_manager.filter(within(model.SCOPE_PATH, paths))


def remove(*, report: Report = lambda done, total, message: None) -> None:
    """Delete what belongs to the demo's provinces in one transaction; foreign keys are checked at its end.

    This is the one place where evidence is deleted, and only evidence of a unit that was opened as a demo.
    """
    paths = tuple(OrgUnit.objects.filter(is_demo=True, parent__isnull=True).values_list("path", flat=True))
    if not paths:
        raise Refused(_("There is no demo in this database."))
    tables = _tables()
    with transaction.atomic():
        keys = {model: list(_rows(model, paths).values_list("pk", flat=True)) for model in tables}
        for done, model in enumerate(tables):
            report(done, len(tables), "")
            _forget(model, keys[model])
        connection.check_constraints()
    report(len(tables), len(tables), "")


def _forget(model: type[ScopedModel], keys: list[Any]) -> None:
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        for field in model._meta.many_to_many:
            through: Any = field.remote_field.through
            through._base_manager.filter(**{f"{field.m2m_field_name()}__in": some})._raw_delete(
                through._base_manager.db
            )
        if model._meta.label == "people.Account":
            EmailAddress.objects.filter(user__in=some).delete()
        rows = model._base_manager.filter(pk__in=some)
        rows._raw_delete(rows.db)
