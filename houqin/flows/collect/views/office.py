"""收表: notices as an office sees them: written, out to schools, what they come to, taken home as a workbook."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from houqin.core.scope.viewer import Viewer
from houqin.flows.collect import actions as deeds
from houqin.flows.collect import forms
from houqin.flows.collect.models import Collection
from houqin.flows.collect.queries.progress import progress_of, returns_of
from houqin.flows.collect.sheets_out import in_template, workbook
from houqin.flows.collect.states import return_tone, return_word
from houqin.ui.keys import Outcome
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Block, Column, Day, Facts, Family, Instant, Link, Rows, Screen, Timeline
from houqin.ui.screens.acting import carry_out

SEND = "collect.send"
State = Collection.State


def _own(row: Collection, viewer: Viewer) -> bool:
    return viewer.may(SEND, row.org.path)


def head(row: Collection, viewer: Viewer) -> dict[str, Any]:
    """The notice, its table, and what can be done next."""
    chosen = row.chosen.count() if row.is_draft else 0
    return {"columns": row.columns.all(), "chosen": chosen, "may": _own(row, viewer)}


def board(row: Collection, viewer: Viewer) -> dict[str, Any] | None:
    """How far it is, for the schools within reach."""
    if row.is_draft:
        return None
    may = viewer.may_anywhere(SEND) and returns_of(row, viewer, SEND).exists()
    rows = f"{reverse('collect:returns')}?collection={row.pk}"
    return {"progress": progress_of(row, viewer), "may_remind": may and row.is_open, "rows_url": rows}


def _returns(row: Collection, viewer: Viewer) -> Any:
    return returns_of(row, viewer).order_by("answered_at", "org__path")


class CollectionScreen(Screen):
    """Tables that offices ask for."""

    model = Collection
    slug = "tables"
    title = _("Tables asked for")
    family = Family.GOVERN
    icon = "table-share"
    order = 20
    sort = "-made_at"
    columns = [
        Column("title", sort=True, card="title"),
        Link("org", sort="org__path", card="fact"),
        Badge("state", tones={State.DRAFT: "soon", State.OPEN: "info", State.CLOSED: "quiet"}),
        Instant("sent_at", sort=True, card="no"),
        Day("due_on", sort=True, card="fact"),
        Column("made_by", card="no"),
    ]
    filters = {"state": "choice", "org": "choice", "due_on": "range"}
    search = ["title", "text", "basis"]
    views = {
        "open": (_("Out to schools"), Q(state=State.OPEN)),
        "drafts": (_("Draft"), Q(state=State.DRAFT)),
        "closed": (_("Closed"), Q(state=State.CLOSED)),
    }
    empty = _(
        "Tables that your office asks of schools stand here, with what has come. What the system knows is filled in by it."
    )
    create = Action(
        verb=deeds.write_notice, name="new", label=_("Ask schools"), permission=SEND, form=forms.NoticeForm, icon="plus",
        template="collect/write.html", done=_("Written. Choose the schools now."),
        then=lambda row: reverse("collect:tables-schools", args=[row.public_id]),
        help=_("One line a column. Columns whose name the system knows (number of pupils, head of school …) are filled in by it."),
    )  # fmt: skip
    actions = [
        Action(
            verb=deeds.change_notice, name="change", label=_("Change words and columns"), permission=SEND, aside=True,
            form=forms.NoticeForm, icon="edit", initial=forms.as_written, template="collect/write.html",
            shown=lambda row, viewer: row.is_draft,
        ),
        Action(
            verb=deeds.take_all, name="take-all", label=_("Take over all that came"), permission=SEND, aside=True,
            icon="checks", shown=lambda row, viewer: not row.is_draft,
            done=lambda count: ngettext("%(count)s answer taken over.", "%(count)s answers taken over.", count)
            % {"count": count},
        ),
        Action(
            verb=deeds.keep_template, name="hand-in-template", label=_("Hand in your template"), permission=SEND, aside=True,
            form=forms.TemplateForm, icon="file-spreadsheet",
            help=_("An .xlsx whose header row names the columns of this table. Answers are written into it as it is."),
            done=_("Kept. The answers can be taken home in it."),
        ),
        Action(
            verb=deeds.copy_notice, name="copy", label=_("Copy for next time"), permission=SEND, aside=True,
            form=forms.CopyForm, icon="copy", initial=lambda row, viewer: {"title": row.title},
            shown=lambda row, viewer: not row.is_draft,
            done=_("Copied with its columns and schools. Look it through and send it."),
        ),
        Action(
            verb=deeds.close_notice, name="close", label=_("Close"), permission=SEND, aside=True, icon="lock",
            shown=lambda row, viewer: row.is_open, done=_("Closed. What has come stays."),
        ),
        Action(
            verb=deeds.reopen_notice, name="reopen", label=_("Open again"), permission=SEND, aside=True, icon="lock-open",
            shown=lambda row, viewer: row.state == State.CLOSED, done=_("Open again: schools can answer."),
        ),
        Action(
            verb=deeds.discard_notice, name="discard", label=_("Discard"), permission=SEND, aside=True, danger=True,
            irreversible=True, icon="trash", shown=lambda row, viewer: row.is_draft,
            deed=lambda row: _("Discard “%(title)s”") % {"title": row.title}, done=_("Discarded."),
            then=lambda row: reverse("collect:tables"),
        ),
    ]  # fmt: skip
    panels = [
        Block("collect/notice_head.html", head),
        Block("collect/progress.html", board),
        Rows(
            _returns,
            [
                Column("org", _("School"), value=lambda row: row.org.name),
                Badge("stage", _("State"), value=return_word, tone=return_tone, related=["collection"]),
                Day("due_on"), Instant("answered_at"), Column("late_because"),
            ],
            title=_("Schools"), limit=20, keep_empty=False,
            all_url=lambda row: f"{reverse('collect:returns')}?collection={row.pk}",
        ),
        Facts(["org", Column("made_by"), Instant("made_at"), Column("sent_by"), Instant("sent_at"), Link("copied_from")], sparse=True),
        Timeline(),
    ]  # fmt: skip


@page(permission=SEND)
@require_POST
def remind(request: HttpRequest, ref: UUID) -> HttpResponse:
    """催报: one button; a school is reminded once a day."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = Collection.objects.get_visible(viewer, public_id=ref)

    def run() -> Outcome:
        count = deeds.remind_schools(row, by=viewer)
        words = ngettext("%(count)s school reminded.", "%(count)s schools reminded.", count) % {"count": count}
        return CollectionScreen.row_url(row), words

    return carry_out(request, run) or HttpResponse(status=409)


@page(permission="collect.follow")
def sheet(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """The answers as a workbook, plain or in the office's template."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = Collection.objects.get_visible(viewer, public_id=ref)
    return in_template(row, viewer) if request.GET.get("template") else workbook(row, viewer)


urlpatterns = [
    path("tables/<uuid:ref>/remind/", remind, name="tables-remind"),
    path("tables/<uuid:ref>/sheet/", sheet, name="tables-sheet"),
    *CollectionScreen.urls(),
]
