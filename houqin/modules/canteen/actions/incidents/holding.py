"""What every deed on an incident begins with: the case, locked and open; and a step that a deed does by the way."""

from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.working import complete_step, locked, require_hands, require_open
from houqin.flows.cases.models import Case
from houqin.modules.canteen.incident_kind import names_in

LEAD = "canteen.lead_incident"


def held(case: Case, by: Viewer) -> Case:
    """The open case, locked until the verb is over; for those who do its steps. An office above helps by notes only."""
    row = locked(case, by)
    require_open(row)
    require_hands(row, by)
    return row


def unasked(by: Viewer) -> Viewer:
    """The same person, not asked for permission: what follows from a deed that they may do."""
    return Viewer(
        by.account_id, by.account_public_id, by.name, now=by.now, channel=by.channel, captured_at=by.captured_at,
        is_system=True,
    )  # fmt: skip


def require_no_name(case: Case, by: Viewer, text: str, *, field: str) -> None:
    """Stop where a text that others read holds the name of somebody who is ill."""
    wrong = names_in(case, by, text)
    if wrong:
        raise Refused(wrong, field=field)


def done_by_the_way(case: Case, code: str, by: Viewer, note: str = "") -> None:
    """Have the step done that this deed fulfils, unless it was done before."""
    if case.steps.filter(code=code, done_at__isnull=True).exists():
        complete_step(case, code, by=by, note=note)
