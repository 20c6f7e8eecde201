"""Personal data in full: only on request, only where permitted, and every look is recorded."""

from collections.abc import Iterable

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled
from houqin.ui.focus import focus_of
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.look import Look
from houqin.ui.screens.panels import Panel, Rows

titled({"ui.personal_data_shown": _("Personal data shown")})


def look_of(request: HttpRequest) -> Look:
    """The viewer's look, uncovered when the address asks for it."""
    return Look(request.viewer, full=request.GET.get("full") == "1")  # type: ignore[attr-defined]


def can_reveal(screen: Declared, look: Look, panels: Iterable[Panel] = ()) -> bool:
    """Whether some covered column of the screen, or of these panels, could be shown in full to this viewer."""
    columns = [*screen.columns, *(one for panel in panels if isinstance(panel, Rows) for one in panel.columns)]
    return any(c.mask and c.unmask and look.viewer.may_anywhere(c.unmask) for c in columns)


def note_revealed(screen: Declared, look: Look, request: HttpRequest, *, row: Model | None, count: int) -> None:
    """Write down that personal data were shown in full: which columns, of how many rows, by which address."""
    if not look.revealed:
        return
    names = sorted(look.revealed)
    record(
        "ui.personal_data_shown", row, by=look.viewer, org=focus_of(request).org,
        screen=str(screen.slug), columns=names, count=count, query=request.GET.urlencode()[:400],
    )  # fmt: skip
