"""Hints: what a person of the office should look at, with what was compared. Nobody is accused by it."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.modules.inspections.actions.reporting import dismiss_flag
from houqin.modules.inspections.models import Flag
from houqin.modules.inspections.report_forms import AnswerForm
from houqin.ui.screens import Action, Block, Column, Facts, Family, Instant, Link, Screen, Timeline


def explained(row: Flag) -> str:
    """What was compared with what, and what else may explain it."""
    facts: dict[str, Any] = row.facts
    if row.kind == Flag.Kind.STRICTNESS:
        return gettext(
            "%(inspector)s found %(failed)s of %(items)s items not in order on %(visits)s visits within a year; from what others of the office saw at schools of the same kinds, about %(expected)s were to be expected. The schools may differ: look at the visits first."
        ) % (facts | {"inspector": row.inspector})
    if row.kind == Flag.Kind.PERFECT:
        return (
            gettext(
                "The self-check of %(check)s had full marks; the visit of %(visit)s found %(failed)s items not in order, %(red)s of them red lines. Things may have happened in between: ask the school how it checks."
            )
            % facts
        )
    if facts.get("same"):
        return (
            gettext(
                "The photo of what was put right looks like the photo of how it was found (%(day)s, %(bits)s of 64 bits differ). It may be the same place from the same side: look at both."
            )
            % facts
        )
    return (
        gettext(
            "The photo looks like one of %(day)s, %(what)s (%(bits)s of 64 bits differ). Two places may look alike: look at both."
        )
        % facts
    )


class FlagScreen(Screen):
    """Hints that nobody has looked at yet, and what came of the others."""

    model = Flag
    slug = "hints"
    title = _("Hints to look at")
    family = Family.SAFE
    icon = "eye-search"
    order = 16
    columns = [
        Column("kind", sort=True, card="title"),
        Link("org", sort="org__path", card="fact"),
        Column("explanation", _("What was compared"), value=explained, related=["inspector"], card="fact"),
        Instant("flagged_at", sort=True, card="no"),
        Column("reason", card="no"),
    ]
    filters = {"kind": "choice", "org": "choice", "flagged_at": "range"}
    search = ["org__name", "reason"]
    views = {
        "new": (_("To be looked at"), Q(dismissed_at__isnull=True)),
        "done": (_("Looked at"), Q(dismissed_at__isnull=False)),
    }
    opens_on = "new"
    panels = [
        Block("inspections/flag.html", lambda row, viewer: {"words": explained(row)}),
        Facts([Column("kind"), Link("org"), Instant("flagged_at"), Instant("dismissed_at"), "dismissed_by", "reason"]),
        Timeline(),
    ]
    actions = [
        Action(
            verb=dismiss_flag, name="dismiss", label=_("Looked at"), permission="inspections.plan", icon="check",
            form=AnswerForm, shown=lambda row, viewer: row.dismissed_at is None,
        )
    ]  # fmt: skip
    empty = _(
        "Nothing stands out. Houqin compares each night what inspectors saw at like schools, self-checks with later visits, and photos with earlier ones."
    )


urlpatterns = [*FlagScreen.urls()]
