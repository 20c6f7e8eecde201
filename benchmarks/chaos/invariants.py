"""What must hold after each kill, read from the tables. Each function yields what is wrong."""

from collections.abc import Iterator

from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from benchmarks.chaos.deeds import LINES, RUNG
from houqin.core.events.models import Event, HandledEvent
from houqin.core.notices.models import Notice
from houqin.flows.seals.checking import check
from houqin.flows.seals.models import Chain
from houqin.modules.canteen.models import DeliveryLine, Issue, Lot, Recall, StockEntry
from houqin.ui.models import SentForm

SQL = {
    "stock is not the sum of its moves": """
        SELECT l.id FROM canteen_lot l LEFT JOIN (SELECT lot_id, SUM(grams) AS moved FROM canteen_stockmove GROUP BY lot_id) m
        ON m.lot_id = l.id WHERE l.on_hand_grams <> COALESCE(m.moved, 0)""",
    "an entry without its one move": """
        SELECT e.id FROM canteen_stockentry e LEFT JOIN canteen_stockmove m ON m.entry_id = e.id
        GROUP BY e.id, e.grams HAVING COUNT(m.id) <> 1 OR SUM(m.grams) <> e.grams""",
    "a line without its one move": """
        SELECT d.id FROM canteen_deliveryline d LEFT JOIN canteen_stockmove m ON m.line_id = d.id
        GROUP BY d.id, d.quantity_grams HAVING COUNT(m.id) <> 1 OR SUM(m.grams) <> d.quantity_grams""",
    "an issue without its moves": """
        SELECT i.id FROM canteen_issue i LEFT JOIN canteen_stockmove m ON m.issue_id = i.id
        GROUP BY i.id, i.quantity_grams HAVING COALESCE(SUM(-m.grams), 0) <> i.quantity_grams""",
    "a ledger entry without its seal": """
        SELECT e.id FROM ledgers_ledgerentry e LEFT JOIN seals_seal s ON s.item_id = e.public_id WHERE s.id IS NULL""",
    "a duty done without its entry": """
        SELECT d.id FROM duties_duty d LEFT JOIN ledgers_ledgerentry e ON e.public_id = d.evidence_id
        WHERE d.state = 'done' AND e.id IS NULL""",
    "a frozen lot outside its recall": """
        SELECT l.id FROM canteen_lot l LEFT JOIN canteen_recalllot r ON r.lot_id = l.id AND r.recall_id = l.frozen_by_id
        WHERE l.frozen_by_id IS NOT NULL AND r.id IS NULL""",
    "an event handled twice": """
        SELECT event_id FROM events_handledevent GROUP BY event_id, subscriber HAVING COUNT(*) > 1""",
}


def of_tables() -> Iterator[str]:
    """No half deed anywhere."""
    with connection.cursor() as cursor:
        for what, sql in SQL.items():
            cursor.execute(sql)
            found = cursor.fetchall()
            if found:
                yield f"{what}: {len(found)}, as {found[0][0]}"


def of_audit(tokens: set[str]) -> Iterator[str]:
    """Each thing that was done stands on the trail, once; and nothing stands there that was not done."""
    entries = {str(ref) for ref in StockEntry.objects.filter(reason__in=tokens).values_list("public_id", flat=True)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, COUNT(*) FROM audit_auditentry WHERE subject_kind = 'canteen.stockentry' GROUP BY subject_id"
        )
        told = dict(cursor.fetchall())
    wrong = [ref for ref in entries if told.get(ref) != 1]
    if wrong:
        yield f"an entry whose deed is not on the trail once: {len(wrong)}"
    if len(told) != StockEntry.objects.count():
        yield "a deed on the trail without its entry"


def of_forms(acknowledged: set[str], tried: set[str]) -> Iterator[str]:
    """What a phone was told is done is done once; what it was not told is done once or not at all."""
    counts: dict[str, int] = {}
    for reason in StockEntry.objects.filter(reason__in=tried).values_list("reason", flat=True):
        counts[reason] = counts.get(reason, 0) + 1
    keys = {str(key) for key in SentForm.objects.filter(key__in=tried).values_list("key", flat=True)}
    lost = [key for key in acknowledged if counts.get(key) != 1]
    half = [key for key in tried if (key in keys) != (key in counts) or counts.get(key, 0) > 1]
    if lost:
        yield f"acknowledged and not there once: {len(lost)}, as {lost[0]}"
    if half:
        yield f"half done or done twice: {len(half)}, as {half[0]}"


def of_import(token: str, *, acknowledged: bool) -> Iterator[str]:
    """All lines or none."""
    lines = DeliveryLine.objects.filter(lot__batch=token).count()
    issued = Issue.objects.filter(moves__lot__batch=token).distinct().count()
    if (lines, issued) not in ({(LINES, 4)} if acknowledged else {(0, 0), (LINES, 4)}):
        yield f"import {token}: {lines} lines and {issued} issues of {LINES} and 4"


def of_recall(token: str, *, acknowledged: bool) -> Iterator[str]:
    """Launched with every lot frozen and every school asked, or not launched and nothing frozen."""
    found = Recall.objects.filter(batch=token).first()
    lots = Lot.objects.filter(batch=token, product__name__startswith="肉")
    frozen, noted = lots.exclude(frozen_by=None).count(), found.lots.count() if found else 0
    asked = found.answers.count() if found else 0
    is_open = found is not None and found.state == Recall.State.OPEN
    if acknowledged and not is_open:
        yield f"recall {token}: acknowledged and not open"
    if (frozen, noted, asked) != ((lots.count(), lots.count(), 2) if is_open else (0, 0, 0)):
        yield f"recall {token}: {frozen} frozen, {noted} noted, {asked} asked of {lots.count()}"


def of_event(token: str, *, acknowledged: bool) -> Iterator[str]:
    """The event is there when it was acknowledged; its effect never twice."""
    events = Event.objects.filter(name=RUNG, payload__token=token).count()
    told = Notice.objects.filter(title=token).count()
    if events > 1 or told > events or (acknowledged and events != 1):
        yield f"event {token}: {events} events, {told} effects"


def of_chains(*, whole: bool) -> Iterator[str]:
    """Every chain holds; ``whole`` reads every content again as well."""
    for chain in Chain.objects.select_related("org"):
        for fault in check(chain, headers_only=not whole).faults:
            yield f"chain of {chain.org}: {fault}"


def of_jobs() -> Iterator[str]:
    """At the end: every job ran to its end, every event was handled, and each effect is there once."""
    states = list(DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).values_list("task_path", "status"))
    if states:
        yield f"jobs not done: {len(states)}, as {states[0]}"
    rung = dict(Event.objects.filter(name=RUNG).values_list("pk", "payload"))
    handled = set(HandledEvent.objects.filter(event_id__in=rung).values_list("event_id", flat=True))
    if set(rung) != handled:
        yield f"events not handled: {len(set(rung) - handled)}"
    told = sorted(
        Notice.objects.filter(title__in=[body["token"] for body in rung.values()]).values_list("title", flat=True)
    )
    if told != sorted(body["token"] for body in rung.values()):
        yield f"{len(told)} effects of {len(rung)} events"
