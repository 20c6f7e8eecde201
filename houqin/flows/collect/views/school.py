"""填表: what schools are asked, and their answers; the same pages serve the office that looks at one of them."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect import actions as deeds
from houqin.flows.collect import forms
from houqin.flows.collect.models import ANSWERED, WAITING, Collection, Return
from houqin.flows.collect.queries.answers import answer_of
from houqin.flows.collect.states import return_tone, return_word
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Block, Column, Day, Family, Instant, Link, Screen, Timeline

ANSWER, SEND = "collect.answer", "collect.send"
State, OPEN = Return.State, Collection.State.OPEN


def _waits(row: Return, viewer: Viewer) -> bool:
    return row.state in WAITING and row.collection.state == OPEN


def _asker(row: Return, viewer: Viewer) -> bool:
    return viewer.may(SEND, row.collection.org.path)


class ReturnScreen(Screen):
    """Tables that schools fill in."""

    model = Return
    slug = "returns"
    title = _("Tables to fill in")
    family = Family.GOVERN
    icon = "forms"
    order = 21
    sort = "-collection__sent_at"
    columns = [
        Column("collection__title", _("Title"), card="title", sort=True),
        Link("org", sort="org__path", card="fact"),
        Badge("stage", _("State"), value=return_word, tone=return_tone, related=["collection"]),
        Day("due_on", sort=True, card="fact"),
        Instant("answered_at", sort=True, card="no"),
        Column("answered_by", card="no"),
        Column("asked_by", _("Asking office"), value=lambda row: row.collection.org.name, card="no", related=["collection__org"]),
    ]  # fmt: skip
    filters = {"collection": "choice", "state": "choice", "org": "choice", "due_on": "range"}
    search = ["collection__title", "org__name"]
    views = {
        "waiting": (_("Not answered"), Q(state__in=WAITING, collection__state=OPEN)),
        "answered": (_("Answered"), Q(state__in=ANSWERED)),
        "time": (_("Asks for more time"), Q(more_state=Return.More.ASKED)),
    }
    empty = _(
        "No office has asked for a table. When one does, it stands here and on Today, filled in as far as is known."
    )
    panels = [Block("collect/answer_head.html", answer_of), Timeline()]
    actions = [
        Action(
            verb=deeds.answer_notice, name="answer", label=_("Fill in and send"), permission=ANSWER, icon="forms",
            form=forms.AnswerForm, template="collect/answer.html", offline=True, shown=_waits, on_list=True,
            done=lambda row: _("%(school)s has answered “%(title)s”.") % {"school": row.org, "title": row.collection.title},
        ),
        Action(
            verb=deeds.take_over, name="take", label=_("Take over"), permission=SEND, icon="check",
            shown=lambda row, viewer: row.state == State.SENT and _asker(row, viewer),
            done=lambda row: _("Taken over: %(school)s.") % {"school": row.org},
        ),
        Action(
            verb=deeds.acknowledge_notice, name="read", label=_("Read"), permission=ANSWER, icon="check", aside=True,
            shown=lambda row, viewer: row.state == State.NEW and _waits(row, viewer), done=_("Noted as read."),
        ),
        Action(
            verb=deeds.decide_time, name="time", label=_("Decide on more time"), permission=SEND, icon="clock",
            form=forms.DecideTimeForm, done=_("The school has been told."),
            shown=lambda row, viewer: row.more_state == Return.More.ASKED and _waits(row, viewer) and _asker(row, viewer),
        ),
        Action(
            verb=deeds.ask_for_time, name="more-time", label=_("Ask for more time"), permission=ANSWER, icon="clock",
            aside=True, form=forms.TimeForm, shown=_waits, done=_("Asked. The office decides and you are told."),
        ),
        Action(
            verb=deeds.withdraw_answer, name="withdraw", label=_("Take back"), permission=ANSWER, icon="arrow-back-up",
            aside=True, shown=lambda row, viewer: row.state == State.SENT and row.collection.state == OPEN,
            done=_("Taken back. Put it right and send it again."),
        ),
        Action(
            verb=deeds.send_back, name="back", label=_("Send back to be put right"), permission=SEND, icon="arrow-back-up",
            aside=True, form=forms.SendBackForm, done=_("Sent back. The school has been told what to put right."),
            shown=lambda row, viewer: row.state in ANSWERED and row.collection.state == OPEN and _asker(row, viewer),
        ),
    ]  # fmt: skip


@page(permission="collect.view")
def mine(request: HttpRequest, ref: UUID) -> HttpResponse:
    """From a notice to one's own school's table; who answers for several sees all of them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = list(Return.objects.visible_to(viewer).filter(collection__public_id=ref)[:2])
    if not rows:
        raise NotVisible
    if len(rows) == 1:
        return HttpResponseRedirect(ReturnScreen.row_url(rows[0]))
    return HttpResponseRedirect(f"{reverse('collect:returns')}?collection={rows[0].collection_id}")


urlpatterns = [path("mine/<uuid:ref>/", mine, name="mine"), *ReturnScreen.urls()]
