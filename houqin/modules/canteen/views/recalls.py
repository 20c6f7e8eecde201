"""Recalls as the office sees them: the list, the board, the deeds, the report."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen import recall_export
from houqin.modules.canteen.actions import recalls as deeds
from houqin.modules.canteen.forms import recalls as forms
from houqin.modules.canteen.models import Recall, RecallLot, Tier
from houqin.modules.canteen.panels import RecallStory
from houqin.modules.canteen.queries import boards, ledgers
from houqin.modules.canteen.queries.recalls import concerned_lots
from houqin.modules.canteen.recall_words import goods
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Block, Column, Family, Instant, Link, Rows, Screen, Weight
from houqin.ui.screens.actions import Button

State = Recall.State
TONES = {State.PROPOSED: "soon", State.OPEN: "danger", State.CLOSED: "quiet", State.WITHDRAWN: "quiet"}
STATE = Badge(
    "state", value=boards.state_word, tone=lambda row: "drill" if row.is_drill else TONES[State(row.state)]
)  # fmt: skip
TIER = Badge(
    "tier", tones={Tier.CERTAIN: "danger", Tier.POSSIBLE: "soon", Tier.TO_RULE_OUT: "info"}, card="no"
)  # fmt: skip
LIFTED = Badge(
    "lifted_at", _("State"), value=boards.lot_state,
    tone=lambda row: "quiet" if row.lifted_at else ("drill" if row.recall.is_drill else "danger"),
    related=["recall"],
)  # fmt: skip


def _launch_words(row: Recall) -> str:
    lots = concerned_lots(row)
    schools = len({one.lot.org_id for one in lots})
    if row.is_drill:
        return ngettext("Start the drill in %(count)s school", "Start the drill in %(count)s schools", schools) % {
            "count": schools
        }
    return ngettext("Freeze and tell %(count)s school", "Freeze and tell %(count)s schools", schools) % {
        "count": schools
    }


class RecallScreen(Screen):
    """停用封存与追溯排查."""

    model = Recall
    slug = "recalls"
    title = _("Recalls")
    family = Family.SAFE
    icon = "hand-stop"
    order = 5
    sort = "-proposed_at"
    columns = [
        Column("number", sort=True, card="title"),
        STATE,
        Column("goods", _("Goods"), value=goods, related=["supplier", "product"], card="fact"),
        Link("org", _("Unit"), sort="org__path"),
        Instant("launched_at", sort=True),
        Column("answers", _("Schools reported"), value=lambda row: f"{row.reported}/{row.asked}", card="fact"),
        Instant("closed_at", sort=True),
    ]
    filters = {"proposed_at": "range", "supplier": "choice", "product": "choice", "is_drill": "bool"}
    search = ["number", "supplier__name", "product__name", "batch", "reason"]
    views = {
        "open": (_("Under way"), Q(state__in=[State.PROPOSED, State.OPEN])),
        "ended": (_("Over"), Q(state__in=[State.CLOSED, State.WITHDRAWN])),
        "drills": (_("Drills"), Q(is_drill=True)),
    }
    empty = _("Recalls will stand here. They begin with a trace: name supplier, product and date or batch.")
    create = Action(
        verb=lambda *, by, org, **asked: deeds.propose_recall(org, by=by, **asked), name="new", label=_("Prepare a recall"),
        permission="canteen.propose_recall", form=forms.ProposeForm, icon="hand-stop",
        help=_("You prepare it; a second person looks at it and launches it. Nothing is frozen before."),
        done=_("Prepared. The second person has been told."),
    )  # fmt: skip
    actions = [
        Action(
            verb=deeds.launch_recall, label=_("Launch"), permission="canteen.confirm_recall", icon="hand-stop",
            irreversible=True, deed=_launch_words,
            shown=lambda row, viewer: row.state == State.PROPOSED and row.proposed_by_id != viewer.account_id,
            help=_("You are the second person. Compare supplier, product, date and batch with the label or the notice."),
            done=boards.launched_sentence,
        ),
        Action(
            verb=deeds.close_recall, label=_("Close with a report"), permission="canteen.confirm_recall",
            form=forms.CloseForm, icon="flag-check", shown=lambda row, viewer: row.state == State.OPEN,
            done=_("Closed. The schools have been told."),
        ),
        Action(
            verb=deeds.widen_recall, label=_("Look for lots recorded since"), permission="canteen.confirm_recall",
            icon="zoom-scan", shown=lambda row, viewer: row.state == State.OPEN,
            done=_("Lots recorded late were taken in, and their schools told."),
        ),
        Action(
            verb=deeds.withdraw_recall, label=_("Withdraw: it was a mistake"), permission="canteen.confirm_recall",
            form=forms.ReasonForm, icon="arrow-back-up", danger=True,
            shown=lambda row, viewer: row.state in (State.PROPOSED, State.OPEN),
            help=_("All its lots are free again, and everybody who was told is told so. The reason stays in the record."),
            done=_("Withdrawn. Everybody who was told has been told so."),
        ),
    ]  # fmt: skip
    panels = [
        Block("canteen/recall_board.html", boards.board),
        Rows(
            lambda row, viewer: row.lots.order_by("org__path", "lot"),
            [
                Link("lot", related=["lot__product"]), Link("org"), TIER, Weight("received_grams"), Weight("in_store_grams"),
                Weight("issued_today_grams"), Weight("served_grams"), Weight("gone_grams"), LIFTED,
            ],
            title=_("Lots concerned"), limit=100,
        ),
        RecallStory(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return ledgers.recalls(viewer)

    def buttons(self, row: Any, viewer: Viewer, *, on_list: bool = False) -> list[Button]:
        """Closing is the next step only when every school has reported."""
        found = super().buttons(row, viewer, on_list=on_list)
        if on_list or row.state != State.OPEN or not boards.is_waiting(row):
            return found
        return sorted(found, key=lambda button: button.action.verb is deeds.close_recall)


class RecallLotScreen(Screen):
    """Lots that recalls hold."""

    model = RecallLot
    slug = "recall-lots"
    title = _("Lots of recalls")
    permission = "canteen.trace"
    icon = "package-off"
    columns = [
        Link("lot", related=["lot__product"], card="title"),
        Column("recall", _("Recall"), card="fact"),
        Link("org", sort="org__path", card="fact"),
        TIER,
        Weight("received_grams"),
        Weight("in_store_grams"),
        LIFTED,
        Column("lifted_reason"),
    ]
    filters = {"org": "choice", "tier": "choice"}
    search = ["lot__product__name", "lot__batch", "recall__number"]
    views = {"held": (_("Held"), Q(lifted_at__isnull=True)), "lifted": (_("Lifted"), Q(lifted_at__isnull=False))}
    actions = [
        Action(
            verb=deeds.lift_freeze, label=_("Lift the freeze"), permission="canteen.view", form=forms.ReasonForm,
            icon="lock-open", shown=boards.may_lift,
            help=_("The lot is ruled out or was found to be good. The school is told that it may use it."),
            done=_("Lifted. The school has been told."),
        )
    ]  # fmt: skip


@page(permission="canteen.trace")
def report(request: HttpRequest, ref: Any) -> HttpResponse | FileResponse:
    """The report as an official form of A4, or as a spreadsheet."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    recall = boards.recall_of(viewer, ref)
    context = boards.board(recall, viewer) | {"recall": recall, "title": boards.report_title(recall)}
    context |= {"story": list(reversed(boards.story(recall))), "totals": boards.totals(context["lines"])}
    context |= boards.eaten(recall, viewer)
    if request.GET.get("format") == "xlsx":
        return recall_export.report_xlsx(recall, context)
    return render(request, "canteen/recall_report.html", context)


urlpatterns = [
    *RecallScreen.urls(),
    *RecallLotScreen.urls(),
    path("recalls/<uuid:ref>/report/", report, name="recalls-report"),
]
