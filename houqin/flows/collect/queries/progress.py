"""How far a notice is: who has read, who has answered, what the figures come to, and who is missing in them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from houqin.core.scope.viewer import Viewer
from houqin.flows.collect.models import ANSWERED, FIGURES, WAITING, Cell, Collection, CollectionColumn, Kind, Return
from houqin.flows.collect.values import in_words
from houqin.ui import formats


@dataclass
class ColumnSum:
    """What one column comes to: its sum over those who answered, the choices counted, and last time's sum."""

    column: CollectionColumn
    total: int = 0
    schools: int = 0
    rows: int = 0
    last: int | None = None
    counts: list[tuple[str, int]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The sum, or how often each was chosen."""
        if not self.rows:
            return formats.NOTHING
        if self.column.is_summed:
            return in_words(self.column, self.total)
        return "，".join(f"{word} {count}" for word, count in self.counts)

    @property
    def change(self) -> str:
        """The difference to last time, with its sign."""
        if self.last is None or not self.column.is_summed:
            return ""
        difference = self.total - self.last
        return f"{'+' if difference > 0 else ''}{in_words(self.column, difference)}"

    @property
    def last_words(self) -> str:
        """Last time's sum."""
        return "" if self.last is None else in_words(self.column, self.last)


@dataclass
class Progress:
    """Counts of the schools within reach, and the sums of those who answered."""

    asked: int = 0
    answered: int = 0
    taken: int = 0
    read: int = 0
    unread: int = 0
    back: int = 0
    late: int = 0
    wishes: int = 0
    sums: list[ColumnSum] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Schools whose figures are not in the sums."""
        return self.asked - self.answered


def returns_of(collection: Collection, viewer: Viewer, permission: str = "collect.view") -> QuerySet[Any]:
    """What schools within reach were asked by a notice."""
    rows: QuerySet[Any] = Return.objects.visible_to(viewer, permission).filter(collection=collection)
    return rows.select_related("org", "collection")


def progress_of(collection: Collection, viewer: Viewer) -> Progress:
    """The whole page in five queries, whatever the number of schools."""
    rows = Return.objects.visible_to(viewer).filter(collection=collection)
    states = Counter(dict(rows.values_list("state").annotate(count=Count("pk")).order_by()))
    more = rows.aggregate(
        late=Count("pk", filter=Q(state__in=WAITING, due_on__lt=viewer.today)),
        wishes=Count("pk", filter=Q(more_state=Return.More.ASKED)),
    )
    progress = Progress(
        asked=sum(states.values()), answered=sum(states[state] for state in ANSWERED), taken=states[Return.State.TAKEN],
        read=states[Return.State.READ], unread=states[Return.State.NEW], back=states[Return.State.BACK], **more,
    )  # fmt: skip
    columns = list(collection.columns.all())
    progress.sums = _sums(collection, columns, viewer)
    _compare(collection, progress.sums, viewer)
    return progress


def _cells(collection: Collection, viewer: Viewer) -> QuerySet[Any]:
    rows: QuerySet[Any] = Cell.objects.visible_to(viewer).filter(
        of__collection=collection, of__state__in=ANSWERED, column__kind__in=(*FIGURES, Kind.CHOICE)
    )
    return rows.order_by()


def _sums(collection: Collection, columns: list[CollectionColumn], viewer: Viewer) -> list[ColumnSum]:
    """One query: a line a column and, where one is chosen of several, a line a choice."""
    sums = {column.pk: ColumnSum(column) for column in columns if column.kind in (*FIGURES, Kind.CHOICE)}
    told = _cells(collection, viewer).values("column_id", "text").annotate(
        total=Sum("figure"), rows=Count("pk"), schools=Count("of", distinct=True)
    )  # fmt: skip
    for line in told:
        found = sums[line["column_id"]]
        found.total += line["total"] or 0
        found.rows += line["rows"]
        found.schools += line["schools"]
        if found.column.kind == Kind.CHOICE:
            found.counts.append((line["text"], line["rows"]))
        elif found.column.kind == Kind.YES_NO:
            yes, no = in_words(found.column, True), in_words(found.column, False)
            found.counts = [(yes, found.total), (no, found.rows - found.total)]
    return list(sums.values())


def _compare(collection: Collection, sums: list[ColumnSum], viewer: Viewer) -> None:
    """Last time's sums beside this time's, by the names of the columns."""
    if collection.copied_from_id is None:
        return
    cells = _cells(Collection(pk=collection.copied_from_id), viewer).filter(column__kind__in=FIGURES)
    last = {
        (line["column__label_key"], line["column__kind"], line["column__decimals"]): line["total"]
        for line in cells.values("column__label_key", "column__kind", "column__decimals").annotate(total=Sum("figure"))
    }
    for one in sums:
        one.last = last.get((one.column.label_key, one.column.kind, one.column.decimals))
