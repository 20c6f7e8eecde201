"""The texts of letters: written once, renewed each year."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.letters import forms, queries
from houqin.flows.letters.actions import issuing, writing
from houqin.flows.letters.models import Letter, LetterState, Pattern
from houqin.ui.screens import Action, Badge, Block, Column, Facts, Instant, Link, Number, Screen, Timeline


def issue(pattern: Pattern, *, by: Viewer, until: date) -> list[Letter]:
    """Issue the text on the page from the unit that wrote it."""
    return issuing.issue_letters(by=by, pattern=pattern, org=pattern.org, until=until)


def write(*, by: Viewer, org: OrgUnit, **asked: Any) -> Pattern:
    """Write a text for the unit that was chosen."""
    return writing.write_pattern(org, by=by, **asked)


def again(row: Pattern, viewer: Viewer) -> dict[str, Any]:
    """Next year's text begins as this year's."""
    parts = ("business", "safety", "integrity", "targets", "basis")
    return {"year": row.year + 1} | {name: getattr(row, name) for name in parts}


class PatternScreen(Screen):
    """What letters ask."""

    model = Pattern
    slug = "texts"
    title = _("Texts of letters")
    family = None
    icon = "file-text"
    sort = "-year"
    columns = [
        Column("title", sort=True, card="title"),
        Number("year", sort=True, grouped=False, card="fact"),
        Link("org", sort="org__path", card="fact"),
        Column("unit_kind", _("For whom"), value=lambda row: row.whom, card="fact"),
        Number("issued", _("Letters")),
        Number("signed", _("Signed already")),
        Badge(
            "ended_at", _("State"), value=lambda row: pgettext_lazy("state", "Ended") if row.ended_at else _("In use"),
            tone=lambda row: "quiet" if row.ended_at else "plain",
        ),
    ]  # fmt: skip
    filters = {"org": "choice", "year": "range"}
    search = ["title", "org__name"]
    views = {"use": (_("In use"), Q(ended_at__isnull=True))}
    panels = [
        Facts([Link("org"), "year", Column("unit_kind", _("For whom"), value=lambda row: row.whom), "basis", Link("renews"), Instant("set_at", _("Written on")), "account"], sparse=True),
        Block("letters/text.html", lambda row, viewer: {"text": row}),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=issue, label=_("Issue letters"), permission="letters.issue", form=forms.DueForm, icon="send",
            shown=lambda row, viewer: not row.ended_at,
            done=lambda made: _("%(count)s letters issued.") % {"count": len(made)},
        ),
        Action(
            verb=writing.renew_pattern, label=_("Renew for another year"), permission="letters.issue",
            form=forms.AsksForm, icon="refresh", initial=again,
            done=_("Renewed. Issue it next: letters of the year before stay as they were signed."),
        ),
        Action(
            verb=writing.end_pattern, label=_("End"), permission="letters.issue", form=forms.ReasonForm, icon="ban",
            shown=lambda row, viewer: not row.ended_at, danger=True, done=_("Ended. Letters that were issued stay."),
        ),
    ]  # fmt: skip
    create = Action(
        verb=write, icon="plus",
        label=_("Write a text"), permission="letters.issue", form=forms.NewPatternForm,
        initial=lambda row, viewer: {"year": viewer.today.year}, done=_("Written. Issue it next."),
    )  # fmt: skip
    empty = _("No text yet. Write what the heads of units or the holders of a post answer for, then issue it.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """With how many letters were issued and signed within reach."""
        mine = Letter.objects.visible_to(viewer).standing().values("pk")
        rows = queries.with_whom(super().get_queryset(viewer), viewer.today)
        found: QuerySet[Any] = rows.annotate(
            issued=Count("letters", filter=Q(letters__in=mine)),
            signed=Count("letters", filter=Q(letters__in=mine, letters__state=LetterState.SIGNED)),
        )
        return found


urlpatterns = [*PatternScreen.urls()]
