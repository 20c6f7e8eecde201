"""One school's answer as its page shows it."""

from typing import Any

from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.models import Return
from houqin.flows.collect.queries.filling import KNOWN, Filled
from houqin.flows.collect.values import in_words, of_cell


def answer_of(row: Return, viewer: Viewer) -> dict[str, Any]:
    """The notice in the school's words, and the table line by line with what the office wants put right."""
    columns = list(row.collection.columns.all())
    lines: dict[int, dict[int, Filled]] = {}
    by_pk = {column.pk: column for column in columns}
    for cell in row.cells.all():
        column = by_pk[cell.column_id]
        words = in_words(column, of_cell(cell, column))
        source = KNOWN if cell.as_known else ""
        lines.setdefault(cell.line, {})[column.pk] = Filled(words, source, remark=cell.remark)
    empty = Filled(in_words(columns[0], None)) if columns else Filled()
    table = [[(column, line.get(column.pk, empty)) for column in columns] for _n, line in sorted(lines.items())]
    may = viewer.may("collect.answer", row.org.path)
    return {"notice": row.collection, "columns": columns, "table": table, "may_answer": may}
