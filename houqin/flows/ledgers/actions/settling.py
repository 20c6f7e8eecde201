"""A value out of limits stands when its time is over and nobody put it right; then a superior answers it."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.people.posts import post_kinds
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.after import happened
from houqin.flows.duties.completing import complete
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.definitions import definitions
from houqin.flows.ledgers.duties import ANSWER, BREACHED
from houqin.flows.ledgers.models import Breach
from houqin.flows.ledgers.reading import SEE_NAMES

MANY = 500

titled(
    {
        "ledgers.breach_stands": gettext_lazy("Value out of limits stands"),
        "ledgers.breaches_stand": gettext_lazy("Values out of limits stand"),
        "ledgers.breach_answered": gettext_lazy("Value out of limits answered"),
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


@verb
def answer_breach(breach: Breach, *, by: Viewer, words: str) -> Breach:
    """Say what was done about a value that stands: it is answered and climbs no further. Not by who wrote it, but by a head."""
    require(by, "ledgers.record", at=breach.org)
    row: Breach = Breach.objects.select_for_update(of=("self",)).select_related("org").get(pk=breach.pk)
    if row.state != Breach.State.STANDS:
        raise Refused(
            _("It does not stand: %(state)s. Only what stands is answered.") % {"state": row.get_state_display()}
        )
    if row.answered_at is not None:
        raise Refused(_("This is answered already: %(answer)s") % {"answer": row.answer})
    if row.account_id == by.account_id and not by.may(SEE_NAMES, row.org.path):
        raise Refused(_("You wrote this value yourself. Whoever is above you answers it."))
    if not words.strip():
        raise Refused(_("Write what was done about it."), field="words")
    _answered(row, by, words)
    return row


@verb
def answer_by_deed(breaches: Iterable[UUID], *, by: Viewer, answer: str) -> int:
    """What was done about a finding answers the values that led to it; how many. Who wrote a value does not answer it so.

    Whoever calls it has checked and recorded the deed.
    """
    rows = Breach.objects.select_for_update(of=("self",)).select_related("org").filter(public_id__in=list(breaches))
    open_rows = rows.filter(state=Breach.State.STANDS, answered_at__isnull=True).order_by("pk")
    mine = [row for row in open_rows if row.account_id != by.account_id or by.may(SEE_NAMES, row.org.path)]
    for row in mine:
        _answered(row, by, answer)
    return len(mine)


def _answered(row: Breach, by: Viewer, answer: str) -> None:
    row.answer, row.answered_at, row.answered_by_id = answer.strip()[:200], by.moment, by.account_id
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    for duty in Duty.objects.filter(org=row.org, rule=ANSWER, slot=str(row.pk)):
        complete(row.org, by=by, rule=ANSWER, day=duty.day, slot=duty.slot, evidence_id=row.public_id)
    record("ledgers.breach_answered", row, by=by, org=row.org, answer=row.answer)


def _stand(rows: list[Breach], by: Viewer) -> None:
    Breach.objects.filter(pk__in=[row.pk for row in rows]).update(state=Breach.State.STANDS, settled_at=by.now)
    kinds = post_kinds(by.today)
    keepers = {ledger.code: ledger.post for ledger in definitions(by.today)}
    for row in rows:
        emit(
            BREACHED, by=by, org=row.org, subject=row, ledger=row.ledger, entry=row.entry_id, day=row.day, column=row.column,
            value=row.value, limit=row.limit, source=row.source, by_law=row.by_law,
        )  # fmt: skip
        keeper = kinds.get(keepers.get(row.ledger, ""))
        happened(BREACHED, row.org, at=by.now, slot=str(row.pk), post=keeper.superior if keeper else "")
