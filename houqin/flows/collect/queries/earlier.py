"""What schools were asked before (PR-19: nothing is asked twice): the same figure, or a column of the same name and kind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.known import Value, known_values
from houqin.flows.collect.models import ANSWERED, Cell, Collection, CollectionColumn, Return
from houqin.flows.collect.policies import ASKED_WITHIN
from houqin.flows.collect.values import in_words, of_cell

SHOWN = 5


@dataclass
class Before:
    """One column that schools were asked before: by which notice, how many of them, and what they said."""

    column: CollectionColumn
    earlier: CollectionColumn
    schools: int
    answered: int
    examples: list[tuple[OrgUnit, str]] = field(default_factory=list)


def _sent_before(collection: Collection, viewer: Viewer) -> QuerySet[Any]:
    """The columns of notices sent within the policy's period before this one."""
    until = collection.sent_at or viewer.now
    since = until - timedelta(days=int(value_of(ASKED_WITHIN, collection.org)))
    rows: QuerySet[Any] = CollectionColumn.objects.filter(
        collection__sent_at__gte=since, collection__sent_at__lte=until, collection__several_rows=collection.several_rows
    )
    return rows.exclude(collection=collection).select_related("collection", "collection__org")


def same_meaning(columns: Iterable[CollectionColumn], candidates: QuerySet[Any]) -> list[tuple[Any, Any]]:
    """Each column with each earlier one that means the same: the same known figure, or the same name and kind."""
    mine = list(columns)
    codes, labels = {one.known for one in mine if one.known}, {one.label_key for one in mine}
    rows = list(candidates.filter(Q(known__in=codes) | Q(label_key__in=labels)).order_by("-collection__sent_at"))
    return [(column, earlier) for column in mine for earlier in rows if _means_the_same(column, earlier)]


def _means_the_same(column: CollectionColumn, earlier: CollectionColumn) -> bool:
    if (column.kind, column.decimals, column.unit) != (earlier.kind, earlier.decimals, earlier.unit):
        return False
    return (bool(column.known) and column.known == earlier.known) or column.label_key == earlier.label_key


def asked_before(collection: Collection, viewer: Viewer) -> list[Before]:
    """What the chosen schools would be asked again: only those count for which the system does not know the figure.

    Five queries, whatever the number of schools, and those of the known figures.
    """
    pairs = same_meaning(collection.columns.all(), _sent_before(collection, viewer))
    if not pairs:
        return []
    schools = {org.pk: org for org in collection.chosen.all()}
    filled = known_values([column.known for column, _e in pairs if column.known], list(schools.values()), viewer.today)
    asked: dict[int, set[int]] = defaultdict(set)
    earlier_ids = {earlier.collection_id for _c, earlier in pairs}
    told = Return.objects.filter(collection__in=earlier_ids, org__in=collection.chosen.all())
    for collection_id, org_id in told.values_list("collection_id", "org_id"):
        asked[collection_id].add(org_id)
    answers: dict[int, dict[int, Cell]] = defaultdict(dict)
    cells = Cell.objects.filter(
        column__in={earlier.pk for _c, earlier in pairs}, line=0, of__state__in=ANSWERED, of__org__in=collection.chosen.all()
    )  # fmt: skip
    for cell in cells.select_related("of"):
        answers[cell.column_id][cell.of.org_id] = cell
    found = []
    for column, earlier in pairs:
        again = asked[earlier.collection_id] - set(filled.get(column.known, ()))
        if again:
            known = {pk: cell for pk, cell in answers[earlier.pk].items() if pk in again}
            examples = [(schools[pk], in_words(earlier, of_cell(cell, earlier))) for pk, cell in known.items()]
            examples.sort(key=lambda one: one[0].path)
            found.append(Before(column, earlier, len(again), len(known), examples[:SHOWN]))
    return found


def said_before(row: Return, viewer: Viewer) -> dict[int, dict[int, tuple[Value, CollectionColumn]]]:
    """What the school itself answered last to each column: line → value and the column in which it stood. Two queries."""
    pairs = same_meaning(row.collection.columns.all(), _sent_before(row.collection, viewer))
    if not pairs:
        return {}
    cells = Cell.objects.filter(
        column__in={earlier.pk for _c, earlier in pairs}, of__org_id=row.org_id, of__state__in=ANSWERED
    )
    by_column: dict[int, dict[int, Cell]] = defaultdict(dict)
    for cell in cells:
        by_column[cell.column_id][cell.line] = cell
    found: dict[int, dict[int, tuple[Value, CollectionColumn]]] = {}
    for column, earlier in pairs:
        lines = by_column.get(earlier.pk)
        if lines and column.pk not in found:
            values = {line: of_cell(cell, earlier) for line, cell in lines.items()}
            found[column.pk] = {line: (value, earlier) for line, value in values.items() if value is not None}
    return found
