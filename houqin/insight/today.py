"""The home of offices: below what waits for them, the units that need them."""

from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.insight.queries import overview
from houqin.ui.today import Panel, office_panel


@office_panel
def schools_below(viewer: Viewer) -> Panel | None:
    """For those whose reach begins at an office."""
    tops = viewer.paths_for("canteen.view")
    if not OrgUnit.objects.visible_to(viewer).filter(path__in=tops, kind__in=OFFICES).exists():
        return None
    board = overview(viewer)
    totals = {name: board.total(name) for name in ("schools", "recorded", "received_grams", "meals", "pending")}
    return Panel("insight/panel.html", {"board": board, "total": totals})
