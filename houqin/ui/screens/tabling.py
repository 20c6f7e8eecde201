"""The declared columns as a django-tables2 table: order and pages come from the address."""

from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from houqin.lib.numbers import whole
from houqin.ui.screens.actions import Button
from houqin.ui.screens.columns import Column
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.look import Look
from houqin.ui.screens.selection import Selection
from houqin.ui.screens.states import Badge

SIZES = (25, 50, 100)
MOST_COUNTED = 10_000
EMPTY = "—"
PICK = (
    '<label class="pick"><input type="checkbox" name="pick" value="{}" form="bulk" class="form-check-input" />'
    '<span class="visually-hidden">{} {}</span></label>'
)


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
    cells: SafeString
    title: Any
    state: Any
    facts: SafeString
    buttons: list[Button]
    pick: SafeString


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


class _Head(tables.Column):  # type: ignore[misc]
    """The head of a declared column: what it is called and how it sorts. Its cells are drawn by the declared column itself."""

    def __init__(self, column: Column, model: Any) -> None:
        fields = column.order_by
        super().__init__(
            accessor="pk",
            verbose_name=column.label(model),
            orderable=bool(fields),
            order_by=(*fields, "pk") if fields else None,
        )
        self.align = column.align or "text"


def table_of(screen: Declared, selection: Selection, request: HttpRequest) -> tables.Table:
    """The table of the selected rows, ordered as the address asks, not yet cut into pages."""
    heads = {column.name: _Head(column, screen.model) for column in screen.columns}
    table = type("ScreenTable", (tables.Table,), heads)(selection.rows, order_by_field="sort")
    tables.RequestConfig(request, paginate=False).configure(table)
    return table


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of the first ten thousand rows: nobody leafs further, and counting the rows of a province takes seconds.

    What lies beyond is found by a filter, by another order, or in the list's export.
    """

    @cached_property
    def counted(self) -> int:
        """How many rows there are, at most one more than are counted."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())

    @property
    def count(self) -> int:  # type: ignore[override]
        """The rows that can be leafed through."""
        return min(self.counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return self.counted > MOST_COUNTED


def cut(table: tables.Table, request: HttpRequest) -> None:
    """Cut the table into pages; an address beyond the last page shows the last."""
    asked = whole(request.GET.get("per", ""))
    table.paginator = Pages(table.data.data, asked if asked in SIZES else SIZES[0])
    table.page = table.paginator.get_page(request.GET.get("page"))


def lines(screen: Declared, table: tables.Table, look: Look, *, alone: bool = False) -> list[Line]:
    """The rows of the page with their cells, card parts and buttons; asks the database nothing.

    What columns give as ``html`` is safe already, so it is joined here as it is: asking of each cell again whether it is took
    longer than the rest of the page.
    """
    parts = card_parts(screen, alone)
    aligned = [(column.name, column.align or "text") for column in screen.columns]
    facts = [(column.name, escape(column.label(screen.model))) for column in parts.facts]
    ticked = [action for action in screen.actions if action.bulk]
    found = []
    for row in table.page.object_list:
        html: dict[str, Any] = {column.name: SafeString(column.html(row, look)) for column in screen.columns}
        url = screen.row_url(row)
        if url:
            html[parts.title.name] = _opening(url, html[parts.title.name])
        found.append(
            Line(
                url,
                SafeString("".join(f'<td class="cell-{align}">{html[name]}</td>' for name, align in aligned)),
                html[parts.title.name],
                html[parts.state.name] if parts.state else "",
                SafeString(
                    "".join(
                        f"<div><dt>{label}</dt><dd>{html[name]}</dd></div>"
                        for name, label in facts
                        if html[name] != EMPTY
                    )
                ),
                screen.buttons(row, look.viewer, on_list=True),
                _pick(screen.ref(row), html[parts.title.name])
                if screen.labelled or any(action.possible(row, look.viewer) for action in ticked)
                else SafeString(),
            )
        )
    return found


def _pick(ref: Any, title: str) -> SafeString:
    """The box that ticks the row, named after it."""
    return format_html(PICK, ref, gettext("Tick"), SafeString(strip_tags(title)))


def _opening(url: str, inner: Any) -> Any:
    """The title opens the row; a link of its own inside would be a link within a link, so it gives way."""
    plain = str(inner)
    if plain.startswith("<a "):
        plain = plain[plain.index(">") + 1 : -len("</a>")]
    return format_html('<a class="row-link" href="{}">{}</a>', url, SafeString(plain))
