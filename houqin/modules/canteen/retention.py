"""While a recall is open, nothing of the schools that it concerns is taken away."""

from typing import Any

from django.db.models import QuerySet

from houqin.core.scope.holds import holding
from houqin.modules.canteen.models import Recall, RecallLot


@holding
def concerned_by_an_open_recall() -> QuerySet[Any]:
    """The schools that hold or held what it is about."""
    return RecallLot.objects.filter(recall__state=Recall.State.OPEN).values("lot__org__path")
