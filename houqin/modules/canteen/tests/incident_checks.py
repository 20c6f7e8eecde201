"""What the tests of an incident look at."""

from collections.abc import Callable
from typing import Any

import pytest

from houqin.core.audit.models import AuditEntry
from houqin.core.notices.models import Notice
from houqin.core.places.models import Stop
from houqin.core.scope.refusals import Refused
from houqin.flows.cases.models import Case, Entry
from houqin.flows.duties.models import Suspension
from houqin.modules.canteen.models import (
    Call,
    ClassSearch,
    Ill,
    IncidentReport,
    KitchenStop,
    SealedThing,
)

BODY, TO = "报告正文", "区市场监管局、区疾控中心、区教育局"


def done(case: Case, code: str) -> bool:
    """Whether a step is done."""
    return case.steps.get(code=code).done_at is not None


def counted() -> tuple[int, ...]:
    """How many rows there are of everything that a deed here writes, the trail too."""
    tables = (
        Case,
        Entry,
        Ill,
        KitchenStop,
        ClassSearch,
        Call,
        SealedThing,
        IncidentReport,
        Suspension,
        Stop,
        Notice,
        AuditEntry,
    )
    return tuple(table.objects.count() for table in tables)


def refused(deed: Callable[[], Any], error: type[Exception] = Refused) -> str:
    """What it says; nothing was changed."""
    before = counted()
    with pytest.raises(error) as told:
        deed()
    assert counted() == before
    return str(told.value)
