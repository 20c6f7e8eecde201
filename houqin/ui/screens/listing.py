"""The list page: table on a desk, cards on a phone, the same columns and the same address for both."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OFFICES
from houqin.ui.focus import below, home_of
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.filters import chips
from houqin.ui.screens.look import Look
from houqin.ui.screens.reveal import can_reveal, look_of, note_revealed
from houqin.ui.screens.selection import Selection, select
from houqin.ui.screens.tabling import SIZES, cut, lines, table_of

MOST_PRINTED = 2000


def list_page(screen: Declared, request: HttpRequest) -> HttpResponse:
    """The whole page, or only its listing when the page itself asks."""
    selection, look = select(screen, request), look_of(request)
    table = table_of(screen, selection, request)
    if request.GET.get("print"):
        return _printed(screen, selection, table, look, request)
    cut(table, request)
    home = home_of(request)
    drawn = lines(screen, table, look, alone=home is not None and home.kind not in OFFICES)
    create, filters = _create(screen, look), chips(selection.filters)
    context = {
        "screen": screen,
        "table": table,
        "lines": drawn,
        "has_buttons": any(line.buttons for line in drawn),
        "bulk": _bulk(screen, look) if any(line.pick for line in drawn) else (),
        "page": table.page,
        "count": table.paginator.count,
        "is_cut": table.paginator.is_cut,
        "chips": filters,
        "selection": selection,
        "tabs": _tabs(screen, selection),
        "sizes": SIZES,
        "full": look.full,
        "can_reveal": can_reveal(screen, look),
        "create": create,
        "create_url": screen.url("new") if create else "",
        "title": screen.title,
        "list_url": screen.url(),
        "export_url": screen.url("export"),
        "anything": bool(selection.view or selection.text or any(chip.text for chip in filters)),
    }
    note_revealed(screen, look, request, row=None, count=len(drawn))
    partial = request.headers.get("HX-Target") == "listing" and not request.headers.get("HX-History-Restore-Request")
    response = render(request, "ui/bits/listing.html" if partial else "ui/list.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if partial:
        response["HX-Push-Url"] = tidy_address(request)
    return response


def tidy_address(request: HttpRequest) -> str:
    """The address without what says nothing, so that it can be kept and sent."""
    pairs = [(key, value) for key, values in request.GET.lists() for value in values if value]
    return f"{request.path}?{urlencode(pairs)}" if pairs else request.path


def _tabs(screen: Declared, selection: Selection) -> list[tuple[str, Any, bool]]:
    """Saved views, with "all" before them; none when there are none."""
    if not screen.views:
        return []
    named = [(name, label, selection.view == name) for name, (label, _condition) in screen.views.items()]
    return [(screen.whole, None, not selection.view), *named]


def _create(screen: Declared, look: Look) -> Any:
    made = screen.create
    return made if made is not None and look.viewer.may_anywhere(made.permission) else None


@dataclass(frozen=True)
class Offer:
    """Something that may be done with all rows ticked."""

    label: Any
    icon: str
    url: str
    danger: bool = False


def _bulk(screen: Declared, look: Look) -> list[Offer]:
    """The deeds on several rows, and their labels where they carry any."""
    offers = [
        Offer(action.label, action.icon, screen.url(action.many), action.danger)
        for action in screen.actions
        if action.bulk and look.viewer.may_anywhere(action.permission)
    ]
    return [*offers, Offer(_("Print labels"), "qrcode", screen.url("labels"))] if screen.labelled else offers


def _printed(screen: Declared, selection: Selection, table: Any, look: Look, request: HttpRequest) -> HttpResponse:
    """The list as an official-looking sheet of A4."""
    rows = list(table.data.data[: MOST_PRINTED + 1])
    body = [
        [(column.align or "text", column.text(row, look)) for column in screen.columns] for row in rows[:MOST_PRINTED]
    ]
    note_revealed(screen, look, request, row=None, count=len(body))
    context = {
        "screen": screen,
        "title": screen.title,
        "body": body,
        "cut_at": MOST_PRINTED if len(rows) > MOST_PRINTED else 0,
        "heads": [(column.label(screen.model), column.align or "text") for column in screen.columns],
        "unit": selection.focus.org or next(iter(below("", look.viewer, 1)), None),
        "chips": [chip for chip in chips(selection.filters) if chip.text],
    }
    return render(request, "ui/print.html", context)
