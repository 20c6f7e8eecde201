"""A school says that it knows, and how much it found where."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, verb
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Recall, RecallAnswer

FOUND = ("store_grams", "kitchen_grams", "pot_grams", "served_grams")


@verb
def acknowledge_recall(answer: RecallAnswer, *, by: Viewer) -> RecallAnswer:
    """Say for the school that the notice has been read and its goods are being stopped."""
    answer = _open(answer, by)
    if answer.acknowledged_at is not None:
        raise Refused(
            _("%(name)s has acknowledged this for the school already. Report now what was found.")
            % {"name": answer.acknowledged_by}
        )
    _acknowledge(answer, by)
    answer.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record("canteen.recall_acknowledged", answer, by=by, org=answer.org, recall=answer.recall.number)
    return answer


@verb
def report_found(
    answer: RecallAnswer,
    *,
    by: Viewer,
    store_grams: int,
    kitchen_grams: int,
    pot_grams: int,
    served_grams: int,
    note: str = "",
) -> RecallAnswer:
    """Report how much was found in store, handed out, in the pot and served. A second report amends the first."""
    answer = _open(answer, by)
    found = dict(zip(FOUND, (store_grams, kitchen_grams, pot_grams, served_grams), strict=True))
    for name, grams in found.items():
        if grams < 0:
            raise Refused(_("A weight cannot be negative. Write 0 where nothing was found."), field=name)
    before = {name: getattr(answer, name) for name in FOUND}
    amends = answer.answered_at is not None
    if amends and before == found and answer.note == note:
        raise Refused(_("This is what the school has reported already. Nothing was changed."))
    if answer.acknowledged_at is None:
        _acknowledge(answer, by)
    for name, grams in found.items():
        setattr(answer, name, grams)
    answer.note, answer.answered_at, answer.answered_by_id = note, by.now, by.account_id
    answer.save()
    event = "canteen.recall_found_amended" if amends else "canteen.recall_found"
    record(event, answer, by=by, org=answer.org, recall=answer.recall.number, **found, note=note, before=before)
    return answer


def _open(answer: RecallAnswer, by: Viewer) -> RecallAnswer:
    """The answer as it is now, of a recall that is under way."""
    rows = RecallAnswer.objects.select_for_update(of=("self",))
    held: RecallAnswer = rows.select_related("org", "recall", "recall__org", "acknowledged_by").get(pk=answer.pk)
    require(by, "canteen.answer_recall", at=held.org)
    if by.account_id is None:
        raise Refused(_("A school's answer is signed by a person. Name the account."))
    if held.recall.state == Recall.State.WITHDRAWN:
        raise Refused(_("This recall was withdrawn: nothing more is to be done. The goods may be used."))
    if held.recall.state != Recall.State.OPEN:
        raise Refused(_("This recall is closed. Tell %(unit)s what has to be put right.") % {"unit": held.recall.org})
    return held


def _acknowledge(answer: RecallAnswer, by: Viewer) -> None:
    answer.acknowledged_at, answer.acknowledged_by_id = by.now, by.account_id
