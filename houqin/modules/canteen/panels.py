"""Parts of detail pages that only the canteen has."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.queries import boards
from houqin.ui.screens import Panel, Timeline
from houqin.ui.screens.look import Look
from houqin.ui.screens.panels import Drawn


class Story(Timeline):
    """The story of a row that has one: what came in with a spreadsheet has none of its own."""

    def draw(self, row: Any, look: Look) -> Drawn | None:
        drawn = super().draw(row, look)
        return drawn if drawn and drawn.context["story"] else None


class RecallStory(Panel):
    """The story of a recall with what its schools did."""

    def draw(self, row: Any, look: Look) -> Drawn | None:
        return Drawn("ui/panels/timeline.html", {"title": _("What happened"), "story": boards.story(row)})
