"""The trail, the catalogues and the state of background jobs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.models import AuditEntry
from houqin.core.audit.trail import EVENT_TITLES
from houqin.core.catalogues.models import CatalogueItem
from houqin.modules.console.queries import job_board
from houqin.ui import nav
from houqin.ui.pages import page
from houqin.ui.screens import Badge, Column, Day, Facts, Family, Instant, Screen


class AuditScreen(Screen):
    """Who did what, when and through which door. Nothing here can be changed."""

    model = AuditEntry
    slug = "trail"
    title = _("Audit trail")
    family = Family.GOVERN
    icon = "history"
    order = 60
    sort = "-at"
    columns = [
        Instant("at", sort=True, card="fact"),
        Column("event", card="title", value=lambda row: EVENT_TITLES.get(row.event, row.event)),
        Column("subject_label", card="fact"),
        Column("org_name", sort="org_path"),
        Column("actor_name", sort=True, card="fact"),
        Column("channel"),
    ]
    filters = {"at": "range", "channel": "text"}
    search = ["actor_name", "subject_label", "org_name", "event"]
    panels = [
        Facts(
            [
                Instant("at"),
                Column("event", value=lambda row: EVENT_TITLES.get(row.event, row.event)),
                "subject_label",
                "org_name",
                "actor_name",
                "channel",
            ]
        ),
        Facts(
            [
                Column(
                    "detail",
                    value=lambda row: "；".join(f"{key}: {value}" for key, value in row.detail.items()),
                )
            ],
            title=_("Details"),
        ),
    ]
    empty = _("Nothing has been done yet.")


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
        Column("title_en"),
        Column("area", sort=True, card="fact"),
        Column("code", sort=True),
        Column("source", card="fact"),
        Badge("confidence"),
        Day("effective_from"),
        Day("effective_to"),
    ]
    filters = {"area": "text", "confidence": "choice"}
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
