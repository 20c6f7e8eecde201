"""The declared columns as a django-tables2 table: order and pages come from the address."""

from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from houqin.lib.numbers import whole
from houqin.ui.screens.actions import Button
from houqin.ui.screens.columns import Column
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.look import Look
from houqin.ui.screens.selection import Selection
from houqin.ui.screens.states import Badge

SIZES = (25, 50, 100)
EMPTY = "—"


@dataclass
class CardParts:
    """Which column stands where on a phone card."""

    title: Column
    state: Column | None
    facts: list[Column]


@dataclass
class Line:
    """One row of the page, ready to be drawn as a table row and as a card."""

    url: str
    cells: list[tuple[str, Any]]
    title: Any
    state: Any
    facts: list[tuple[str, Any]]
    buttons: list[Button]
    ref: Any
    pick: bool


def card_parts(screen: Declared, alone: bool) -> CardParts:
    """Title, state and two facts: as declared, else the first column, the first badge and what follows.

    Whoever sees one school only (``alone``) is not told on every card which school it is.
    """
    title = screen.title_column()
    owner = screen.model.SCOPE_PATH.rpartition("__")[0]  # type: ignore[attr-defined]
    columns = [c for c in screen.columns if not (alone and c.name == owner)]
    state = next((c for c in columns if isinstance(c, Badge) and c.card == "state" and c is not title), None)
    named = [column for column in columns if column.card == "fact"]
    rest = [c for c in columns if c is not title and c is not state and c.card not in {"no", "fact"}]
    return CardParts(title, state, [*named, *rest][: max(2, len(named))])


class _Cell(tables.Column):  # type: ignore[misc]
    """A table column that draws what the declared column of its name says."""

    empty_values = ()

    def __init__(self, column: Column, model: Any) -> None:
        fields = column.order_by
        super().__init__(
            accessor="pk",
            verbose_name=column.label(model),
            orderable=bool(fields),
            order_by=(*fields, "pk") if fields else None,
        )
        self.align = column.align or "text"

    def render(self, record: Any, bound_column: Any, table: Any) -> Any:
        return SafeString(table.declared[bound_column.name].html(record, table.look))


def table_of(screen: Declared, selection: Selection, look: Look, request: HttpRequest) -> tables.Table:
    """The table of the selected rows, ordered as the address asks, not yet cut into pages."""
    cells = {column.name: _Cell(column, screen.model) for column in screen.columns}
    table = type("ScreenTable", (tables.Table,), cells)(selection.rows, order_by_field="sort")
    table.declared = {column.name: column for column in screen.columns}
    table.look = look
    tables.RequestConfig(request, paginate=False).configure(table)
    return table


def cut(table: tables.Table, request: HttpRequest) -> None:
    """Cut the table into pages; an address beyond the last page shows the last."""
    asked = whole(request.GET.get("per", ""))
    size = asked if asked in SIZES else SIZES[0]
    table.paginate(page=1, per_page=size)
    table.page = table.paginator.get_page(request.GET.get("page"))


def lines(screen: Declared, table: tables.Table, look: Look, *, alone: bool = False) -> list[Line]:
    """The rows of the page with their cells, card parts and buttons; asks the database nothing."""
    parts = card_parts(screen, alone)
    found = []
    for bound in table.paginated_rows:
        row = bound.record
        html = {column.name: bound.get_cell(column.name) for column in screen.columns}
        url = screen.row_url(row)
        if url:
            html[parts.title.name] = _opening(url, html[parts.title.name])
        found.append(
            Line(
                url,
                [(column.align or "text", html[column.name]) for column in screen.columns],
                html[parts.title.name],
                html[parts.state.name] if parts.state else "",
                [
                    (column.label(screen.model), html[column.name])
                    for column in parts.facts
                    if str(html[column.name]) != EMPTY
                ],
                screen.buttons(row, look.viewer, on_list=True),
                screen.ref(row),
                screen.labelled or any(action.bulk and action.possible(row, look.viewer) for action in screen.actions),
            )
        )
    return found


def _opening(url: str, inner: Any) -> Any:
    """The title opens the row; a link of its own inside would be a link within a link, so it gives way."""
    plain = str(inner)
    if plain.startswith("<a "):
        plain = plain[plain.index(">") + 1 : -len("</a>")]
    return format_html('<a class="row-link" href="{}">{}</a>', url, SafeString(plain))
