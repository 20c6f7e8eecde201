"""Parts of detail pages that only the canteen has."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.queries import boards
from houqin.ui.screens import Panel
from houqin.ui.screens.look import Look
from houqin.ui.screens.panels import Drawn


class RecallStory(Panel):
    """The story of a recall with what its schools did."""

    def draw(self, row: Any, look: Look) -> Drawn | None:
        return Drawn("ui/panels/timeline.html", {"title": _("What happened"), "story": boards.story(row)})
