"""A recall as it stands: for the office a board of its schools, for a school what to do now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.models import AuditEntry
from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.core.policies.registry import values_of
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Lot, Recall, RecallAnswer, RecallLot
from houqin.modules.canteen.policies import RECALL_ACKNOWLEDGE, RECALL_REPORT
from houqin.modules.canteen.queries.flow import sentence
from houqin.modules.canteen.queries.recalls import (
    Concerned,
    concerned_lots,
    substitutes_by_school,
    whereabouts_by_school,
)
from houqin.modules.canteen.queries.trace import trace_goods
from houqin.modules.canteen.recall_words import Whereabouts, goods, instructions, substitute_sentence
from houqin.ui import formats
from houqin.ui.deeds import event_words, who

FOUND = ("pot_grams", "kitchen_grams", "store_grams", "served_grams")
State = Recall.State


@dataclass
class SchoolLine:
    """One school on the board: what the books say, how far it has come, what it found."""

    answer: RecallAnswer
    where: Whereabouts
    phone: str
    now: datetime
    lots: int
    due: datetime | None

    @property
    def org(self) -> OrgUnit:
        """The school."""
        return self.answer.org

    @property
    def found(self) -> int | None:
        """All that the school has reported, wherever it was."""
        if self.answer.answered_at is None:
            return None
        return sum(getattr(self.answer, name) or 0 for name in FOUND)

    @property
    def difference(self) -> int | None:
        """Found less what should be there by the books: what is not accounted for is negative."""
        return None if self.found is None else self.found - self.where.to_find

    @property
    def is_late(self) -> bool:
        """Past its time with something outstanding."""
        return bool(self.due and self.due < self.now)


def recall_of(viewer: Viewer, ref: Any) -> Recall:
    """The recall within reach, with what its board reads."""
    rows = Recall.objects.select_related("org", "supplier", "product", "proposed_by", "launched_by", "closed_by")
    found: Recall = rows.get_visible(viewer, public_id=ref)
    return found


@dataclass(frozen=True)
class Within:
    """How long a school has from the first word of a recall."""

    acknowledge: timedelta
    report: timedelta


def within(orgs: Iterable[OrgUnit]) -> dict[int, Within]:
    """The local times of each unit, by its id; two queries for any number of them."""
    units = list(orgs)
    acknowledge, report = values_of(RECALL_ACKNOWLEDGE, units), values_of(RECALL_REPORT, units)
    return {
        unit.pk: Within(timedelta(minutes=int(acknowledge[unit.pk])), timedelta(minutes=int(report[unit.pk])))
        for unit in units
    }


def due_times(answers: Sequence[RecallAnswer]) -> dict[int, datetime | None]:
    """Until when each school's next step is due, by the answer's id; None when it owes nothing."""
    times = within(answer.org for answer in answers)
    return {answer.pk: _due(answer, times[answer.org_id]) for answer in answers}


def _due(answer: RecallAnswer, times: Within) -> datetime | None:
    recall = answer.recall
    begun = answer.notified_at or recall.launched_at
    if recall.state != State.OPEN or answer.answered_at is not None or begun is None:
        return None
    return begun + (times.report if answer.acknowledged_at else times.acknowledge)


def is_waiting(recall: Recall) -> bool:
    """Some school has not reported yet."""
    reported, asked = getattr(recall, "reported", None), getattr(recall, "asked", None)
    if reported is not None:
        return bool(reported < asked)
    return recall.answers.filter(answered_at__isnull=True).exists()


def state_word(recall: Recall) -> str:
    """Where it stands; a drill says first that it is one."""
    word = str(recall.get_state_display())
    return gettext("Drill · %(state)s") % {"state": word} if recall.is_drill else word


def board(recall: Recall, viewer: Viewer) -> dict[str, Any]:
    """Everything the board and the report show."""
    lots = list(recall.lots.select_related("org", "lot", "lot__product", "lot__supplier").order_by("org__path", "pk"))
    lines = _lines(recall, lots, viewer)
    preview = _preview(recall) if recall.state == State.PROPOSED else []
    return {
        "recall": recall, "lines": lines, "lots": lots, "preview": preview, "goods": goods(recall),
        "sentence": _sentence(recall, lines, preview), "figures": _figures(recall, lines, lots),
        "late_lots": _late_lots(recall, lots) if recall.state == State.OPEN else 0,
        "nobody_told": [line for line in lines if line.answer.notified_at is None],
        "times": drill_times(recall, lines), "is_preparer": viewer.account_id == recall.proposed_by_id,
        "can_launch": viewer.may("canteen.confirm_recall", recall.org.path), "places": instructions(Whereabouts(0, 0, 0)),
        "trace_url": trace_url(recall),
    }  # fmt: skip


def _lines(recall: Recall, lots: Sequence[RecallLot], viewer: Viewer) -> list[SchoolLine]:
    where = whereabouts_by_school(lots)
    counts: dict[int, int] = defaultdict(int)
    for lot in lots:
        counts[lot.org_id] += 1
    asked = recall.answers.select_related("org", "recall", "acknowledged_by", "answered_by").order_by("org__path")
    answers = list(asked)
    due = due_times(answers)
    phones = dict(
        SchoolFacts.objects.in_force(viewer.today)
        .filter(org__in=[answer.org_id for answer in answers])
        .values_list("org_id", "phone")
    )
    return [
        SchoolLine(
            answer,
            where[answer.org_id],
            phones.get(answer.org_id, ""),
            viewer.now,
            counts[answer.org_id],
            due[answer.pk],
        )
        for answer in answers
    ]


def _preview(recall: Recall) -> list[tuple[OrgUnit, list[Concerned], int]]:
    """Before the launch: which schools it would reach, with their lots and what is in store."""
    by_school: dict[int, list[Concerned]] = defaultdict(list)
    for one in concerned_lots(recall):
        by_school[one.lot.org_id].append(one)
    found = [(lots[0].lot.org, lots, sum(one.lot.on_hand_grams for one in lots)) for lots in by_school.values()]
    return sorted(found, key=lambda line: str(line[0].path))


def _late_lots(recall: Recall, lots: Sequence[RecallLot]) -> int:
    """How many lots were recorded since the launch that belong here."""
    known = {lot.lot_id for lot in lots}
    found = concerned_lots(recall)
    return len({one.lot.pk for one in found} - known)


def _sentence(recall: Recall, lines: Sequence[SchoolLine], preview: Sequence[Any]) -> str:
    """What an office says first when it is asked how things stand."""
    if recall.state == State.PROPOSED:
        return ngettext(
            "%(count)s school has these goods. Nothing is frozen yet: a second person has to launch it.",
            "%(count)s schools have these goods. Nothing is frozen yet: a second person has to launch it.",
            len(preview),
        ) % {"count": len(preview)}
    silent = [line for line in lines if line.answer.acknowledged_at is None]
    unreported = [line for line in lines if line.answer.answered_at is None]
    told = ngettext("%(count)s school told", "%(count)s schools told", len(lines)) % {"count": len(lines)}
    if recall.state == State.WITHDRAWN:
        return gettext("%(told)s; withdrawn, nothing is frozen any more.") % {"told": told}
    if not unreported:
        return gettext("%(told)s, all have reported what they found.") % {"told": told}
    if not silent:
        return gettext("%(told)s, all have acknowledged, %(count)s still to report what was found.") % {
            "told": told, "count": len(unreported),
        }  # fmt: skip
    return gettext("%(told)s, %(silent)s not acknowledged yet, %(count)s still to report what was found.") % {
        "told": told, "silent": len(silent), "count": len(unreported),
    }  # fmt: skip


def _figures(recall: Recall, lines: Sequence[SchoolLine], lots: Sequence[RecallLot]) -> list[dict[str, Any]]:
    if not lines:
        return []
    asked = len(lines)
    acknowledged = sum(1 for line in lines if line.answer.acknowledged_at)
    reported = sum(1 for line in lines if line.answer.answered_at)
    held = sum(lot.in_store_grams for lot in lots if lot.lifted_at is None)
    of = gettext("of %(count)s") % {"count": asked}
    late = "danger" if any(line.is_late for line in lines) else ""
    return [
        {"label": _("Have acknowledged"), "value": acknowledged, "note": of, "icon": "check", "tone": late, "url": "#schools"},
        {"label": _("Have reported"), "value": reported, "note": of, "icon": "scale", "url": "#schools"},
        {
            "label": _("Would be frozen in store") if recall.is_drill else _("Frozen in store"),
            "value": formats.weight(held), "icon": "lock", "url": "#lots",
        },
        {
            "label": _("Served before the launch"), "value": formats.weight(sum(lot.served_grams for lot in lots)),
            "icon": "bowl", "url": "#lots",
        },
    ]  # fmt: skip


def minutes(begun: datetime | None, done: datetime | None) -> int | None:
    """Whole minutes between two moments."""
    return None if begun is None or done is None else int((done - begun).total_seconds() // 60)


def trace_url(recall: Recall) -> str:
    """The trace that the recall is about."""
    asked = {"supplier": str(recall.supplier.public_id), "product": str(recall.product.public_id)}
    asked |= {"produced": recall.produced_on.isoformat()} if recall.produced_on else {}
    asked |= {"batch": recall.batch} if recall.batch else {}
    return f"{reverse('canteen:trace')}?{urlencode(asked)}"


def eaten(recall: Recall, viewer: Viewer) -> dict[str, Any]:
    """The meals of the goods within the recall's unit and who ate them, as the books say now."""
    trace = trace_goods(
        viewer, supplier=recall.supplier, product=recall.product, produced_on=recall.produced_on, batch=recall.batch,
        under_path=recall.org.path,
    )  # fmt: skip
    return {"trace": trace, "eaten": sentence(trace)}


def totals(lines: Sequence[SchoolLine]) -> list[int]:
    """The last line of the report: sums of what the books say and of what was found."""
    booked = ("received", "in_store", "issued_today", "served", "gone")
    found = ("store_grams", "kitchen_grams", "pot_grams", "served_grams")
    sums = [sum(getattr(line.where, name) for line in lines) for name in booked]
    return sums + [sum(getattr(line.answer, name) or 0 for line in lines) for name in found]


def drill_times(recall: Recall, lines: Sequence[SchoolLine]) -> list[tuple[Any, Any, int | None, int | None]]:
    """Minutes from the launch to each school's answers; a drill is measured by them."""
    if recall.launched_at is None:
        return []
    begun = recall.launched_at
    return [
        (line.org, line, minutes(begun, line.answer.acknowledged_at), minutes(begun, line.answer.answered_at))
        for line in lines
    ]


def story(recall: Recall) -> list[tuple[AuditEntry, str, str]]:
    """What happened, newest first: the office's deeds and the schools' answers."""
    answers = [str(pk) for pk in recall.answers.values_list("pk", flat=True)]
    own = AuditEntry.objects.filter(subject_kind="canteen.recall", subject_id=str(recall.public_id))
    theirs = AuditEntry.objects.filter(subject_kind="canteen.recallanswer", subject_id__in=answers)
    entries = sorted([*own[:50], *theirs[:200]], key=lambda entry: (entry.at, entry.pk), reverse=True)
    return [(entry, event_words(entry.event), who(entry)) for entry in entries[:100]]


def launched_sentence(recall: Recall) -> str:
    """What the second person reads after launching."""
    answers = list(recall.answers.all())
    told = sum(1 for answer in answers if answer.notified_at)
    frozen = formats.weight(sum(lot.in_store_grams for lot in recall.lots.all()))
    if recall.is_drill:
        return gettext("The drill runs: %(told)s schools told, the clock is ticking.") % {"told": told}
    return gettext("Frozen: %(weight)s in store. %(told)s of %(count)s schools told.") % {
        "weight": frozen, "told": told, "count": len(answers),
    }  # fmt: skip


def report_title(recall: Recall) -> str:
    """The title of the printed report."""
    title = gettext("Report of a stop-and-seal and trace")
    return gettext("%(title)s (drill)") % {"title": title} if recall.is_drill else title


def may_lift(row: RecallLot, viewer: Viewer) -> bool:
    """The office that launched it may free a lot that is still held."""
    held = row.lifted_at is None and row.recall.state in (State.OPEN, State.CLOSED) and not row.recall.is_drill
    return held and viewer.may("canteen.confirm_recall", row.recall.org.path)


def lot_state(row: RecallLot) -> Any:
    """Whether this recall holds the lot."""
    if row.lifted_at is not None:
        return _("Lifted")
    return _("Drill: not frozen") if row.recall.is_drill else _("Frozen")


# A school's own page ------------------------------------------------------------------------------------------


def stage_word(row: RecallAnswer) -> str:
    """How far the school has come, or how the recall ended; a drill says first that it is one."""
    word = str(_stage(row))
    return gettext("Drill · %(state)s") % {"state": word} if row.recall.is_drill else word


def _stage(row: RecallAnswer) -> Any:
    if row.recall.state in (State.WITHDRAWN, State.CLOSED):
        return row.recall.get_state_display()
    if row.answered_at:
        return _("Has reported")
    return _("Has acknowledged") if row.acknowledged_at else _("To acknowledge")


def stage_tone(row: RecallAnswer) -> str:
    """Red until somebody has read it, violet in a drill."""
    if row.recall.is_drill:
        return "drill"
    if row.recall.state in (State.WITHDRAWN, State.CLOSED):
        return "quiet"
    if row.answered_at:
        return "passed"
    return "soon" if row.acknowledged_at else "danger"


def notice_of(lot: Lot) -> RecallAnswer | None:
    """The school's notice about a frozen lot."""
    if lot.frozen_by_id is None:
        return None
    found: RecallAnswer | None = RecallAnswer.objects.filter(recall_id=lot.frozen_by_id, org_id=lot.org_id).first()
    return found


def todo(answer: RecallAnswer, viewer: Viewer) -> dict[str, Any]:
    """What a school does now."""
    recall = Recall.objects.select_related("org", "supplier", "product", "launched_by").get(pk=answer.recall_id)
    rows = recall.lots.filter(org_id=answer.org_id)
    lots = list(rows.select_related("lot", "lot__product", "lot__supplier", "recall"))
    where = whereabouts_by_school(lots)[answer.org_id]
    instead = substitutes_by_school(recall, [answer.org_id], viewer.today).get(answer.org_id, [])
    may_answer = viewer.may("canteen.answer_recall", answer.org.path) and recall.state == State.OPEN
    steps = instructions(where)
    due = due_times([answer])[answer.pk]
    return {
        "answer": answer, "recall": recall, "goods": goods(recall), "lots": lots, "steps": steps, "where": where,
        "substitute": substitute_sentence(recall.product, instead), "is_open": recall.state == State.OPEN,
        "due": due, "is_late": bool(due and due < viewer.now),
        "can_acknowledge": may_answer and answer.acknowledged_at is None,
        "can_report": may_answer and answer.acknowledged_at is not None and answer.answered_at is None,
        "found": [(step.title, getattr(answer, f"{step.place}_grams"), step.grams) for step in steps]
        if answer.answered_at else [],
        "found_total": sum(getattr(answer, name) or 0 for name in FOUND),
        "to_rule_out": any(lot.tier == "to_rule_out" for lot in lots),
        "all_lifted": bool(lots) and all(lot.lifted_at for lot in lots),
    }  # fmt: skip


def found_before(row: RecallAnswer, viewer: Viewer) -> dict[str, Any]:
    """An amendment starts from what was reported; a first report starts empty, so that it is weighed, not copied."""
    if row.answered_at is None:
        return {}
    return {name: getattr(row, name) for name in (*FOUND, "note")}


def found_sentence(answer: RecallAnswer) -> str:
    """What the school reads after reporting."""
    total = sum(getattr(answer, name) or 0 for name in FOUND)
    return gettext("Reported: %(weight)s found. You can amend it until the end.") % {"weight": formats.weight(total)}
