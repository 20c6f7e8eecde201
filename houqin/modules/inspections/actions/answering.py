"""What was seen, item by item: from one phone or several, at once or in parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.actions import keep_photo
from houqin.core.files.pictures import Upload
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.models import Severity
from houqin.flows.seals.chaining import hold
from houqin.modules.inspections.actions.visiting import inspecting, locked
from houqin.modules.inspections.asked import THOUSAND, asked_of
from houqin.modules.inspections.items import Item
from houqin.modules.inspections.models import Answer, AnswerPhoto, Visit, VisitState
from houqin.modules.inspections.rules import outcome_of

titled({"inspections.answered": _("Items looked at")})
FIELDS = ("outcome", "level", "value_thousandths", "place", "remark", "on_the_spot", "answered_at", "account_id")


@dataclass(frozen=True)
class Given:
    """What was answered at an item, and when: ``outcome`` of a plain item, ``level`` of a graded, ``value`` of a measured one."""

    checklist: str
    item: str
    outcome: str = ""
    level: int | None = None
    value: int | None = None
    place: str = ""
    remark: str = ""
    on_the_spot: bool = False
    at: datetime | None = None
    photo: Upload | None = None


@verb
def answer_items(visit: Visit, *, by: Viewer, answers: Sequence[Given]) -> list[Answer]:
    """Write down what was seen. Of several answers to one item the one given last holds, whichever phone sent it first;
    the trail keeps both. The same answer sent again changes nothing."""
    hold(visit.org)  # before the visit, as whoever begins or signs it does
    row = locked(visit, by)
    inspector = inspecting(row, by)
    if row.state != VisitState.UNDERWAY:
        raise Refused(
            _("Answers are taken while the visit is under way: %(state)s.") % {"state": row.get_state_display()}
        )
    items = {(one.code, item.code): item for one in asked_of(row, by.today) for item in one.items}
    standing = {(one.checklist, one.item): one for one in row.answers.prefetch_related("photos")}
    made, others = [], []
    for given in answers:
        key = (given.checklist, given.item)
        if key not in items:
            raise Refused(_("This visit does not ask “%(item)s”.") % {"item": given.item})
        answer, disagreed = _taken(row, items[key], given, standing.get(key), by)
        if disagreed:
            others.append(disagreed)
        if answer.pk is None:
            standing[key] = answer
        made.append(answer)
    Answer.objects.bulk_create({id(one): one for one in made if one.pk is None}.values())
    for given, answer in zip(answers, made, strict=True):
        if given.photo is not None:
            _keep(answer, items[given.checklist, given.item], given.photo, inspector, row)
    record(
        "inspections.answered", row, by=by, org=row.org, count=len(made), **({"differing": others} if others else {})
    )
    return made


def _taken(
    row: Visit, item: Item, given: Given, before: Answer | None, by: Viewer
) -> tuple[Answer, dict[str, Any] | None]:
    """The answer that holds, and what the trail tells when two differ."""
    at = min(given.at or by.moment, by.now)
    held = _held(item, given, before) | {"answered_at": at, "account_id": by.account_id}
    if before is None:
        return Answer(visit=row, checklist=given.checklist, item=given.item, **held), None
    old = {name: getattr(before, name) for name in FIELDS}
    if all(old[name] == held[name] for name in FIELDS[:-2]) or (at, by.account_id) == (
        before.answered_at,
        before.account_id,
    ):
        return before, None
    if at >= before.answered_at:
        for name, value in held.items():
            setattr(before, name, value)
        if before.pk is not None:
            before.save(update_fields=[name.removesuffix("_id") for name in FIELDS])
    one, other = (held, old) if at >= old["answered_at"] else (old, held)
    return before, {"item": f"{given.checklist}.{given.item}", "holds": one, "gave_way": other}


def _held(item: Item, given: Given, before: Answer | None) -> dict[str, Any]:
    """The answer as it is kept, or why it cannot be."""
    words = {"item": item.title(get_language() or "")}
    outcome = given.outcome
    if outcome == Answer.Outcome.NOT_APPLICABLE:
        if not item.may_not_apply:
            raise Refused(_("“%(item)s” applies everywhere. Look at it.") % words)
        return _columns(given, item, outcome)
    if item.kind == "graded":
        if given.level is None or not 0 <= given.level < item.levels:
            raise Refused(_("Give “%(item)s” a level.") % words)
        outcome = outcome_of(item, level=given.level)
    elif item.kind == "measured":
        if given.value is None:
            raise Refused(_("Type what was measured at “%(item)s”.") % words)
        outcome = outcome_of(item, value=Fraction(given.value, THOUSAND))
    elif outcome not in {Answer.Outcome.OK, Answer.Outcome.FAILED}:
        raise Refused(_("Say of “%(item)s” whether it is in order.") % words)
    asks = item.photo and (item.photo.when == "always" or outcome == Answer.Outcome.FAILED)
    has = given.photo is not None or (before is not None and before.pk is not None and bool(before.photos.all()))
    if asks and not has and not given.remark.strip():
        raise Refused(_("Take the photo of “%(item)s”, or write why there is none.") % words)
    return _columns(given, item, outcome)


def may_be_put_right_at_once(item: Item) -> bool:
    """立行立改 is for what is no serious hazard."""
    return item.severity < Severity.SERIOUS and not item.red_line


def _columns(given: Given, item: Item, outcome: str) -> dict[str, Any]:
    spot = given.on_the_spot and outcome == Answer.Outcome.FAILED and may_be_put_right_at_once(item)
    return {
        "outcome": outcome, "level": given.level, "value_thousandths": given.value, "place": given.place.strip()[:120],
        "remark": given.remark.strip()[:500], "on_the_spot": spot,
    }  # fmt: skip


def _keep(answer: Answer, item: Item, photo: Upload, inspector: Viewer, row: Visit) -> None:
    where = answer.place or item.zh
    file = keep_photo(
        row.org, by=inspector, upload=photo, permission="inspections.view", name=item.zh,
        stamp=f"{row.org.name} · {where}"[:120],
    )  # fmt: skip
    AnswerPhoto.objects.create(answer=answer, file=file)
