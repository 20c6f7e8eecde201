"""The detail page: name, state, place in the tree, the next step, facts, story and related rows."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from houqin.core.scope.viewer import Viewer
from houqin.ui.focus import chain
from houqin.ui.screens.acting import find_row
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.labelling import LabelPanel
from houqin.ui.screens.look import follow
from houqin.ui.screens.reveal import can_reveal, look_of, note_revealed


def detail_page(screen: Declared, request: HttpRequest, ref: Any) -> HttpResponse:
    """One row with all that can be known and done about it."""
    look = look_of(request)
    viewer: Viewer = look.viewer
    row = find_row(screen, ref, viewer)
    panels = list(screen.get_panels(row, viewer))
    if screen.labelled:
        panels.insert(1, LabelPanel(screen))
    drawn = [panel.draw(row, look) for panel in panels]
    state = screen.state_column()
    buttons = screen.buttons(row, viewer)
    first = buttons[0] if buttons and not (buttons[0].action.danger or buttons[0].action.aside) else None
    context = {
        "screen": screen,
        "row": row,
        "title": screen.name_of(row, look),
        "list_url": screen.url(),
        "state": state.html(row, look) if state else "",
        "chain": chain(follow(row, type(row).SCOPE_PATH) or "", viewer),
        "primary": first,
        "others": buttons[1:] if first else buttons,
        "panels": [panel for panel in drawn if panel is not None],
        "key": uuid4,
        "full": look.full,
        "can_reveal": can_reveal(screen, look, panels),
    }
    note_revealed(screen, look, request, row=row, count=1)
    return render(request, "ui/print_detail.html" if request.GET.get("print") else "ui/detail.html", context)
