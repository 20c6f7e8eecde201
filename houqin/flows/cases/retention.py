"""While an accident, a complaint or a suspected poisoning is open, nothing of its unit is taken away."""

from typing import Any

from django.db.models import QuerySet

from houqin.core.scope.holds import holding
from houqin.flows.cases.models import Case, CaseState


@holding
def with_an_open_case() -> QuerySet[Any]:
    """The units where one is open."""
    return Case.objects.filter(state=CaseState.OPEN).values("org__path")
