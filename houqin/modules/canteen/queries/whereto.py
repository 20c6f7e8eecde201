"""Where traced goods went besides meals: returned, written off, on the way, to a school out of reach, missing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.modules.canteen.models import EntryKind
from houqin.modules.canteen.queries.trace import Trace, TracedEntry
from houqin.ui import formats

WORDS = {
    "returned": gettext_lazy("returned to the supplier"),
    "exchanged": gettext_lazy("given back for exchange"),
    "written_off": gettext_lazy("written off"),
    "under_way": gettext_lazy("on the way to another school"),
    "sent": gettext_lazy("sent to a school beyond your reach"),
    "lost": gettext_lazy("missing on arrival"),
    "counted": gettext_lazy("missing when counted"),
}


@dataclass(frozen=True)
class Gone:
    """Grams of an entry that no store and no meal of the trace has; fewer than nothing when more was found."""

    entry: TracedEntry
    code: str
    grams: int

    @property
    def words(self) -> str:
        """What became of them."""
        return str(WORDS[self.code])


def gone(trace: Trace) -> list[Gone]:
    """Entry by entry; what a school within the trace received is not gone, but what was missing then is."""
    within = {row.lot.pk for row in trace.lots}
    return [row for entry in trace.entries for row in _of(entry, within) if row.grams]


def _of(row: TracedEntry, within: set[int]) -> Iterator[Gone]:
    if row.entry.kind != EntryKind.SENT:
        yield Gone(row, row.entry.kind, -row.entry.grams)
    elif row.arrival is None:
        yield Gone(row, "under_way", row.entry.weight)
    else:
        if row.arrival.lot_id not in within:
            yield Gone(row, "sent", row.arrival.grams)
        yield Gone(row, "lost", row.entry.weight - row.arrival.grams)


def gone_sentence(trace: Trace) -> str:
    """``5 kg returned to the supplier, 2 kg written off.`` Empty where nothing went elsewhere."""
    sums: dict[str, int] = defaultdict(int)
    for row in gone(trace):
        sums[row.code] += row.grams
    told = [f"{formats.weight(sums[code])} {words}" for code, words in WORDS.items() if sums[code]]
    return _("%(gone)s.") % {"gone": _(", ").join(told)} if told else ""
