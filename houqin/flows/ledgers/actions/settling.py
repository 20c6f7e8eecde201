"""A value out of limits stands when its time is over and nobody put it right."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.models import Breach

BREACHED = "ledgers.breached"
MANY = 500

titled(
    {
        "ledgers.breach_stands": gettext_lazy("Value out of limits stands"),
        "ledgers.breaches_stand": gettext_lazy("Values out of limits stand"),
    }
)


@verb
def settle_breaches(*, by: Viewer) -> int:
    """Let those stand whose time is over, each once, and tell the floors above; how many. Two workers never meet."""
    if not by.is_system:
        raise Refused(_("Values out of limits stand by themselves when their time is over. Confirm one on its page."))
    settled = 0
    while rows := list(
        Breach.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=Breach.State.PENDING, settles_at__lte=by.now)
        .select_related("org")
        .order_by("settles_at", "pk")[:MANY]
    ):
        _stand(rows, by)
        settled += len(rows)
    if settled:
        record("ledgers.breaches_stand", None, by=by, org=None, count=settled)
    return settled


@verb
def confirm_breach(breach: Breach, *, by: Viewer, remark: str) -> Breach:
    """Say at once that the value is right, and what was done about it: it stands without waiting."""
    require(by, "ledgers.record", at=breach.org)
    row: Breach = Breach.objects.select_for_update(of=("self",)).select_related("org").get(pk=breach.pk)
    if row.state != Breach.State.PENDING:
        raise Refused(_("This is settled already: %(state)s.") % {"state": row.get_state_display()})
    if not remark.strip():
        raise Refused(_("Write what was done about it."), field="remark")
    row.remark = remark.strip()[:200]
    row.save(update_fields=["remark"])
    _stand([row], by)
    record("ledgers.breach_stands", row, by=by, org=row.org, remark=row.remark)
    row.refresh_from_db(fields=["state", "settled_at"])
    return row


def _stand(rows: list[Breach], by: Viewer) -> None:
    Breach.objects.filter(pk__in=[row.pk for row in rows]).update(state=Breach.State.STANDS, settled_at=by.now)
    for row in rows:
        emit(
            BREACHED, by=by, org=row.org, subject=row, ledger=row.ledger, entry=row.entry_id, day=row.day, column=row.column,
            value=row.value, limit=row.limit, source=row.source, by_law=row.by_law,
        )  # fmt: skip
