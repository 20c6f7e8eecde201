"""What stands in a school's table before anybody types: its own answer, what the system knows, what it said before."""

from dataclasses import dataclass, field

from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.known import Value, figures, known_values
from houqin.flows.collect.models import CollectionColumn, Return
from houqin.flows.collect.queries.earlier import said_before
from houqin.flows.collect.values import of_cell
from houqin.ui import formats


@dataclass
class Filled:
    """What stands in one cell, where it comes from, and what the office wants put right."""

    value: Value | None = None
    source: str = ""
    note: str = ""
    remark: str = ""


@dataclass
class Table:
    """A school's table, line by line, ready for its form."""

    row: Return
    columns: list[CollectionColumn]
    lines: list[dict[int, Filled]] = field(default_factory=list)

    @property
    def known(self) -> int:
        """How many cells stand there already."""
        return sum(one.value is not None for line in self.lines for one in line.values())


OWN, KNOWN, EARLIER = "own", "known", "earlier"


def table_of(row: Return, viewer: Viewer) -> Table:
    """The table as the school finds it. Its own answer stands above all; a fixed number of queries."""
    columns = list(row.collection.columns.all())
    table = Table(row, columns)
    own = _own(row, columns)
    if own:
        table.lines = own
        return table
    before = said_before(row, viewer)
    lines = 1 + max((line for told in before.values() for line in told), default=0)
    codes = {column.known for column in columns if column.known}
    known = known_values(codes, [row.org], viewer.today) if codes else {}
    named = figures()
    for line in range(lines):
        filled: dict[int, Filled] = {}
        for column in columns:
            value = known.get(column.known, {}).get(row.org_id)
            if value is not None and column.known in named:
                filled[column.pk] = Filled(value, KNOWN)
            elif line in before.get(column.pk, {}):
                said, earlier = before[column.pk][line]
                note = f"{earlier.collection.title} {formats.instant(earlier.collection.sent_at)[:10]}"
                filled[column.pk] = Filled(said, EARLIER, note)
            else:
                filled[column.pk] = Filled()
        table.lines.append(filled)
    return table


def _own(row: Return, columns: list[CollectionColumn]) -> list[dict[int, Filled]]:
    cells = list(row.cells.all())
    if not cells:
        return []
    by_pk = {column.pk: column for column in columns}
    lines: list[dict[int, Filled]] = [
        {column.pk: Filled() for column in columns} for _line in range(1 + max(cell.line for cell in cells))
    ]
    for cell in cells:
        source = KNOWN if cell.as_known else OWN
        lines[cell.line][cell.column_id] = Filled(of_cell(cell, by_pk[cell.column_id]), source, remark=cell.remark)
    return lines
