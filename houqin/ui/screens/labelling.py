"""Labels of a screen's rows: on the row's page, on sheets for all that is ticked, and the way back from a scan."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.ui import labels
from houqin.ui.screens.bulk import picked_refs
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.look import Look
from houqin.ui.screens.panels import Drawn, Panel


def announce(screen: Declared) -> None:
    """Let scanned codes find the screen's rows."""

    @labels.resolver(f"{screen.namespace}:{screen.slug}")
    def page_of(viewer: Viewer, code: str) -> str:
        row = screen.rows_for(viewer).filter(label_code=code).first()
        return screen.row_url(row) if row is not None else ""


def label_sheet(screen: Declared, request: HttpRequest) -> HttpResponse:
    """The labels of the rows that are ticked."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = list(screen.with_joins(screen.rows_for(viewer)).filter(public_id__in=picked_refs(screen, request)))
    if not rows:
        raise Refused(_("Nothing is ticked. Go back to the list and tick what needs a label."))
    look = Look(viewer)
    made = [screen.get_label(row, look) for row in rows]
    return labels.sheet(request, made, title=_("Labels: %(what)s") % {"what": screen.title})


class LabelPanel(Panel):
    """The row's label: QR code, written code, and where it is printed."""

    def __init__(self, screen: Declared) -> None:
        self.screen = screen

    def draw(self, row: Any, look: Look) -> Drawn:
        address = f"{self.screen.url('labels')}?pick={self.screen.ref(row)}"
        return Drawn("ui/panels/label.html", {"label": self.screen.get_label(row, look), "print_url": address})
