"""Legal holds: of a unit with an open matter nothing is taken away, whatever its time; neither single rows nor whole months."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from houqin.core.scope.models import ScopedModel

Holder = Callable[[], QuerySet[Any]]
_holders: list[Holder] = []


def holding(units: Holder) -> Holder:
    """Register which units have an open matter (an accident, a recall): a query of their paths."""
    _holders.append(units)
    return units


def held(model: type[ScopedModel]) -> Q:
    """The rows of a table that belong to such a unit."""
    found = Q(pk__in=[])
    for holder in _holders:
        found |= Q(**{f"{model.SCOPE_PATH}__in": holder()})
    return found
