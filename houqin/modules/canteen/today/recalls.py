"""What recalls ask of people today."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Recall, RecallAnswer
from houqin.modules.canteen.queries.boards import Within, due_times, within
from houqin.modules.canteen.recall_words import goods, headline
from houqin.ui.today import Bucket, TodayRow, source

CONFIRM, ANSWER = "canteen.confirm_recall", "canteen.answer_recall"
LAUNCH_WITHIN = timedelta(minutes=30)
DONE_KEPT = timedelta(hours=18)


def _icon(recall: Recall) -> str:
    return "school" if recall.is_drill else "hand-stop"


@source
def second_person(viewer: Viewer) -> Iterator[TodayRow]:
    """Recalls that wait for somebody else than the one who prepared them."""
    if not viewer.may_anywhere(CONFIRM):
        return
    waiting = Recall.objects.visible_to(viewer, CONFIRM).filter(state=Recall.State.PROPOSED)
    for recall in waiting.exclude(proposed_by_id=viewer.account_id).select_related("org", "supplier", "product"):
        yield TodayRow(
            what=headline(recall, gettext("Second person needed: %(goods)s") % {"goods": goods(recall)}),
            where=recall.org.name, until=recall.proposed_at + LAUNCH_WITHIN, icon=_icon(recall),
            url=reverse("canteen:recalls-detail", args=[recall.public_id]), button=_("Look and launch"),
        )  # fmt: skip


@source
def own_notices(viewer: Viewer) -> Iterator[TodayRow]:
    """What a school has to acknowledge or to report."""
    if not viewer.may_anywhere(ANSWER):
        return
    mine = RecallAnswer.objects.visible_to(viewer, ANSWER).select_related(
        "org", "recall", "recall__supplier", "recall__product"
    )
    waiting = list(mine.filter(recall__state=Recall.State.OPEN, answered_at__isnull=True))
    due = due_times(waiting)
    for answer in waiting:
        knows = answer.acknowledged_at is not None
        told = gettext("Report what you found: %(goods)s") if knows else gettext("Stop and seal: %(goods)s")
        yield TodayRow(
            what=headline(answer.recall, told % {"goods": answer.recall.product}),
            where=f"{answer.org.name} · {answer.recall.supplier}",
            until=due[answer.pk], icon=_icon(answer.recall), button=_("Report it") if knows else _("Read and acknowledge"),
            url=reverse("canteen:recall-notices-report-found" if knows else "canteen:recall-notices-detail", args=[answer.pk]),
        )  # fmt: skip
    done = mine.filter(answered_at__gt=viewer.now - DONE_KEPT).count()
    if done:
        yield TodayRow(what=_("Recalls answered"), bucket=Bucket.DONE, count=done)


@source
def silent_schools(viewer: Viewer) -> Iterator[TodayRow]:
    """Recalls under way for which an office still waits for schools."""
    if not viewer.may_anywhere(CONFIRM):
        return
    silent = Count("answers", filter=Q(answers__acknowledged_at__isnull=True))
    unreported = Count("answers", filter=Q(answers__answered_at__isnull=True))
    rows = Recall.objects.visible_to(viewer, CONFIRM).filter(state=Recall.State.OPEN)
    under_way = list(
        rows.select_related("org", "supplier", "product")
        .annotate(silent=silent, unreported=unreported, asked=Count("answers"), told=Min("answers__notified_at"))
        .order_by("launched_at")
    )
    times = within(recall.org for recall in under_way)
    for recall in under_way:
        yield _office_row(recall, times[recall.org_id])


def _office_row(recall: Recall, times: Within) -> TodayRow:
    url = reverse("canteen:recalls-detail", args=[recall.public_id])
    silent, unreported, asked = recall.silent, recall.unreported, recall.asked  # type: ignore[attr-defined]
    begun: datetime = recall.told or recall.launched_at or recall.proposed_at  # type: ignore[attr-defined]
    until: datetime | None = None
    where = f"{recall.org.name} · {goods(recall)}"
    if silent:
        told = ngettext(
            "%(count)s of %(asked)s schools has not acknowledged", "%(count)s of %(asked)s schools have not acknowledged", silent
        ) % {"count": silent, "asked": asked}  # fmt: skip
        until, button = begun + times.acknowledge, _("Ask after them")
    elif unreported:
        told = ngettext(
            "%(count)s of %(asked)s schools has not reported", "%(count)s of %(asked)s schools have not reported", unreported
        ) % {"count": unreported, "asked": asked}  # fmt: skip
        until, button = begun + times.report, _("Ask after them")
    else:
        told = gettext("All %(asked)s schools have reported: write the report") % {"asked": asked}
        button = _("Close with a report")
    return TodayRow(what=headline(recall, told), where=where, until=until, url=url, button=button, icon=_icon(recall))
