"""The trail, the catalogues and the state of background jobs."""

from typing import Any

import django_filters as df
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.viewer import Viewer
from houqin.modules.console.queries.jobs import job_board
from houqin.modules.console.trail_words import CHANNELS, lines_of
from houqin.ui import nav
from houqin.ui.deeds import event_words, who
from houqin.ui.pages import page
from houqin.ui.screens import Block, Column, Day, Facts, Family, Instant, Look, Screen


def about(row: AuditEntry) -> str:
    """What the deed was about; a notice is named by its title."""
    return row.subject_label or str(row.detail.get("title", ""))


def details(row: AuditEntry, viewer: Viewer) -> dict[str, Any] | None:
    """The entry's details in words, if there are any."""
    lines = list(lines_of(row.detail))
    return {"lines": lines} if lines else None


class AuditScreen(Screen):
    """Who did what, when and through which door. Nothing here can be changed."""

    model = AuditEntry
    slug = "trail"
    title = _("Audit trail")
    family = Family.GOVERN
    icon = "history"
    order = 60
    sort = "-at"
    veiled = True
    columns = [
        Instant("at", sort=True, card="fact"),
        Column("event", card="title", value=lambda row: event_words(row.event)),
        Column("subject_label", card="fact", value=about),
        Column("org_name", sort="org_path"),
        Column("actor_name", sort=True, card="fact", value=who),
        Column("channel", value=lambda row: CHANNELS.get(row.channel, row.channel)),
    ]
    filters = {"at": "range", "channel": df.ChoiceFilter(label=_("Through"), choices=list(CHANNELS.items()))}
    search = ["actor_name", "subject_label", "org_name", "event"]
    panels = [Facts(columns), Block("console/trail_details.html", details)]
    empty = _("Nothing has been done yet.")

    @classmethod
    def name_of(cls, row: AuditEntry, look: Look) -> str:
        """The deed in words."""
        return event_words(row.event)


AREAS = {"foods": _("Foods")}


class CatalogueScreen(Screen):
    """Reviewed text with its source."""

    model = CatalogueItem
    slug = "catalogues"
    title = _("Catalogues")
    family = Family.GOVERN
    icon = "books"
    order = 70
    permission = "catalogues.view"
    columns = [
        Column("title_zh", sort=True, card="title"),
        Column("title_en", card="no"),
        Column("area", sort=True, card="fact", value=lambda row: AREAS.get(row.area, row.area)),
        Column("code", sort=True, card="no"),
        Column("source", card="fact"),
        Column("confidence", card="no"),
        Day("effective_from"),
        Day("effective_to"),
    ]
    filters = {"area": df.ChoiceFilter(label=_("Catalogue"), choices=list(AREAS.items())), "confidence": "choice"}
    search = ["title_zh", "title_en", "code", "source"]


@page(permission="console.view_jobs")
def jobs(request: HttpRequest) -> HttpResponse:
    """What runs in the background, what waits and what failed."""
    return render(request, "console/jobs.html", {"board": job_board()})


nav.register(
    nav.NavItem(
        family=Family.GOVERN, title=_("Background jobs"), url_name="console:jobs", permission="console.view_jobs",
        icon="settings-automation", order=80,
    )
)  # fmt: skip
urlpatterns = [*AuditScreen.urls(), *CatalogueScreen.urls(), path("jobs/", jobs, name="jobs")]
