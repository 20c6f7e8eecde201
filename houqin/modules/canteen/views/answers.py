"""A recall as a school sees it: what to do now, one tap to acknowledge, then what was found."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.actions import recalls as deeds
from houqin.modules.canteen.forms import recalls as forms
from houqin.modules.canteen.models import Recall, RecallAnswer
from houqin.modules.canteen.queries import boards
from houqin.modules.canteen.recall_words import goods
from houqin.ui.screens import Action, Badge, Block, Column, Family, Instant, Link, Screen, Timeline

OPEN = Recall.State.OPEN


class NoticeScreen(Screen):
    """停用封存通知: what a school has been told to stop."""

    model = RecallAnswer
    slug = "recall-notices"
    title = _("Stop-and-seal notices")
    family = Family.SAFE
    icon = "alert-octagon"
    order = 6
    phone = True
    sort = "-recall__launched_at"
    columns = [
        Column("recall__number", _("Number"), sort=True, card="title"),
        Badge("stage", _("State"), value=boards.stage_word, tone=boards.stage_tone, related=["recall"]),
        Column(
            "goods", _("Goods"), value=lambda row: goods(row.recall), card="fact",
            related=["recall__supplier", "recall__product"],
        ),
        Link("org", sort="org__path"),
        Instant("notified_at", sort=True, card="no"),
        Instant("acknowledged_at", sort=True, card="no"),
        Instant("answered_at", sort=True, card="no"),
    ]  # fmt: skip
    filters = {"org": "choice", "recall__is_drill": "bool"}
    search = ["recall__number", "recall__product__name", "recall__supplier__name", "org__name"]
    views = {
        "waiting": (_("Waiting"), Q(recall__state=OPEN, answered_at__isnull=True)),
        "done": (_("Have reported"), Q(answered_at__isnull=False)),
    }
    empty = _("No goods are stopped. When an office stops a batch that your school has, it stands here at once.")
    panels = [Block("canteen/recall_todo.html", boards.todo), Timeline()]
    actions = [
        Action(
            verb=deeds.acknowledge_recall, label=_("Acknowledge"), permission="canteen.answer_recall", icon="check",
            shown=lambda row, viewer: row.acknowledged_at is None and row.recall.state == OPEN,
            deed=lambda row: _("I have read it and stop the goods"),
            done=_("Acknowledged. Now weigh what you find and report it."),
        ),
        Action(
            verb=deeds.report_found, label=_("Report what was found"), permission="canteen.answer_recall",
            form=forms.FoundForm, icon="scale", initial=boards.found_before,
            shown=lambda row, viewer: row.acknowledged_at is not None and row.recall.state == OPEN,
            help=_("Weigh it, kilogram by kilogram. Write 0 where nothing was found. You can amend it until the end."),
            done=boards.found_sentence,
        ),
    ]  # fmt: skip


urlpatterns = NoticeScreen.urls()
