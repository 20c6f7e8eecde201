"""Values out of limits: to be confirmed or put right, standing, corrected entries."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers import telling
from houqin.flows.ledgers.actions.settling import answer_breach, confirm_breach
from houqin.flows.ledgers.definitions import definitions
from houqin.flows.ledgers.forms.breaches import AnswerForm, ConfirmForm
from houqin.flows.ledgers.models import Breach
from houqin.flows.ledgers.words import HIDDEN, language
from houqin.ui.masks import mask_name
from houqin.ui.nav import Family
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Block, Column, Day, Facts, Instant, Link, Look, Screen, Timeline

TONES = {Breach.State.PENDING: "soon", Breach.State.STANDS: "danger", Breach.State.CORRECTED: "quiet"}


def _choices() -> list[tuple[str, str]]:
    return [(one.code, one.title(language())) for one in definitions(timezone.localdate())]


def _title(row: Breach) -> str:
    return telling.title_of_ledger(row.ledger)


def _next(row: Breach, viewer: Viewer) -> dict[str, Any] | None:
    """The way to put a slip right, as long as that closes it."""
    may = viewer.may("ledgers.record", row.org.path) and row.state == Breach.State.PENDING
    return {"amend": reverse("ledgers:amend", args=[row.entry_id]), "until": row.settles_at} if may else None


def _to_answer(row: Breach, viewer: Viewer) -> bool:
    """Standing and not answered; who wrote it leaves that to others, unless they head the school."""
    is_other = row.account_id != viewer.account_id or viewer.may("ledgers.see_names", row.org.path)
    return row.state == Breach.State.STANDS and row.answered_at is None and is_other


class Entry(Column):
    """The way to an entry."""

    def html(self, row: Any, look: Look) -> str:
        """A link, when there is an entry to open."""
        ref = getattr(row, self.name)
        if ref is None:
            return super().html(row, look)
        return format_html(
            '<a href="{}">{}</a>', reverse("ledgers:entries-detail", args=[ref]), gettext("Open the entry")
        )

    def text(self, row: Any, look: Look) -> str:
        """What a spreadsheet holds: the public id."""
        return str(getattr(row, self.name) or "—")


class BreachScreen(Screen):
    """Values out of limits, newest first."""

    model = Breach
    slug = "breaches"
    title = _("Values out of limits")
    family = Family.SAFE
    icon = "alert-triangle"
    order = 62
    sort = "-found_at"
    columns = [
        Column("ledger", value=_title, sort=True, card="title"),
        Column("place", sort=True, card="fact"),
        Column("column", card="fact"),
        Column("value", card="fact"),
        Column("limit", card="fact"),
        Day("day", sort=True),
        Link("org", sort="org__path"),
        Badge("state", tones=TONES, sort=True),
    ]
    filters = {"ledger": df.ChoiceFilter(label=_("Ledger"), choices=_choices), "day": "range", "org": "choice"}
    search = ["place", "column", "value", "org__name", "remark"]
    views = {
        "pending": (_("To be confirmed"), Q(state=Breach.State.PENDING)),
        "unanswered": (_("Without an answer"), Q(state=Breach.State.STANDS, answered_at__isnull=True)),
        "stands": (_("Standing"), Q(state=Breach.State.STANDS)),
        "corrected": (_("Entry corrected"), Q(state=Breach.State.CORRECTED)),
    }
    empty = _("A value out of its limit waits here half an hour: put right by then it was a slip, else it stands.")
    actions = [
        Action(
            verb=confirm_breach, label=_("The value is right"), permission="ledgers.record", form=ConfirmForm, icon="check",
            shown=lambda row, viewer: row.state == Breach.State.PENDING,
            help=_("It stands at once. If it was a slip, open the entry and put it right instead."),
        ),
        Action(
            verb=answer_breach, label=_("Answer it"), permission="ledgers.record", form=AnswerForm, icon="message-check",
            shown=_to_answer,
            done=_("Answered: nobody is told of it any more."),
        ),
    ]  # fmt: skip
    panels = [
        Block("ledgers/breach_next.html", _next),
        Facts([
            Column("ledger", value=_title), "place", "column", "value", "limit", "source", "remark", Link("org"), Day("day"),
            Instant("found_at"), Column("account", _("Written by"), mask=mask_name, unmask="ledgers.see_names"), Instant("settles_at"),
            Instant("settled_at", _("Settled")), Entry("entry_id", _("Entry")), Entry("settled_by", _("Put right by")),
            Column("answer", _("What was answered")), Instant("answered_at", _("Answered already")), Column("answered_by", _("Who answered"), mask=mask_name, unmask="ledgers.see_names"),
        ]),
        Timeline(),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """Those of the schools whose ledgers the viewer may read."""
        rows: QuerySet[Any] = Breach.objects.visible_to(viewer)
        return rows

    @classmethod
    def name_of(cls, row: Any, look: Look) -> str:
        """The ledger and the value."""
        value = "" if row.value == HIDDEN else f" {row.value}"
        return f"{_title(row)} · {row.column}{value}"


@page(permission="ledgers.view")
def to_answer(request: HttpRequest, number: int) -> HttpResponse:
    """From the duty to answer a value to the page of the value."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = Breach.objects.get_visible(viewer, pk=number)
    return HttpResponseRedirect(reverse("ledgers:breaches-detail", args=[row.public_id]))


urlpatterns = [path("breaches/answer/<int:number>/", to_answer, name="to-answer"), *BreachScreen.urls()]
