"""What ends when, by kind and month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.boards import Figures, ends_board, listing
from houqin.ui import nav
from houqin.ui.focus import focus_of, home_of
from houqin.ui.nav import Family
from houqin.ui.pages import page

TITLE = _("Credentials: what ends when")


@page(permission="credentials.view", may_lag=True)
def board(request: HttpRequest) -> HttpResponse:
    """The board of the unit looked at."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    unit = focus_of(request).org
    found = ends_board(viewer, unit)
    counts = found.figures
    shown = [
        (_("Ended, not renewed"), counts.ended, listing(view="expired"), "danger" if counts.ended else ""),
        (_("End within 60 days"), counts.soon, listing(view="ending"), "soon" if counts.soon else ""),
        (_("Not verified yet"), counts.unverified, listing(view="unverified"), ""),
        (_("In force or due"), counts.standing, listing(), ""),
    ]
    context = {
        "title": TITLE, "unit": unit or home_of(request), "columns": found.columns, "rows": found.rows, "figures": shown,
        "sentence": _sentence(counts),
    }  # fmt: skip
    return render(request, "credentials/board.html", context)


def _sentence(counts: Figures) -> str:
    if not counts.standing:
        return gettext("No credential is recorded yet.")
    if not counts.ended and not counts.soon:
        return gettext("Nothing has ended, and nothing ends within 60 days.")
    ended = ngettext("%(count)s has ended and is not renewed", "%(count)s have ended and are not renewed", counts.ended)
    soon = ngettext("%(count)s more ends within 60 days", "%(count)s more end within 60 days", counts.soon)
    return gettext("%(ended)s, %(soon)s.") % {
        "ended": ended % {"count": counts.ended}, "soon": soon % {"count": counts.soon},
    }  # fmt: skip


nav.register(
    nav.NavItem(
        family=Family.STANDARD, title=TITLE, url_name="credentials:board", permission="credentials.view",
        icon="calendar-time", order=28,
    )
)  # fmt: skip
urlpatterns = [path("board/", board, name="board")]
