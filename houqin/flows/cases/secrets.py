"""What the trail keeps from those who do not see a restricted case."""

from collections.abc import Iterable
from uuid import UUID

from houqin.core.audit.models import keeps_secret
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case


@keeps_secret
def restricted_cases(viewer: Viewer) -> Iterable[UUID]:
    """The restricted cases that the viewer does not see."""
    seen = Case.objects.visible_to(viewer).filter(restricted=True).values("pk")
    hidden: Iterable[UUID] = (
        Case.objects.filter(restricted=True).exclude(pk__in=seen).values_list("public_id", flat=True)
    )
    return hidden
